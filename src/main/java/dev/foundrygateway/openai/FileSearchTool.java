package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * OpenAI's hosted tool {@code file_search} in a chat request's {@code tools}: the gateway answers it itself, so that it never reaches the upstream.
 *
 * @param vectorStoreIds the stores to search
 * @param maxResults how many passages at most; empty if unset
 * @param filters the attribute filter as JSON; empty if none
 * @param ranking how the passages are ranked
 * @see <a href="https://platform.openai.com/docs/guides/tools-file-search">File search</a>
 */
public record FileSearchTool(
        List<String> vectorStoreIds, OptionalInt maxResults, String filters, RankingOptions ranking) {
    private static final String TYPE = "file_search";
    private static final String TOOLS = "tools";

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
        for (Json tool : parse(tools.get()).elements()) {
            if (isFileSearch(tool)) {
                return Optional.of(read(tool));
            }
        }
        return Optional.empty();
    }

    /** Whether a request has the tool, as OpenAI describes it or not. */
    public static boolean isIn(ChatRequest request) {
        return request.member(TOOLS)
                .filter(text -> text.contains(TYPE))
                .filter(tools -> parse(tools).elements().stream().anyMatch(FileSearchTool::isFileSearch))
                .isPresent();
    }

    /** The request without the tool: without {@code tools}, too, if there is no other, and without the choices that would then be invalid. */
    public static ChatRequest removeFrom(ChatRequest request) {
        Json kept = Json.array();
        parse(request.member(TOOLS).orElse("[]")).elements().stream()
                .filter(tool -> !isFileSearch(tool))
                .forEach(kept::add);
        ChatRequest edited = kept.isEmpty()
                ? request.withoutMember(TOOLS).withoutMember("parallel_tool_calls")
                : request.withMember(TOOLS, kept.toString());
        boolean choiceGone = kept.isEmpty()
                || edited.member("tool_choice")
                        .filter(choice -> choice.contains(TYPE) && chooses(parse(choice)))
                        .isPresent();
        return choiceGone ? edited.withoutMember("tool_choice") : edited;
    }

    /** By its type, alone or among the tools that are allowed: a function may have such a name. */
    private static boolean chooses(Json choice) {
        return choice.text().equals(TYPE)
                || isFileSearch(choice)
                || Stream.of(choice, choice.get("allowed_tools"))
                        .flatMap(allowed -> allowed.get("tools").elements().stream())
                        .anyMatch(FileSearchTool::isFileSearch);
    }

    private static boolean isFileSearch(Json tool) {
        return tool.get("type").text().equals(TYPE);
    }

    private static FileSearchTool read(Json tool) {
        // The Assistants API nests the options, the Responses API doesn't.
        Json options = tool.get(TYPE).isObject() ? tool.get(TYPE) : tool;
        List<String> ids = new ArrayList<>();
        options.get("vector_store_ids").elements().forEach(id -> ids.add(id.text()));
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("tools[].vector_store_ids must name at least one vector store");
        }
        Json max = options.get("max_num_results");
        boolean unset = max.isMissing() || max.isNull();
        long most = max.count(0);
        if (!unset && (most < 1 || most > 50)) {
            throw new IllegalArgumentException("tools[].max_num_results must be a whole number from 1 to 50");
        }
        Json filters = options.get("filters");
        return new FileSearchTool(
                List.copyOf(ids),
                unset ? OptionalInt.empty() : OptionalInt.of((int) most),
                filters.isObject() && !filters.isEmpty() ? filters.toString() : "",
                RankingOptions.of(options.get("ranking_options"), "tools[].ranking_options"));
    }

    private static Json parse(String json) {
        return Json.of(json);
    }
}
