package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.Trees;
import dev.foundrygateway.responses.ResponseIds;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gathers the items of a Responses request: those of its conversation or of the response that it goes on from, and its own. */
final class ResponseInput {
    /** Of so many stored responses a request may have items. */
    private static final int MOST_REFERRED = 256;

    private final Map<String, Map<String, ObjectNode>> referred = new HashMap<>();
    private final Earlier earlier;
    private final String response;
    private int number;
    private int before;

    /**
     * For a response.
     *
     * @param response its id, from which its items' are made
     */
    ResponseInput(Earlier earlier, String response) {
        this.earlier = earlier;
        this.response = response;
    }

    /** The ids of responses of ours that a request builds on, known or not. */
    static Set<String> references(ObjectNode request) {
        Set<String> ids = new LinkedHashSet<>();
        String previous = request.path("previous_response_id").asText("");
        if (ResponseIds.ours(previous)) {
            ids.add(previous);
        }
        String conversation = StoredConversation.of(request);
        if (ResponseIds.conversation(conversation)) {
            ids.add(conversation);
        }
        for (JsonNode item : request.path("input")) {
            if (isReference(item)) {
                ResponseIds.responseOf(item.path("id").asText("")).ifPresent(ids::add);
            }
            if (ids.size() > MOST_REFERRED) {
                throw new GatewayException(
                        ErrorCode.INVALID_REQUEST,
                        "input has items of more than " + MOST_REFERRED
                                + " stored responses; send the items themselves",
                        "input");
            }
        }
        return ids;
    }

    /** How many of the items were there before the request. */
    int before() {
        return before;
    }

    /** All items, in order, each with an id; those of the request come last. */
    ArrayNode read(Place request) {
        ArrayNode items = Trees.array();
        Place previous = request.member("previous_response_id");
        if (previous.given()) {
            ObjectNode record = earlier.find(previous.text())
                    .orElseThrow(() -> new GatewayException(
                            ErrorCode.PREVIOUS_RESPONSE_NOT_FOUND,
                            "previous_response_id names a response that is not stored here; send the whole"
                                    + " conversation as input",
                            "previous_response_id"));
            record.path("input").forEach(items::add);
            record.path("response").path("output").forEach(items::add);
        }
        conversation(request).ifPresent(record -> record.path("items").forEach(items::add));
        before = items.size();
        Place input = request.member("input");
        if (input.value().isTextual()) {
            ObjectNode message = Trees.object().put("type", "message").put("role", "user");
            message.putArray("content")
                    .addObject()
                    .put("type", "input_text")
                    .put("text", input.value().textValue());
            items.add(identified(message));
            return items;
        }
        if (items.isEmpty() && input.elements().isEmpty()) {
            throw input.wrong(input.given() ? "must have at least one item" : "is missing");
        }
        for (Place item : input.elements()) {
            item.object();
            items.add(isReference(item.value()) ? referred(item) : identified(item.object()));
        }
        return items;
    }

    private Optional<ObjectNode> conversation(Place request) {
        Place conversation = request.member("conversation");
        if (!conversation.given()) {
            return Optional.empty();
        }
        if (request.member("previous_response_id").given()) {
            throw conversation.wrong("and previous_response_id can't both be given");
        }
        Place id = conversation.value().isTextual()
                ? conversation
                : conversation.only(Set.of("id")).member("id");
        return Optional.of(earlier.find(id.filledText())
                .orElseThrow(() -> new GatewayException(
                        ErrorCode.INVALID_REQUEST,
                        "conversation names a conversation that is not stored here; begin one with POST /v1/conversations",
                        "conversation")));
    }

    /** Clients leave the type out where only the id is left. */
    private static boolean isReference(JsonNode item) {
        return item.path("type").asText("").equals("item_reference")
                || (!item.hasNonNull("type") && item.hasNonNull("id") && !item.hasNonNull("role"));
    }

    private ObjectNode referred(Place item) {
        Place at = item.member("id");
        String id = at.filledText();
        return ResponseIds.responseOf(id)
                .map(of -> referred.computeIfAbsent(of, this::items))
                .flatMap(all -> Optional.ofNullable(all.remove(id)))
                .orElseThrow(() -> at.wrong("names an item that is not stored here, or one that is named twice;"
                        + " send the item itself"));
    }

    /** A stored response's items by their ids. Each is given out once: an item that is named a thousand times would make a thousand of it. */
    private Map<String, ObjectNode> items(String of) {
        ObjectNode record = earlier.find(of).orElseGet(Trees::object);
        Map<String, ObjectNode> all = new HashMap<>();
        for (JsonNode list :
                List.of(record.path("input"), record.path("response").path("output"))) {
            for (JsonNode one : list) {
                if (one instanceof ObjectNode item) {
                    all.putIfAbsent(item.path("id").asText(""), item);
                }
            }
        }
        return all;
    }

    /** Those items, each with an id. */
    ArrayNode identified(List<Place> own) {
        ArrayNode items = Trees.array();
        own.forEach(item -> items.add(identified(item.object())));
        return items;
    }

    private ObjectNode identified(ObjectNode item) {
        int index = number++;
        if (item.hasNonNull("id")) {
            return item;
        }
        String type = item.hasNonNull("type") ? item.path("type").asText() : "message";
        String prefix =
                switch (type) {
                    case "function_call" -> "fc";
                    case "function_call_output" -> "fco";
                    case "custom_tool_call" -> "ctc";
                    case "custom_tool_call_output" -> "cto";
                    case "reasoning" -> "rs";
                    case "compaction" -> "cmp";
                    default -> "msg";
                };
        ObjectNode whole = item.deepCopy();
        if (type.equals("message")) {
            whole.put("type", "message");
            if (whole.path("content").isTextual()) {
                String text = whole.path("content").textValue();
                boolean said = whole.path("role").asText("").equals("assistant");
                whole.putArray("content")
                        .addObject()
                        .put("type", said ? "output_text" : "input_text")
                        .put("text", text);
            }
        }
        return whole.put("id", ResponseIds.input(prefix, response, index));
    }
}
