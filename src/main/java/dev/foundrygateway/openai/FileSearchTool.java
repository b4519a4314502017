package dev.foundrygateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * OpenAI's hosted tool {@code file_search} in a chat request's {@code tools}: the gateway answers it itself, so that it never reaches the upstream.
 *
 * @param vectorStoreIds the stores to search
 * @param maxResults how many passages at most; empty if unset
 * @param filters the attribute filter as JSON; empty if none
 * @param scoreThreshold the least score of a passage; empty if unset
 * @see <a href="https://platform.openai.com/docs/guides/tools-file-search">File search</a>
 */
public record FileSearchTool(
        List<String> vectorStoreIds, OptionalInt maxResults, String filters, OptionalDouble scoreThreshold) {
    private static final String TYPE = "file_search";
    private static final String TOOLS = "tools";
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /**
     * The tool of a request; empty if it has none, which costs one look at the bytes.
     *
     * @throws IllegalArgumentException when it is not as OpenAI describes it; the message names the field
     */
    public static Optional<FileSearchTool> of(ChatRequest request) {
        Optional<String> tools = request.member(TOOLS).filter(text -> text.contains(TYPE));
        if (tools.isEmpty()) {
            return Optional.empty();
        }
        for (JsonNode tool : parse(tools.get())) {
            if (isFileSearch(tool)) {
                return Optional.of(read(tool));
            }
        }
        return Optional.empty();
    }

    /** The request without the tool: without {@code tools}, too, if there is no other, and without the choices that would then be invalid. */
    public static ChatRequest removeFrom(ChatRequest request) {
        ArrayNode kept = MAPPER.createArrayNode();
        parse(request.member(TOOLS).orElse("[]")).forEach(tool -> {
            if (!isFileSearch(tool)) {
                kept.add(tool);
            }
        });
        ChatRequest edited = kept.isEmpty()
                ? request.withoutMember(TOOLS).withoutMember("parallel_tool_calls")
                : request.withMember(TOOLS, kept.toString());
        boolean choiceGone =
                kept.isEmpty() || edited.member("tool_choice").orElse("").contains(TYPE);
        return choiceGone ? edited.withoutMember("tool_choice") : edited;
    }

    private static boolean isFileSearch(JsonNode tool) {
        return tool.path("type").asText("").equals(TYPE);
    }

    private static FileSearchTool read(JsonNode tool) {
        // The Assistants API nests the options, the Responses API doesn't.
        JsonNode options = tool.path(TYPE).isObject() ? tool.path(TYPE) : tool;
        List<String> ids = new ArrayList<>();
        options.path("vector_store_ids").forEach(id -> ids.add(id.asText("")));
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("tools[].vector_store_ids must name at least one vector store");
        }
        JsonNode max = options.path("max_num_results");
        if (!max.isMissingNode() && (!max.isIntegralNumber() || max.intValue() < 1 || max.intValue() > 50)) {
            throw new IllegalArgumentException("tools[].max_num_results must be a whole number from 1 to 50");
        }
        JsonNode filters = options.path("filters");
        JsonNode threshold = options.path("ranking_options").path("score_threshold");
        return new FileSearchTool(
                List.copyOf(ids),
                max.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(max.intValue()),
                filters.isObject() ? filters.toString() : "",
                threshold.isNumber() ? OptionalDouble.of(threshold.doubleValue()) : OptionalDouble.empty());
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("tools is no valid JSON", e);
        }
    }
}
