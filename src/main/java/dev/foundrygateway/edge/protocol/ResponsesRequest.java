package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.openai.json.Trees;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

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
    private final Set<String> custom = new HashSet<>();
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
     * @param before how many of them were there before this request
     * @param fileSearch whether the tool {@code file_search} is used
     * @param results whether its item shall hold the passages
     * @param custom the names of the custom tools, whose calls are told as such
     */
    record InChat(
            ObjectNode chat, ArrayNode input, int before, boolean fileSearch, boolean results, Set<String> custom) {}

    /** Translates a request. */
    static InChat of(ObjectNode request, Earlier earlier, AttachedFiles files, String id) {
        ResponsesRequest reading = new ResponsesRequest(new Place(request, ""));
        ResponseInput gathered = new ResponseInput(earlier, id);
        ArrayNode input = gathered.read(reading.root);
        reading.read(input, gathered.before(), files);
        return new InChat(reading.chat, input, gathered.before(), reading.fileSearch, reading.results, reading.custom);
    }

    private void read(ArrayNode input, int before, AttachedFiles files) {
        chat.put("model", root.member("model").filledText());
        ArrayNode messages = chat.putArray("messages");
        Place instructions = root.member("instructions");
        if (instructions.given() && !instructions.text().isEmpty()) {
            messages.addObject().put("role", "system").put("content", instructions.text());
        }
        ResponseItems items = new ResponseItems(messages, files);
        String earlier = root.member("conversation").given() ? "conversation" : "previous_response_id";
        for (int i = 0; i < input.size(); i++) {
            items.item(new Place(input.path(i), i < before ? earlier : "input[" + (i - before) + "]"));
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
            case "model", "instructions", "input", "previous_response_id", "conversation", "stream" -> {}
            case "max_output_tokens" -> chat.set("max_tokens", member.positive());
            case "temperature", "top_p", "presence_penalty", "frequency_penalty" ->
                chat.set(member.name(), member.number());
            case "parallel_tool_calls" -> chat.put("parallel_tool_calls", member.flag());
            case "user" -> chat.put("user", member.text());
            case "tools" -> tools(member);
            case "tool_choice" -> choice(member);
            case "text" -> text(member);
            case "reasoning" -> reasoning(member);
            case "gateway" -> chat.set("gateway", member.value());
            // Told back, and of no other effect.
            case "metadata", "client_metadata" -> member.object();
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
                    chat.put("logprobs", true).set("top_logprobs", member.value());
                }
            }
            // Hints about caches, tiers and abuse change no answer.
            case "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention" -> member.text();
            case "stream_options" -> member.only(Set.of("include_obfuscation"));
            // The reply tells whether it is needed.
            case "truncation" -> {
                if (!Set.of("auto", "disabled").contains(member.text())) {
                    throw member.wrong("must be auto or disabled");
                }
            }
            case "prompt_cache_options" -> member.object();
            case "context_management" -> {
                if (!member.elements().isEmpty()) {
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
            case "message.output_text.logprobs" -> chat.put("logprobs", true);
            // No thought is sealed here: it stands in the reasoning item. The others are parts of items that there are
            // none of, or that are there anyway.
            case "reasoning.encrypted_content",
                    "message.input_image.image_url",
                    "web_search_call.results",
                    "web_search_call.action.sources",
                    "code_interpreter_call.outputs",
                    "computer_call_output.output.image_url" -> {}
            default -> throw each.untranslatable();
        }
    }

    private void tools(Place member) {
        ArrayNode tools = Trees.array();
        boolean none = root.member("tool_choice").value().asText().equals("none");
        Set<String> allowed = allowed();
        for (Place tool : member.elements()) {
            if (!allowed.isEmpty() && !allowed.contains(key(tool))) {
                continue;
            }
            switch (tool.member("type").text()) {
                case "function" -> function(tool.only(FUNCTION), tools);
                case "custom" -> {
                    CustomTools.function(tool.only(CustomTools.MEMBERS), tool.member("format"), tools);
                    custom.add(tool.member("name").text());
                }
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

    /** The tools that tool_choice leaves; empty where it leaves all. */
    private Set<String> allowed() {
        Place choice = root.member("tool_choice");
        if (!choice.value().path("type").asText().equals("allowed_tools")) {
            return Set.of();
        }
        Set<String> offered = root.member("tools").elements().stream()
                .map(ResponsesRequest::key)
                .collect(Collectors.toSet());
        Set<String> allowed = new HashSet<>();
        for (Place tool : choice.member("tools").elements()) {
            if (!offered.contains(key(tool))) {
                throw tool.wrong("is not among the tools");
            }
            allowed.add(key(tool));
        }
        if (allowed.isEmpty()) {
            throw choice.member("tools").wrong("must have at least one tool");
        }
        return allowed;
    }

    private static String key(Place tool) {
        return tool.value().path("type").asText() + " "
                + tool.value().path("name").asText();
    }

    /** The members come in any order, hence a look at the tools. */
    private boolean searches() {
        Set<String> allowed = allowed();
        return root.member("tools").elements().stream()
                .filter(tool -> allowed.isEmpty() || allowed.contains(key(tool)))
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
            case "function", "custom" ->
                chat.putObject("tool_choice")
                        .put("type", "function")
                        .putObject("function")
                        .put(
                                "name",
                                member.only(Set.of("type", "name"))
                                        .member("name")
                                        .filledText());
            case "allowed_tools" -> {
                Place asked = member.only(Set.of("type", "mode", "tools")).member("mode");
                String mode = asked.given() ? asked.text() : "auto";
                if (!Set.of("auto", "required").contains(mode)) {
                    throw asked.wrong("must be auto or required");
                }
                allowed();
                chat.put("tool_choice", searches() ? "auto" : mode);
            }
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
