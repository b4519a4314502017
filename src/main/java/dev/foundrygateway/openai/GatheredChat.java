package dev.foundrygateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Gathers the chunks of a streamed chat answer into the plain answer that the same server would have given: texts and tool calls joined, everything else as
 * it was said last. Not thread-safe.
 */
public final class GatheredChat {
    private static final Set<String> OWN = Set.of("choices", "object");

    private final boolean saysRefusal;
    private final ObjectNode root = ChunkEdit.MAPPER.createObjectNode();
    private final Map<Integer, GatheredChoice> choices = new TreeMap<>();
    private boolean usageEstimated;

    /**
     * Nothing gathered yet.
     *
     * @param saysRefusal whether the server's plain answers say {@code "refusal":null}, which its chunks leave out
     */
    public GatheredChat(boolean saysRefusal) {
        this.saysRefusal = saysRefusal;
    }

    /** Takes the next chunk. */
    public void add(ChunkEdit chunk) {
        for (Map.Entry<String, JsonNode> member : chunk.root().properties()) {
            if (!OWN.contains(member.getKey()) && !(member.getValue().isNull() && root.has(member.getKey()))) {
                root.set(member.getKey(), member.getValue());
            }
        }
        usageEstimated |= chunk.usageEstimated();
        for (JsonNode choice : chunk.root().path("choices")) {
            choices.computeIfAbsent(choice.path("index").asInt(0), index -> new GatheredChoice())
                    .add(choice);
        }
    }

    /** Whether output has come. */
    public boolean hasOutput() {
        return choices.values().stream().anyMatch(GatheredChoice::hasOutput);
    }

    /** The plain answer, with what it means. */
    public Frame answer() {
        root.put("object", "chat.completion");
        var array = root.putArray("choices");
        choices.values().forEach(choice -> array.add(choice.plain(saysRefusal)));
        Frame frame = PlainReply.frame(Buffer.buffer(root.toString()));
        if (!usageEstimated) {
            return frame;
        }
        return new Frame(
                frame.bytes(),
                frame.events().stream().map(StreamEvent::withoutUsage).toList());
    }
}
