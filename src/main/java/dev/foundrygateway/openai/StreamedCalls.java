package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The tool calls of one streamed choice, mended piece by piece for clients that put them together by their index: each call has an index and an id of its own, arguments that are text, and
 * the name of a function that there is where one is meant. Pieces that are right stay as they came. Not thread-safe.
 */
public final class StreamedCalls {
    /** Pieces of further calls pass as they came. */
    private static final int MAX_CALLS = 1_000;

    private final Set<String> known;
    private final Supplier<String> ids;
    private final List<Call> calls = new ArrayList<>();

    /**
     * For one choice.
     *
     * @param known the functions that the model is offered
     * @param ids makes an id
     */
    public StreamedCalls(Set<String> known, Supplier<String> ids) {
        this.known = known;
        this.ids = ids;
    }

    /**
     * A call as it has begun.
     *
     * @param came the index and id that the server gives it; -1 and empty for none
     * @param id the id that it has
     * @param name its function as the server names it; empty until it does
     * @param arguments as far as they have come, and are worth looking at
     */
    private record Call(long came, String cameId, String id, String name, StringBuilder arguments) {}

    /** Mends the pieces of the next chunk. */
    public void mend(ReplyDocument chunk) {
        Set<Integer> touched = new HashSet<>();
        Json came = chunk.toolCalls();
        for (Json piece : came.isObject() ? List.of(came) : came.elements()) {
            if (piece.isObject()) {
                mend(piece, touched);
            }
        }
    }

    private void mend(Json piece, Set<Integer> touched) {
        long index = piece.get("index").count(-1);
        String id = piece.get("id").text();
        Json body = GatheredCalls.body(piece);
        String name = body.get("name").text();
        String more = GatheredCalls.written(body);
        int at = find(index, id, name, more, touched);
        if (at < 0) {
            if (calls.size() >= MAX_CALLS) {
                return;
            }
            at = calls.size();
            boolean doubled = id.isEmpty() || calls.stream().anyMatch(other -> other.id.equals(id));
            calls.add(new Call(index, id, doubled ? ids.get() : id, name, new StringBuilder()));
            if (doubled) {
                piece.set("id", calls.get(at).id);
            }
        } else if (!id.isEmpty() && !id.equals(calls.get(at).id)) {
            piece.set("id", calls.get(at).id);
        }
        touched.add(at);
        Call call = calls.get(at);
        Json arguments = body.get("arguments");
        boolean again = more.contentEquals(call.arguments);
        if ((arguments.isObject() || arguments.isArray()) && (again || call.arguments.isEmpty())) {
            // They are to be text. Those that are not come whole each time.
            more = again ? "" : more;
            body.set("arguments", more);
        }
        if (call.arguments.length() <= GatheredCalls.MAX_WHOLE) {
            call.arguments.append(more);
        }
        if (call.name.isEmpty() && !name.isEmpty()) {
            calls.set(at, new Call(call.came, call.cameId, call.id, name, call.arguments));
        }
        if (index != at) {
            piece.set("index", at);
        }
        if (!name.isEmpty() && piece.has("function")) {
            new ToolCall(id, name, "")
                    .meant(known)
                    .filter(meant -> !meant.equals(name))
                    .ifPresent(meant -> piece.object("function").set("name", meant));
        }
    }

    /** The call to which a piece belongs; -1 if it begins one. */
    private int find(long index, String id, String name, String more, Set<Integer> touched) {
        boolean begins = !id.isEmpty() && !name.isEmpty();
        for (int i = calls.size() - 1; i >= 0; i--) {
            Call call = calls.get(i);
            boolean sameId = id.isEmpty() || call.cameId.isEmpty() || call.cameId.equals(id);
            // A call is known by its index; where all have the same, by another id together with a name.
            if (index < 0
                    ? !begins || (!id.isEmpty() && call.cameId.equals(id))
                    : call.came == index && (sameId || !begins)) {
                return beginsAnother(call, id, name, more, touched.contains(i)) ? -1 : i;
            }
        }
        return -1;
    }

    /** As where calls are gathered: a name begins another call where the same list has named this one, by another id, or after arguments that are whole. */
    private static boolean beginsAnother(Call call, String id, String name, String more, boolean touched) {
        if (name.isEmpty() || call.name.isEmpty()) {
            return false;
        }
        if (touched) {
            return true;
        }
        if (!id.isEmpty() && !call.cameId.isEmpty()) {
            return !id.equals(call.cameId) && !name.equals(call.name);
        }
        return GatheredCalls.whole(call.arguments) && !(name.equals(call.name) && more.isEmpty());
    }
}
