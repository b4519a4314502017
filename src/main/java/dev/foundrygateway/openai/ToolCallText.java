package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tool calls that the model wrote as text, as Foundry Local passes them on when it doesn't read them itself.
 *
 * @param calls the calls, in order
 * @param rest the text around them; empty if it is only whitespace
 * @see <a href="https://github.com/microsoft/foundry-local/issues/874">foundry-local 874</a>
 */
public record ToolCallText(List<ToolCall> calls, String rest) {
    /** What such text begins with. */
    public static final List<String> MARKERS = List.of("<tool_call>", "<|tool_call|>");

    private static final Pattern BLOCK =
            Pattern.compile("<(\\|?)tool_call\\1>(.*?)(?:<\\1/tool_call\\1>|$)", Pattern.DOTALL);

    /**
     * Reads the calls: in each block one object, or a list of them, with a name and with {@code arguments} or {@code parameters}.
     *
     * @param ids makes an id for each
     * @return empty if there is no block, or one that can't be read
     */
    public static Optional<ToolCallText> read(String text, Supplier<String> ids) {
        List<ToolCall> calls = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            if (!addCalls(calls, blocks.group(2), ids)) {
                return Optional.empty();
            }
        }
        if (calls.isEmpty()) {
            return Optional.empty();
        }
        String rest = BLOCK.matcher(text).replaceAll("");
        return Optional.of(new ToolCallText(List.copyOf(calls), rest.isBlank() ? "" : rest));
    }

    /**
     * Reads calls that a model wrote as bare JSON: one object or a list of them, each with the name of a known function and its arguments.
     *
     * @return empty if it is anything else
     */
    public static Optional<ToolCallText> bare(String json, Set<String> known, Supplier<String> ids) {
        List<ToolCall> calls = new ArrayList<>();
        if (!addCalls(calls, json, ids) || calls.isEmpty()) {
            return Optional.empty();
        }
        boolean all = calls.stream().allMatch(call -> known.contains(call.name()));
        return all ? Optional.of(new ToolCallText(List.copyOf(calls), "")) : Optional.empty();
    }

    private static boolean addCalls(List<ToolCall> calls, String json, Supplier<String> ids) {
        Optional<Json> read = Json.parse(json);
        if (read.isEmpty()) {
            return false;
        }
        Json block = read.get();
        for (Json one : block.isArray() ? block.elements() : List.of(block)) {
            // Some write OpenAI's own shape.
            Json call = one.get("function").isObject() ? one.get("function") : one;
            if (!call.get("name").isString()) {
                return false;
            }
            Json arguments = call.get(call.has("arguments") ? "arguments" : "parameters");
            String written = arguments.isString()
                    ? arguments.text()
                    : arguments.isMissing() ? "{}" : arguments.compact().toString();
            calls.add(new ToolCall(ids.get(), call.get("name").text(), written));
        }
        return true;
    }
}
