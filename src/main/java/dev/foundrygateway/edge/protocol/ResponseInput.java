package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.Trees;
import dev.foundrygateway.responses.ResponseIds;
import java.util.LinkedHashSet;
import java.util.Set;

/** Gathers the items of a Responses conversation: those of the response that it goes on from, and the request's own. */
final class ResponseInput {
    private final Earlier earlier;
    private final String response;
    private int number;

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
        for (JsonNode item : request.path("input")) {
            if (isReference(item)) {
                ResponseIds.responseOf(item.path("id").asText("")).ifPresent(ids::add);
            }
        }
        return ids;
    }

    /** All items, in order, each with an id; those of the request are as many as it has. */
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
        if (!input.given()) {
            throw input.wrong("is missing");
        }
        if (items.isEmpty() && input.elements().isEmpty()) {
            throw input.wrong("must have at least one item");
        }
        for (Place item : input.elements()) {
            item.object();
            items.add(isReference(item.value()) ? referred(item) : identified(item.object()));
        }
        return items;
    }

    /** Clients leave the type out where only the id is left. */
    private static boolean isReference(JsonNode item) {
        return item.path("type").asText("").equals("item_reference")
                || (!item.hasNonNull("type") && item.hasNonNull("id") && !item.hasNonNull("role"));
    }

    private ObjectNode referred(Place item) {
        String id = item.member("id").filledText();
        ObjectNode record = ResponseIds.responseOf(id).flatMap(earlier::find).orElseGet(Trees::object);
        for (JsonNode list :
                new JsonNode[] {record.path("input"), record.path("response").path("output")}) {
            for (JsonNode known : list) {
                if (known.path("id").asText("").equals(id) && known instanceof ObjectNode found) {
                    return found;
                }
            }
        }
        throw item.member("id").wrong("names an item of no response that is stored here; send the item itself");
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
                    case "reasoning" -> "rs";
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
