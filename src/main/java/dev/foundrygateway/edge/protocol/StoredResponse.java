package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.Trees;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A response that was kept, as its routes answer. */
public final class StoredResponse {
    private static final int PAGE = 20;
    private static final int MOST = 100;

    private final ObjectNode record;

    private StoredResponse(ObjectNode record) {
        this.record = record;
    }

    /** Reads a record. */
    public static StoredResponse read(String record) {
        return new StoredResponse(Trees.object(record)
                .orElseThrow(() -> new GatewayException(
                        ErrorCode.INTERNAL_ERROR, "the stored response is damaged; ask for it anew")));
    }

    /** The answer to a {@code DELETE}. */
    public static Buffer deleted(String id) {
        return Trees.bytes(
                Trees.object().put("id", id).put("object", "response").put("deleted", true));
    }

    /** The response itself. */
    public Buffer response() {
        return Trees.bytes(record.path("response"));
    }

    /**
     * One page of the items that the response was asked with.
     *
     * @param limit how many; empty for 20
     * @param order {@code asc} from the first, {@code desc} from the last; empty for the latter
     * @param after the id behind which the page begins; empty for the beginning
     */
    public Buffer inputItems(String limit, String order, String after) {
        return page(record.path("input"), limit, order, after);
    }

    /** One page of a list of items, as {@link #inputItems} says it. */
    static Buffer page(JsonNode all, String limit, String order, String after) {
        int most = limit.isEmpty() ? PAGE : limit.matches("[0-9]{1,3}") ? Integer.parseInt(limit) : 0;
        if (most < 1 || most > MOST) {
            throw wrong("limit must be a whole number from 1 to " + MOST, "limit");
        }
        if (!order.isEmpty() && !order.equals("asc") && !order.equals("desc")) {
            throw wrong("order must be asc or desc", "order");
        }
        List<JsonNode> items = new ArrayList<>();
        all.forEach(items::add);
        if (!order.equals("asc")) {
            Collections.reverse(items);
        }
        int from = 0;
        if (!after.isEmpty()) {
            Optional<JsonNode> last = items.stream()
                    .filter(item -> item.path("id").asText("").equals(after))
                    .findFirst();
            from = 1 + items.indexOf(last.orElseThrow(() -> wrong("after must be the id of an item", "after")));
        }
        int to = Math.min(items.size(), from + most);
        ObjectNode page = Trees.object().put("object", "list");
        ArrayNode data = page.putArray("data");
        items.subList(from, to).forEach(data::add);
        page.set("first_id", data.isEmpty() ? page.nullNode() : data.path(0).path("id"));
        page.set(
                "last_id",
                data.isEmpty() ? page.nullNode() : data.path(data.size() - 1).path("id"));
        return Trees.bytes(page.put("has_more", to < items.size()));
    }

    private static GatewayException wrong(String rule, String parameter) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, rule, parameter);
    }
}
