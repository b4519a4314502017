package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import io.vertx.core.buffer.Buffer;
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
        Json merged = parse(answers.get(0).bytes());
        Json choices = merged.array("choices");
        Json usage = merged.get("usage").isObject() ? merged.get("usage") : Json.object();
        for (Frame answer : answers.subList(1, answers.size())) {
            Json other = parse(answer.bytes());
            for (Json choice : other.get("choices").elements()) {
                if (choice.isObject()) {
                    choices.add(choice.set("index", choices.size()));
                }
            }
            addCounts(usage, other.get("usage"));
        }
        Frame frame = PlainReply.frame(merged.buffer());
        boolean measured = answers.stream()
                .flatMap(answer -> answer.events().stream())
                .allMatch(event -> event.usage().known());
        return measured
                ? frame
                : new Frame(
                        frame.bytes(),
                        frame.events().stream().map(StreamEvent::withoutUsage).toList());
    }

    /** Adds the counts of one {@code usage} object to those of another. */
    static void addCounts(Json usage, Json other) {
        for (String count : COUNTS) {
            usage.set(count, usage.get(count).count(0) + other.get(count).count(0));
        }
    }

    /** Sets the counts of one {@code usage} object to those of another. */
    static void setCounts(Json usage, Json other) {
        COUNTS.forEach(count -> usage.set(count, other.get(count).count(0)));
    }

    private static Json parse(Buffer json) {
        return Json.parse(json)
                .filter(Json::isObject)
                .orElseThrow(() -> new IllegalArgumentException("an answer is not a JSON object"));
    }
}
