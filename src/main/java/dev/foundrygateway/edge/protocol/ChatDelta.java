package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.json.Trees;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What one chunk of a chat answer, or a whole one, says of its first choice.
 *
 * @param id the answer's id; empty if it has none
 * @param model who answers; empty if it doesn't say
 * @param created when, in seconds; zero if it doesn't say
 * @param reasoning more of what the model thought
 * @param text more of the answer
 * @param refusal more of a refusal
 * @param tools pieces of tool calls
 * @param finishReason why it ended; empty while it hasn't
 * @param stopString the stop sequence at which it ended, where the server tells (vLLM); empty else
 * @param logprobs the probabilities of its text's tokens; missing if none
 * @param usage the counts of tokens; missing if none
 * @param annotations OpenAI's annotation objects; missing if none
 * @param gateway the {@code gateway} object; missing if none
 */
record ChatDelta(
        String id,
        String model,
        long created,
        String reasoning,
        String text,
        String refusal,
        List<ToolDelta> tools,
        String finishReason,
        String stopString,
        JsonNode logprobs,
        JsonNode usage,
        JsonNode annotations,
        JsonNode gateway) {
    private static final JsonNode MISSING = MissingNode.getInstance();

    /** A chunk that says nothing. */
    static final ChatDelta NOTHING =
            new ChatDelta("", "", 0, "", "", "", List.of(), "", "", MISSING, MISSING, MISSING, MISSING);

    /** One event of a stream; empty if its data is no JSON object. */
    static Optional<ChatDelta> of(Frame frame, StreamEvent event) {
        String text = frame.bytes().getString(event.from(), event.to(), StandardCharsets.UTF_8.name());
        String data = text.lines()
                .filter(line -> line.startsWith("data:"))
                .map(line -> line.substring("data:".length()))
                .collect(Collectors.joining("\n"));
        return Trees.object(data).map(root -> read(root, "delta"));
    }

    /** A whole answer; empty if it has no choice with a message. */
    static Optional<ChatDelta> whole(ObjectNode answer) {
        return answer.path("choices").path(0).path("message").isObject()
                ? Optional.of(read(answer, "message"))
                : Optional.empty();
    }

    private static ChatDelta read(ObjectNode root, String member) {
        JsonNode choice = root.path("choices").path(0);
        JsonNode output = choice.path(member);
        String reasoning = text(output.path("reasoning_content"));
        return new ChatDelta(
                root.path("id").asText(""),
                root.path("model").asText(""),
                root.path("created").asLong(0),
                reasoning.isEmpty() ? text(output.path("reasoning")) : reasoning,
                text(output.path("content")),
                text(output.path("refusal")),
                tools(output),
                text(choice.path("finish_reason")),
                text(choice.path("stop_reason")),
                choice.path("logprobs").path("content"),
                root.path("usage").isObject() ? root.path("usage") : MISSING,
                output.path("annotations"),
                root.path("gateway"));
    }

    private static List<ToolDelta> tools(JsonNode output) {
        List<ToolDelta> tools = new ArrayList<>();
        for (JsonNode call : output.path("tool_calls")) {
            JsonNode function = call.path("function");
            tools.add(new ToolDelta(
                    call.path("index").isInt() ? call.path("index").intValue() : tools.size(),
                    text(call.path("id")),
                    text(function.path("name")),
                    arguments(function.path("arguments"))));
        }
        JsonNode older = output.path("function_call");
        if (older.isObject()) {
            tools.add(new ToolDelta(0, "", text(older.path("name")), arguments(older.path("arguments"))));
        }
        return tools;
    }

    /** Some servers give an object where OpenAI gives its text. */
    private static String arguments(JsonNode arguments) {
        return arguments.isObject() ? arguments.toString() : text(arguments);
    }

    /** A string, or the texts of a list of parts. */
    private static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.isTextual() ? content.textValue() : "";
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }
}
