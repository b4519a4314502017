package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tool calls of one choice, put together from their pieces however the server numbers them: by index, by id, by neither, or all with index 0. A piece
 * goes to the call of its index, unless it shows that it begins another: by another id together with a name, or by a name after arguments that are whole.
 */
final class GatheredCalls {
    private static final int NO_INDEX = -1;

    private final List<Call> calls = new ArrayList<>();

    /** What the server has said of a call so far; the same tells here and where calls are streamed on which piece begins another. */
    static class Begun {
        final StringBuilder name = new StringBuilder();
        final StringBuilder arguments = new StringBuilder();
        String id = "";

        /** Whether its arguments are one JSON value, to which nothing can be added. */
        boolean whole() {
            return arguments.length() > 0
                    && arguments.length() <= MAX_WHOLE
                    && Json.parse(arguments.toString()).isPresent();
        }

        /**
         * Whether a piece that could belong to this call begins another: by another id, or as a second one of the same list, or after arguments that are whole,
         * each together with a name.
         *
         * @param touched whether the same list has a piece of this call before it
         */
        boolean isOver(String pieceId, String pieceName, Json function, boolean touched) {
            boolean sameId = !pieceId.isEmpty() && pieceId.equals(id);
            if (pieceName.isEmpty() || name.isEmpty() || (sameId && !touched)) {
                return false;
            }
            if (!sameId && (touched || (!pieceId.isEmpty() && !id.isEmpty()))) {
                return true;
            }
            // A server that says the name in every piece sends no further arguments once they are whole.
            return whole()
                    && !(pieceName.contentEquals(name) && written(function).isEmpty());
        }
    }

    private static final class Call extends Begun {
        private final Json members = Json.object();
        private final Json function = Json.object();
        private String kind = "function";
        private int index = NO_INDEX;
        private int order;
    }

    /** Longer arguments than these, in characters, are not read anew with each piece to see whether they are whole. */
    static final int MAX_WHOLE = 65_536;

    /** Each piece is compared with the calls before it. Models make a handful at once. */
    private static final int MAX_CALLS = 1_000;

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** Takes the {@code tool_calls} of the next chunk; null and an empty list say nothing. */
    void add(Json pieces) {
        List<Json> all = pieces.isObject() ? List.of(pieces) : pieces.elements();
        List<Call> touched = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).isObject()) {
                Call call = callOf(all.get(i), i, all.size(), touched);
                touched.add(call);
                take(call, all.get(i));
            }
        }
    }

    private Call callOf(Json piece, int position, int pieces, List<Call> touched) {
        int index = index(piece);
        String id = piece.get("id").text();
        Json function = body(piece);
        String name = function.get("name").text();
        Call found = find(index, id, name, position, pieces);
        if (found == null || found.isOver(id, name, function, touched.contains(found))) {
            if (calls.size() >= MAX_CALLS) {
                throw new IllegalStateException("an answer has more than " + MAX_CALLS + " tool calls");
            }
            found = new Call();
            found.index = index;
            found.order = index == NO_INDEX ? calls.size() : index;
            calls.add(found);
        }
        return found;
    }

    private @Nullable Call find(int index, String id, String name, int position, int pieces) {
        for (int i = calls.size() - 1; i >= 0 && !id.isEmpty(); i--) {
            Call call = calls.get(i);
            // Some give all calls the same id: then the index tells them apart.
            if (call.id.equals(id) && (name.isEmpty() || index == NO_INDEX || call.index == index)) {
                return call;
            }
        }
        if (index == NO_INDEX) {
            if (!id.isEmpty() && !name.isEmpty()) {
                return null;
            }
            if (pieces > 1 && name.isEmpty()) {
                return position < calls.size() ? calls.get(position) : null;
            }
            return calls.isEmpty() ? null : calls.get(calls.size() - 1);
        }
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (calls.get(i).index == index) {
                return calls.get(i);
            }
        }
        return null;
    }

    private static void take(Call call, Json piece) {
        piece.members((name, value) -> {
            if (name.equals("function") || name.equals("custom")) {
                call.kind = name;
                addName(call.name, value.get("name").text());
                addArguments(call, value);
                value.members((inner, what) -> {
                    if (!inner.equals("name") && !inner.equals("arguments") && !inner.equals("input")) {
                        setUnlessForgotten(call.function, inner, what);
                    }
                });
            } else if (name.equals("id")) {
                call.id = call.id.isEmpty() ? value.text() : call.id;
            } else if (!name.equals("index")
                    && !value.isNull()
                    && !(value.isString() && value.text().isEmpty())) {
                setUnlessForgotten(call.members, name, value);
            }
        });
    }

    /** A name comes whole, again in every piece, growing, or in parts. */
    static void addName(StringBuilder name, String more) {
        if (more.length() > name.length() && more.startsWith(name.toString())) {
            name.setLength(0);
            name.append(more);
        } else if (!more.contentEquals(name)) {
            name.append(more);
        }
    }

    private static void addArguments(Call call, Json function) {
        Json arguments = function.get(function.has("input") ? "input" : "arguments");
        String more = written(function);
        boolean again = more.length() > 1 && more.contentEquals(call.arguments) && call.whole();
        if (arguments.isObject() || arguments.isArray()) {
            // Arguments that are no text come whole each time.
            call.arguments.setLength(0);
            call.arguments.append(more);
        } else if (!again) {
            call.arguments.append(more);
        }
    }

    static String written(Json function) {
        Json arguments = function.get(function.has("input") ? "input" : "arguments");
        return arguments.isString()
                ? arguments.text()
                : arguments.isNull() ? "" : arguments.compact().toString();
    }

    static Json body(Json piece) {
        return piece.get(piece.has("custom") ? "custom" : "function");
    }

    private static int index(Json piece) {
        return (int) piece.get("index").count(NO_INDEX);
    }

    private static void setUnlessForgotten(Json target, String name, Json value) {
        if (!value.isNull() || !target.has(name)) {
            target.set(name, value.copy());
        }
    }

    /** The arguments of each call as far as they have come, in the calls' order of coming. */
    List<String> arguments() {
        return calls.stream().map(call -> call.arguments.toString()).toList();
    }

    /** The calls as a plain answer has them, in the order of their indexes. */
    Json plain() {
        Json all = Json.array();
        calls.stream().sorted(Comparator.comparingInt(call -> call.order)).forEach(call -> {
            Json plain = Json.object();
            if (!call.id.isEmpty()) {
                plain.set("id", call.id);
            }
            plain.set("type", call.kind);
            call.members.members(plain::set);
            Json body = Json.object().set("name", call.name.toString());
            body.set(call.kind.equals("custom") ? "input" : "arguments", call.arguments.toString());
            call.function.members(body::set);
            all.add(plain.set(call.kind, body));
        });
        return all;
    }
}
