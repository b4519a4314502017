package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.Usage;
import java.util.List;
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
    /** As many as OpenAI's {@code n} may ask for. */
    private static final int MAX_CHOICES = 128;

    private final Json root = Json.object();
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

    /**
     * Takes the next chunk, or a whole plain answer.
     *
     * @throws IllegalStateException when there are more choices, or tool calls in one, than any client could have asked for
     */
    public void add(ReplyDocument chunk) {
        chunk.root().members((name, value) -> {
            boolean nothing =
                    value.isNull() || (name.equals("usage") && chunk.usage().equals(Usage.NONE));
            if (!OWN.contains(name) && !(nothing && root.has(name))) {
                root.set(name, value.copy());
            }
        });
        usageEstimated |= chunk.usageEstimated();
        List<Json> all = chunk.root().get("choices").elements();
        for (int i = 0; i < all.size(); i++) {
            int index = (int) all.get(i).get("index").count(i);
            if (choices.size() >= MAX_CHOICES && !choices.containsKey(index)) {
                throw new IllegalStateException("an answer has more than " + MAX_CHOICES + " choices");
            }
            choices.computeIfAbsent(index, ignored -> new GatheredChoice()).add(all.get(i));
        }
    }

    public boolean hasChoice() {
        return !choices.isEmpty();
    }

    public boolean hasOutput() {
        return choices.values().stream().anyMatch(GatheredChoice::hasOutput);
    }

    /** The plain answer, with what it means. */
    public Frame answer() {
        root.set("object", "chat.completion");
        Json array = Json.array();
        choices.values().forEach(choice -> array.add(choice.plain(saysRefusal)));
        root.set("choices", array);
        Frame frame = PlainReply.frame(root.buffer());
        if (!usageEstimated) {
            return frame;
        }
        return new Frame(
                frame.bytes(),
                frame.events().stream().map(StreamEvent::withoutUsage).toList());
    }
}
