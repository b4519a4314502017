package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.Trees;
import dev.foundrygateway.responses.ResponseIds;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A conversation that is kept: its object and its items. A value: what changes it gives another record.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/conversations">OpenAI, conversations</a>
 */
public final class StoredConversation {
    /** As many items as one request may add. */
    private static final int MOST_ADDED = 20;

    private static final int MOST_METADATA = 16;
    /** How large its record may grow: it is read and written as a whole with each change. */
    private static final int MOST_BYTES = 8 << 20;

    private final ObjectNode record;

    private StoredConversation(ObjectNode record) {
        this.record = record;
    }

    /** Reads a record. */
    public static StoredConversation read(Buffer record) {
        return new StoredConversation(Trees.object(record.toString(StandardCharsets.UTF_8))
                .orElseThrow(() -> new GatewayException(
                        ErrorCode.INTERNAL_ERROR, "the stored conversation is damaged; begin another")));
    }

    /** The id of the conversation that a request belongs to; empty if there is none. */
    static String of(ObjectNode request) {
        JsonNode conversation = request.path("conversation");
        return conversation.isObject() ? conversation.path("id").asText("") : conversation.asText("");
    }

    /**
     * Begins one.
     *
     * @param body the request's body; may be empty
     * @param unique the id of a response that there is not, from which the ids are made
     */
    public static StoredConversation begin(Buffer body, String unique) {
        Place request = new Place(body.length() == 0 ? Trees.object() : ChatProtocol.object(body), "");
        request.only(Set.of("items", "metadata"));
        ObjectNode record = Trees.object();
        record.putObject("conversation")
                .put("id", ResponseIds.conversationOf(unique))
                .put("object", "conversation")
                .put("created_at", ResponseIds.millis(unique) / 1_000)
                .set("metadata", metadata(request.member("metadata")));
        record.set("items", items(request, unique));
        return new StoredConversation(record);
    }

    /**
     * Refuses that one grows too large; one that is already may get smaller.
     *
     * @param before the size of its record in bytes
     * @param more by how much it grows
     */
    public static void checkGrowth(long before, long more) {
        if (more > 0 && before + more > MOST_BYTES) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST,
                    "the conversation would be larger than " + MOST_BYTES + " bytes; begin another",
                    "conversation");
        }
    }

    private static ObjectNode metadata(Place metadata) {
        if (!metadata.given()) {
            return Trees.object();
        }
        metadata.object();
        if (metadata.value().size() > MOST_METADATA) {
            throw metadata.wrong("must have at most " + MOST_METADATA + " members");
        }
        metadata.members().forEach(Place::text);
        return metadata.object();
    }

    /** Items of a request, each with an id; what a chat has no place for is refused here, not at the next question. */
    private static ArrayNode items(Place request, String unique) {
        Place items = request.member("items");
        if (items.value().size() > MOST_ADDED) {
            throw items.wrong("must have at most " + MOST_ADDED + " items");
        }
        ResponseItems reading = new ResponseItems(Trees.array(), AttachedFiles.UNREAD);
        items.elements().forEach(reading::item);
        ArrayNode identified = new ResponseInput(Earlier.NONE, unique).identified(items.elements());
        for (JsonNode item : identified) {
            if (item instanceof ObjectNode object && !object.hasNonNull("status")) {
                object.put("status", "completed");
            }
        }
        return identified;
    }

    /** The id. */
    public String id() {
        return record.path("conversation").path("id").asText("");
    }

    /** As it is kept. */
    public Buffer record() {
        return Trees.bytes(record);
    }

    /** The conversation itself. */
    public Buffer conversation() {
        return Trees.bytes(record.path("conversation"));
    }

    /** The answer to the {@code DELETE} of a conversation. */
    public static Buffer deleted(String id) {
        return Trees.bytes(Trees.object()
                .put("id", id)
                .put("object", "conversation.deleted")
                .put("deleted", true));
    }

    /** With the metadata of that request. */
    public StoredConversation updated(Buffer body) {
        Place request = new Place(ChatProtocol.object(body), "").only(Set.of("metadata"));
        ObjectNode next = record.deepCopy();
        next.withObject("/conversation").set("metadata", metadata(request.member("metadata")));
        return new StoredConversation(next);
    }

    /** The items of a request, as a JSON list. */
    public static Buffer added(Buffer body, String unique) {
        Place request = new Place(ChatProtocol.object(body), "").only(Set.of("items"));
        if (!request.member("items").given()) {
            throw request.member("items").wrong("is missing");
        }
        return Trees.bytes(items(request, unique));
    }

    /** With more items, a JSON list. */
    public StoredConversation with(Buffer items) {
        ObjectNode next = record.deepCopy();
        list(items).forEach(next.withArray("/items")::add);
        return new StoredConversation(next);
    }

    /** Without an item; it must have it. */
    public StoredConversation without(String item) {
        item(item);
        ObjectNode next = record.deepCopy();
        ArrayNode left = next.putArray("items");
        for (JsonNode one : record.path("items")) {
            if (!one.path("id").asText("").equals(item)) {
                left.add(one);
            }
        }
        return new StoredConversation(next);
    }

    /** One item. */
    public Buffer item(String id) {
        for (JsonNode item : record.path("items")) {
            if (item.path("id").asText("").equals(id)) {
                return Trees.bytes(item);
            }
        }
        throw new GatewayException(ErrorCode.NOT_FOUND, "the conversation has no item " + id, "item_id");
    }

    /** A page of its items, by the same rules as those of a response. */
    public Buffer items(String limit, String order, String after) {
        return StoredResponse.page(record.path("items"), limit, order, after);
    }

    /** A list of items as one page. */
    public static Buffer page(Buffer items) {
        return StoredResponse.page(list(items), Integer.toString(MOST_ADDED), "asc", "");
    }

    private static JsonNode list(Buffer items) {
        return Trees.object("{\"items\":" + items + "}")
                .orElseGet(Trees::object)
                .path("items");
    }
}
