package dev.foundrygateway.openai.sse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.openai.sse.StreamEvent.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The slow and plain way to do what {@link EventScanner} does: the whole stream at once, split as text and parsed by Jackson. */
final class ReferenceEvents {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Set<String> OUTPUT =
            Set.of("content", "reasoning_content", "reasoning", "refusal", "tool_calls", "function_call");

    private ReferenceEvents() {}

    /** The events of a stream, without places; what follows the last blank line is left out. */
    static List<StreamEvent> of(String stream) {
        String text = (stream.startsWith("\ufeff") ? stream.substring(1) : stream);
        if (text.endsWith("\r")) {
            // Half of a CRLF, for all we know.
            text = text.substring(0, text.length() - 1);
        }
        List<StreamEvent> events = new ArrayList<>();
        List<String> data = new ArrayList<>();
        String lines = text.replace("\r\n", "\n").replace('\r', '\n');
        for (int p = 0, end; (end = lines.indexOf('\n', p)) >= 0; p = end + 1) {
            String line = lines.substring(p, end);
            if (line.isEmpty()) {
                events.add(event(data));
                data.clear();
            } else if (line.equals("data")) {
                data.add("");
            } else if (line.startsWith("data:")) {
                data.add(line.startsWith("data: ") ? line.substring(6) : line.substring(5));
            }
        }
        return events;
    }

    /** The events of a frame without their places, and without what the raw text of their content begins with, to be compared. */
    static List<StreamEvent> withoutPlaces(List<StreamEvent> events) {
        return events.stream()
                .map(e -> new StreamEvent(
                        e.kind(),
                        e.output() == Output.MARKED ? Output.ANSWER : e.output(),
                        e.finishReason(),
                        e.usage(),
                        e.choices(),
                        0,
                        0))
                .collect(Collectors.toList());
    }

    private static StreamEvent event(List<String> data) {
        if (data.isEmpty()) {
            return of(Kind.COMMENT);
        }
        String text = String.join("\n", data);
        if (text.matches(" *\\[DONE] *")) {
            return of(Kind.DONE);
        }
        try {
            JsonNode json = MAPPER.readTree(text);
            return json.isObject() ? chunk(json) : of(Kind.OTHER);
        } catch (JsonProcessingException e) {
            return of(Kind.OTHER);
        }
    }

    private static StreamEvent chunk(JsonNode json) {
        String type = string(json, "type");
        boolean answer = type.startsWith("response.")
                && !type.startsWith("response.reasoning")
                && type.endsWith(".delta")
                && !string(json, "delta").isEmpty();
        boolean thinking = type.startsWith("response.reasoning")
                && type.endsWith(".delta")
                && !string(json, "delta").isEmpty();
        String finish = type.equals("response.completed") ? "stop" : type.equals("response.incomplete") ? "length" : "";
        JsonNode choices = json.path("choices").isArray() ? json.path("choices") : MAPPER.createArrayNode();
        for (JsonNode choice : choices) {
            answer |= !string(choice, "text").isEmpty();
            for (String member : OUTPUT) {
                JsonNode output = choice.path("delta").path(member);
                boolean filled = output.isTextual() ? !output.textValue().isEmpty() : !output.isEmpty();
                answer |= filled && !member.startsWith("reasoning");
                thinking |= filled && member.startsWith("reasoning");
            }
            finish = finish.isEmpty() ? string(choice, "finish_reason") : finish;
        }
        JsonNode usage = json.path("usage").isObject()
                ? json.path("usage")
                : json.path("response").path("usage");
        long read = Math.max(
                usage.path("prompt_tokens").asLong(0),
                usage.path("input_tokens").asLong(0));
        long written = Math.max(
                usage.path("completion_tokens").asLong(0),
                usage.path("output_tokens").asLong(0));
        Usage counts = new Usage(
                read == 0 && written == 0 ? usage.path("total_tokens").asLong(0) : read,
                written,
                detail(usage, "prompt_tokens_details", "input_tokens_details", "cached_tokens"),
                detail(usage, "completion_tokens_details", "output_tokens_details", "reasoning_tokens"));
        boolean complaint = json.path("object").asText().equals("error")
                || (json.path("message").isTextual()
                        && !json.path("message").asText().isEmpty())
                || !string(json, "detail").isEmpty()
                || !json.path("detail").isEmpty();
        boolean error = json.hasNonNull("error")
                || type.equals("error")
                || type.equals("response.failed")
                || (complaint && !json.has("choices") && !type.startsWith("response."));
        return new StreamEvent(
                error ? Kind.ERROR : Kind.CHUNK,
                answer ? Output.ANSWER : thinking ? Output.THINKING : Output.NONE,
                finish,
                counts,
                StreamSupport.stream(choices.spliterator(), false).anyMatch(JsonNode::isObject),
                0,
                0);
    }

    private static long detail(JsonNode usage, String name, String other, String count) {
        return Math.max(
                usage.path(name).path(count).asLong(0),
                usage.path(other).path(count).asLong(0));
    }

    private static String string(JsonNode object, String member) {
        return object.path(member).isTextual() ? object.path(member).textValue() : "";
    }

    private static StreamEvent of(Kind kind) {
        return new StreamEvent(kind, Output.NONE, "", Usage.NONE, false, 0, 0);
    }
}
