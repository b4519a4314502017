package dev.foundrygateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Several plain chat answers to the same request as one answer with several choices. */
public final class MergedChoices {
    private static final List<String> COUNTS = List.of("prompt_tokens", "completion_tokens", "total_tokens");

    private MergedChoices() {}

    /**
     * The answers as one: the first one's members, all choices numbered anew, the counts of tokens summed, since each answer cost its own.
     *
     * @param answers plain chat answers, at least one
     * @throws IllegalArgumentException when one of them is no JSON object
     */
    public static Frame of(List<Frame> answers) {
        ObjectNode merged = parse(answers.get(0).bytes());
        ArrayNode choices = merged.withArray("/choices");
        ObjectNode usage =
                merged.path("usage") instanceof ObjectNode counts ? counts : ChunkEdit.MAPPER.createObjectNode();
        for (Frame answer : answers.subList(1, answers.size())) {
            ObjectNode other = parse(answer.bytes());
            for (JsonNode choice : other.path("choices")) {
                if (choice instanceof ObjectNode object) {
                    choices.add(object.put("index", choices.size()));
                }
            }
            for (String count : COUNTS) {
                usage.put(
                        count,
                        usage.path(count).asLong(0)
                                + other.path("usage").path(count).asLong(0));
            }
        }
        Frame frame = PlainReply.frame(Buffer.buffer(merged.toString()));
        boolean measured = answers.stream()
                .flatMap(answer -> answer.events().stream())
                .allMatch(event -> event.usage().known());
        return measured
                ? frame
                : new Frame(
                        frame.bytes(),
                        frame.events().stream().map(StreamEvent::withoutUsage).toList());
    }

    private static ObjectNode parse(Buffer json) {
        return ChunkEdit.parse(json.toString(StandardCharsets.UTF_8))
                .orElseThrow(() -> new IllegalArgumentException("an answer is no JSON object"));
    }
}
