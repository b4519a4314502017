package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.Source;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.json.Trees;
import dev.foundrygateway.responses.ResponseIds;
import java.util.List;
import java.util.Map;

/** The parts of a response object. Pure. */
final class ResponseDocument {
    private static final List<String> TOLD_BACK = List.of(
            "instructions",
            "max_output_tokens",
            "max_tool_calls",
            "previous_response_id",
            "prompt_cache_key",
            "safety_identifier",
            "user");
    /** What is told of those that weren't asked for: OpenAI's own. */
    private static final List<Map.Entry<String, Double>> NUMBERS = List.of(
            Map.entry("temperature", 1.0),
            Map.entry("top_p", 1.0),
            Map.entry("presence_penalty", 0.0),
            Map.entry("frequency_penalty", 0.0));

    private ResponseDocument() {}

    /** A response that is under way: what was asked, and no output yet. */
    static ObjectNode begun(ObjectNode asked, String id, String model, boolean kept) {
        ObjectNode response = Trees.object()
                .put("id", id)
                .put("object", "response")
                .put("created_at", ResponseIds.millis(id) / 1_000)
                .put("status", "in_progress")
                .put("background", false);
        response.putNull("completed_at").putNull("error").putNull("incomplete_details");
        response.put("model", model);
        response.putArray("output");
        for (String name : TOLD_BACK) {
            response.set(name, asked.hasNonNull(name) ? asked.path(name) : asked.nullNode());
        }
        for (Map.Entry<String, Double> number : NUMBERS) {
            String name = number.getKey();
            response.set(name, asked.hasNonNull(name) ? asked.path(name) : asked.numberNode(number.getValue()));
        }
        response.put("parallel_tool_calls", asked.path("parallel_tool_calls").asBoolean(true));
        ObjectNode reasoning = response.putObject("reasoning");
        JsonNode effort = asked.path("reasoning").path("effort");
        reasoning.set("effort", effort.isTextual() ? effort : asked.nullNode());
        reasoning.putNull("summary");
        response.put("service_tier", "default").put("store", kept);
        ObjectNode text = response.putObject("text");
        if (asked.path("text") instanceof ObjectNode given) {
            text.setAll(given);
        }
        if (!text.hasNonNull("format")) {
            text.putObject("format").put("type", "text");
        }
        response.set(
                "tool_choice", asked.hasNonNull("tool_choice") ? asked.path("tool_choice") : asked.textNode("auto"));
        response.set("tools", tools(asked.path("tools")));
        response.put("top_logprobs", asked.path("top_logprobs").asInt(0))
                .put("truncation", asked.path("truncation").asText("disabled"));
        String conversation = StoredConversation.of(asked);
        if (!conversation.isEmpty()) {
            response.putObject("conversation").put("id", conversation);
        }
        response.putNull("usage");
        response.set("metadata", asked.path("metadata").isObject() ? asked.path("metadata") : asked.objectNode());
        return response;
    }

    /** As they were asked; a function has all of its members. */
    private static ArrayNode tools(JsonNode asked) {
        ArrayNode tools = Trees.array();
        for (JsonNode one : asked) {
            ObjectNode tool = tools.addObject();
            one.fieldNames().forEachRemaining(name -> tool.set(name, one.path(name)));
            for (String name : List.of("description", "parameters", "strict")) {
                if (one.path("type").asText().equals("function") && !one.has(name)) {
                    tool.putNull(name);
                }
            }
        }
        return tools;
    }

    /** Why an answer is not whole; empty if it is. */
    static String cut(String finishReason) {
        return switch (finishReason) {
            case "length" -> "max_output_tokens";
            case "content_filter" -> "content_filter";
            default -> "";
        };
    }

    static void ended(ObjectNode response, String cut, JsonNode usage, JsonNode gateway, long seconds) {
        response.put("status", cut.isEmpty() ? "completed" : "incomplete");
        if (cut.isEmpty()) {
            response.put("completed_at", seconds);
        } else {
            response.putObject("incomplete_details").put("reason", cut);
        }
        response.set("usage", usage(usage));
        if (gateway.isObject()) {
            response.set("gateway", gateway);
        }
    }

