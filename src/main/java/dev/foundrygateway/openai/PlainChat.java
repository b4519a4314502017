package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** A plain chat answer taken apart into the chunks of a streamed one, so that one set of repairs serves both. */
public final class PlainChat {
    /** As many as OpenAI's {@code n} may ask for; those of further choices pass as they came. */
    public static final int MAX_CHOICES = 128;

    private PlainChat() {}

    /**
     * The chunks: for each choice one with all its output and one with its finish reason, then the counts if there are any.
     *
     * @return empty if the text is no chat answer
     */
    public static List<ReplyDocument> chunks(Buffer json) {
        List<ReplyDocument> chunks = new ArrayList<>();
        Json.parse(json).filter(root -> root.get("choices").isArray()).ifPresent(root -> split(root, chunks));
        return chunks;
    }

    /** One chunk for each choice, the counts with the last; the very chunk where there are not several, or too many. */
    public static List<ReplyDocument> apart(ReplyDocument chunk) {
        List<Json> choices = chunk.root().get("choices").elements();
        if (choices.size() < 2 || choices.size() > MAX_CHOICES) {
            return List.of(chunk);
        }
        Json shared = chunk.root().copy();
        shared.remove("choices", "usage");
        List<ReplyDocument> all = new ArrayList<>(choices.size());
        for (int i = 0; i < choices.size(); i++) {
            Json choice = choices.get(i).copy();
            if (choice.isObject() && !choice.has("index")) {
                choice.set("index", i);
            }
            all.add(chunk(shared, choice));
        }
        if (chunk.root().has("usage")) {
            all.get(all.size() - 1)
                    .root()
                    .set("usage", chunk.root().get("usage").copy());
        }
        return all;
    }

    private static void split(Json root, List<ReplyDocument> chunks) {
        Json shared = root.copy();
        shared.remove("choices", "usage");
        shared.set("object", "chat.completion.chunk");
        for (Json choice : root.get("choices").elements()) {
            if (choice.isObject()) {
                Json output = choice.copy();
                // Foundry Local 0.x and 1.x say the same twice: as message and as delta.
                Json message = output.get("message");
                if (output.remove("message")) {
                    output.set("delta", numbered(message));
                }
                output.setNull("finish_reason");
                chunks.add(chunk(shared, output));
                Json reason = choice.get("finish_reason");
                if (reason.isString()) {
                    Json end = Json.object()
                            .set("index", choice.get("index").count(0))
                            .set("delta", Json.object())
                            .set("finish_reason", reason);
                    chunks.add(chunk(shared, end));
                }
            }
        }
        if (root.get("usage").isObject()) {
            Json counts = shared.copy().set("choices", Json.array()).set("usage", root.get("usage"));
            chunks.add(new ReplyDocument(counts));
        }
    }

    private static ReplyDocument chunk(Json shared, Json choice) {
        Json chunk = shared.copy().set("choices", Json.array());
        chunk.get("choices").add(choice);
        return new ReplyDocument(chunk);
    }

    /** In a stream tool calls have an index. */
    private static Json numbered(Json message) {
        List<Json> calls = message.get("tool_calls").elements();
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).isObject() && !calls.get(i).has("index")) {
                calls.get(i).set("index", i);
            }
        }
        return message;
    }
}
