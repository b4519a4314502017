package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
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

    /** Whether a frame has a piece of a tool call, in any choice. */
    public static boolean in(Frame frame) {
        return frame.events().stream()
                .filter(StreamEvent::answer)
                .flatMap(event -> ReplyDocument.of(frame, event).stream())
                .flatMap(document -> document.root().get("choices").elements().stream())
                .anyMatch(choice -> !choice.get("delta").get("tool_calls").isEmpty());
    }

    private static final class Call extends GatheredCalls.Begun {
        /** The index that the server gives it; -1 for none. */
        private final long index;
        /** The id that the client gets. */
        private final String given;

        Call(long index, String given) {
            this.index = index;
            this.given = given;
        }
    }

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
        int at = find(index, id, name, body, touched);
        if (at < 0) {
            if (calls.size() >= MAX_CALLS) {
                return;
            }
            at = calls.size();
            boolean doubled = id.isEmpty() || calls.stream().anyMatch(other -> other.given.equals(id));
            calls.add(new Call(index, doubled ? ids.get() : id));
            if (doubled) {
                piece.set("id", calls.get(at).given);
            }
        } else if (!id.isEmpty() && !id.equals(calls.get(at).given)) {
            piece.set("id", calls.get(at).given);
        }
        touched.add(at);
        Call call = calls.get(at);
        call.id = call.id.isEmpty() ? id : call.id;
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
        if (call.name.length() <= GatheredCalls.MAX_WHOLE) {
            GatheredCalls.addName(call.name, name);
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
    private int find(long index, String id, String name, Json body, Set<Integer> touched) {
        boolean begins = !id.isEmpty() && !name.isEmpty();
        for (int i = calls.size() - 1; i >= 0; i--) {
            Call call = calls.get(i);
            boolean sameId = id.isEmpty() || call.id.isEmpty() || call.id.equals(id);
            // A call is known by its index; where all have the same, by another id together with a name.
            if (index < 0 ? !begins || call.id.equals(id) : call.index == index && (sameId || !begins)) {
                return call.isOver(id, name, body, touched.contains(i)) ? -1 : i;
            }
        }
        return -1;
    }
}