    /** The counts, zero where the server told none: clients take no {@code null} here. */
    static ObjectNode usage(JsonNode chat) {
        long in = chat.path("prompt_tokens").asLong(0);
        long out = chat.path("completion_tokens").asLong(0);
        ObjectNode counts = Trees.object().put("input_tokens", in);
        counts.putObject("input_tokens_details")
                .put(
                        "cached_tokens",
                        chat.path("prompt_tokens_details").path("cached_tokens").asLong(0));
        counts.put("output_tokens", out)
                .putObject("output_tokens_details")
                .put(
                        "reasoning_tokens",
                        chat.path("completion_tokens_details")
                                .path("reasoning_tokens")
                                .asLong(0));
        return counts.put("total_tokens", in + out);
    }

    static void failed(ObjectNode response, ErrorBody error) {
        response.put("status", "failed");
        response.putObject("error")
                .put("code", error.code().isEmpty() ? "server_error" : error.code())
                .put("message", error.message());
    }

    /** The item of a search: done, or under way. */
    static ObjectNode fileSearch(String id, List<String> searched, List<Source> found, boolean results, boolean done) {
        ObjectNode item = Trees.object()
                .put("id", id)
                .put("type", "file_search_call")
                .put("status", done ? "completed" : "in_progress");
        ArrayNode queries = item.putArray("queries");
        searched.stream().filter(query -> !query.isBlank()).forEach(queries::add);
        if (!results || !done) {
            return item.putNull("results");
        }
        ArrayNode list = item.putArray("results");
        for (Source source : found) {
            ObjectNode result = list.addObject()
                    .put("file_id", source.fileId())
                    .put("filename", source.filename())
                    .put("score", source.score())
                    .put("text", source.text());
            result.set("attributes", Trees.of(source.attributes()));
        }
        return item;
    }

    static ObjectNode message(String id, String status, ArrayNode content) {
        ObjectNode item = Trees.object()
                .put("id", id)
                .put("type", "message")
                .put("status", status)
                .put("role", "assistant");
        item.set("content", content);
        return item;
    }

    static ObjectNode reasoning(String id, String status, ArrayNode content) {
        ObjectNode item = Trees.object().put("id", id).put("type", "reasoning").put("status", status);
        item.putArray("summary");
        item.set("content", content);
        return item;
    }

    static ObjectNode call(String id, String status, String callId, String name, String arguments) {
        return Trees.object()
                .put("id", id)
                .put("type", "function_call")
                .put("status", status)
                .put("call_id", callId)
                .put("name", name)
                .put("arguments", arguments);
    }

    static ObjectNode customCall(String id, String status, String callId, String name, String input) {
        return Trees.object()
                .put("id", id)
                .put("type", "custom_tool_call")
                .put("status", status)
                .put("call_id", callId)
                .put("name", name)
                .put("input", input);
    }

    static ObjectNode text(String text, ArrayNode annotations, ArrayNode logprobs) {
        ObjectNode part = Trees.object().put("type", "output_text").put("text", text);
        part.set("annotations", annotations);
        part.set("logprobs", logprobs);
        return part;
    }

    static ObjectNode refusal(String text) {
        return Trees.object().put("type", "refusal").put("refusal", text);
    }

    static ObjectNode thought(String text) {
        return Trees.object().put("type", "reasoning_text").put("text", text);
    }

    /** A chat's annotations: a place in a file is a file's citation, and any other a page's. */
    static ArrayNode annotations(JsonNode chat, List<Source> sources) {
        ArrayNode annotations = Trees.array();
        for (JsonNode annotation : chat) {
            JsonNode cited = annotation.path("url_citation");
            if (!(cited instanceof ObjectNode place)) {
                continue;
            }
            String url = place.path("url").asText("");
            ObjectNode own = annotations.addObject();
            sources.stream()
                    .filter(source -> !source.fileId().isEmpty() && source.citedAs(url))
                    .findFirst()
                    .ifPresentOrElse(
                            source -> own.put("type", "file_citation")
                                    .put("index", place.path("end_index").asInt(0))
                                    .put("file_id", source.fileId())
                                    .put("filename", source.filename()),
                            () -> own.put("type", "url_citation").setAll(place));
        }
        return annotations;
    }
}
