package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.json.Trees;
import java.util.Set;

/**
 * Reads a Responses request into a chat request. A member without a counterpart is refused by its name, but for those that change no answer.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses/create">OpenAI, create a response</a>
 */
final class ResponsesRequest {
    private static final Set<String> FUNCTION = Set.of("type", "name", "description", "parameters", "strict");
    private static final Set<String> FILE_SEARCH =
            Set.of("type", "vector_store_ids", "max_num_results", "filters", "ranking_options");
    /** Asks for the passages in the item of the search. */
    private static final String RESULTS = "file_search_call.results";

    private final Place root;
    private final ObjectNode chat = Trees.object();
    private boolean fileSearch;
    private boolean results;

    private ResponsesRequest(Place root) {
        this.root = root;
    }

    /**
     * A request in chat's words.
     *
     * @param chat the chat request
     * @param input the items of the conversation up to here, each with its id
     * @param fileSearch whether the tool {@code file_search} is used
     * @param results whether its item shall hold the passages
     */
    record InChat(ObjectNode chat, ArrayNode input, boolean fileSearch, boolean results) {}

    /** Translates a request. */
    static InChat of(ObjectNode request, Earlier earlier, String id) {
        ResponsesRequest reading = new ResponsesRequest(new Place(request, ""));
        ArrayNode input = new ResponseInput(earlier, id).read(reading.root);
        reading.read(input);
        return new InChat(reading.chat, input, reading.fileSearch, reading.results);
    }

    private void read(ArrayNode input) {
        chat.put("model", root.member("model").filledText());
        ArrayNode messages = chat.putArray("messages");
        Place instructions = root.member("instructions");
        if (instructions.given() && !instructions.text().isEmpty()) {
            messages.addObject().put("role", "system").put("content", instructions.text());
        }
        ResponseItems items = new ResponseItems(messages);
        // Those of this request come last, and are named by their place in it.
        int before = input.size()
                - (root.value().path("input").isArray()
                        ? root.value().path("input").size()
                        : 1);
        for (int i = 0; i < input.size(); i++) {
            items.item(new Place(input.path(i), i < before ? "previous_response_id" : "input[" + (i - before) + "]"));
        }
        items.end();
        root.members().forEach(this::take);
        if (root.member("stream").flag()) {
            chat.put("stream", true);
            chat.putObject("stream_options").put("include_usage", true);
        }
    }

    private void take(Place member) {
        switch (member.name()) {
            case "model", "instructions", "input", "previous_response_id", "stream" -> {}
            case "max_output_tokens" -> chat.set("max_tokens", member.positive());
            case "temperature", "top_p" -> chat.set(member.name(), member.number());
            case "parallel_tool_calls" -> chat.put("parallel_tool_calls", member.flag());
            case "user" -> chat.put("user", member.text());
            case "tools" -> tools(member);
            case "tool_choice" -> choice(member);
            case "text" -> text(member);
            case "reasoning" -> reasoning(member);
            case "gateway" -> chat.set("gateway", member.value());
            // Told back, and of no other effect.
            case "metadata" -> member.object();
            case "store" -> member.flag();
            case "background" -> {
                if (member.flag()) {
                    throw member.untranslatable();
                }
            }
            // The gateway searches once.
            case "max_tool_calls" -> member.positive();
            case "top_logprobs" -> {
                if (member.number().asLong() != 0) {
                    throw member.untranslatable();
                }
            }
            // Hints about caches, tiers and abuse change no answer.
            case "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention" -> member.text();
            case "stream_options" -> member.only(Set.of("include_obfuscation"));
            case "truncation" -> {
                if (!member.text().equals("disabled")) {
                    throw member.untranslatable();
                }
            }
            case "include" -> member.elements().forEach(this::include);
            default -> throw member.untranslatable();
        }
    }

    private void include(Place each) {
        switch (each.text()) {
            case RESULTS -> results = true;
            // No thought is sealed here: it stands in the reasoning item.
            case "reasoning.encrypted_content" -> {}
            default -> throw each.untranslatable();
        }
    }

    private void tools(Place member) {
        ArrayNode tools = Trees.array();
        boolean none = root.member("tool_choice").value().asText().equals("none");
        for (Place tool : member.elements()) {
            switch (tool.member("type").text()) {
                case "function" -> function(tool.only(FUNCTION), tools);
                case "file_search" -> {
                    if (fileSearch) {
                        throw tool.wrong("is a second file_search; name all stores in one");
                    }
                    fileSearch = !none;
                    if (fileSearch) {
                        tools.add(tool.only(FILE_SEARCH).value());
                    }
                }
                default -> throw tool.member("type").untranslatable();
            }
        }
        if (!tools.isEmpty()) {
            chat.set("tools", tools);
        }
    }

    private static void function(Place tool, ArrayNode tools) {
        ObjectNode function = tools.addObject().put("type", "function").putObject("function");
        function.put("name", tool.member("name").filledText());
        if (tool.member("description").given()) {
            function.put("description", tool.member("description").text());
        }
        if (tool.member("parameters").given()) {
            function.set("parameters", tool.member("parameters").object());
        }
        if (tool.member("strict").given()) {
            function.put("strict", tool.member("strict").flag());
        }
    }

    /** The members come in any order, hence a look at the tools. */
    private boolean searches() {
        return root.member("tools").elements().stream()
                .anyMatch(tool -> tool.member("type").text().equals("file_search"));
    }

    private void choice(Place member) {
        if (member.value().isTextual()) {
            if (!Set.of("auto", "none", "required").contains(member.text())) {
                throw member.wrong("must be auto, none, required or an object");
            }
            // A search is the tool that was required; the model may do without another.
            chat.put("tool_choice", member.text().equals("required") && searches() ? "auto" : member.text());
            return;
        }
        member.object();
        switch (member.member("type").text()) {
            case "function" ->
                chat.putObject("tool_choice")
                        .put("type", "function")
                        .putObject("function")
                        .put(
                                "name",
                                member.only(Set.of("type", "name"))
                                        .member("name")
                                        .filledText());
            case "file_search" -> {
                if (!searches()) {
                    throw member.wrong("is file_search, which is not among the tools");
                }
                chat.put("tool_choice", "auto");
            }
            default -> throw member.member("type").untranslatable();
        }
    }

    private void text(Place member) {
        Place verbosity = member.only(Set.of("format", "verbosity")).member("verbosity");
        if (verbosity.given()) {
            chat.put("verbosity", verbosity.text());
        }
        Place format = member.member("format");
        if (!format.given()) {
            return;
        }
        switch (format.member("type").text()) {
            case "text" -> {}
            case "json_object" -> chat.putObject("response_format").put("type", "json_object");
            case "json_schema" -> {
                format.only(Set.of("type", "name", "description", "schema", "strict"));
                ObjectNode schema = chat.putObject("response_format")
                        .put("type", "json_schema")
                        .putObject("json_schema");
                schema.put("name", format.member("name").filledText());
                if (format.member("description").given()) {
                    schema.put("description", format.member("description").text());
                }
                if (format.member("strict").given()) {
                    schema.put("strict", format.member("strict").flag());
                }
                schema.set("schema", format.member("schema").object());
            }
            default -> throw format.member("type").untranslatable();
        }
    }

    /** A summary is made by no server here: the thought itself stands in the reasoning item. */
    private void reasoning(Place member) {
        Place effort =
                member.only(Set.of("effort", "summary", "generate_summary")).member("effort");
        if (effort.given()) {
            chat.put("reasoning_effort", effort.text());
        }
    }
}
