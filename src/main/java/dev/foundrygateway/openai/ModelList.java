package dev.foundrygateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.json.Trees;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The answer to {@code GET /v1/models}: its models in order, each id once, each with all the members it came with. Immutable.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/models/list">OpenAI, list models</a>
 */
public final class ModelList {
    /** What C# writes beside OpenAI's members in Foundry Local 0.x and 1.x. */
    private static final Set<String> FOREIGN =
            Set.of("IsDelta", "Successful", "HttpStatusCode", "CreatedAt", "CreatedTime");

    private final Map<String, ObjectNode> models;

    private ModelList(Map<String, ObjectNode> models) {
        this.models = models;
    }

    /**
     * Reads an upstream's list: OpenAI's, or the bare array of ids (or of entries) of Foundry Local 0.x. Entries without an id are left out.
     *
     * @throws IllegalArgumentException when the body is neither
     */
    public static ModelList parse(Buffer body) {
        JsonNode root = read(body);
        JsonNode entries = root.isArray() ? root : root.path("data");
        // A server that has no models yet.
        if (entries.isNull()) {
            return new ModelList(Map.of());
        }
        if (!entries.isArray()) {
            throw new IllegalArgumentException("a list of models without the array data");
        }
        Map<String, ObjectNode> models = new LinkedHashMap<>();
        for (JsonNode entry : entries) {
            if (entry.isTextual()) {
                models.putIfAbsent(entry.textValue(), ownEntry(entry.textValue()));
            } else if (entry instanceof ObjectNode object && object.path("id").isTextual()) {
                models.putIfAbsent(object.path("id").textValue(), object.without(FOREIGN));
            }
        }
        return new ModelList(models);
    }

    /** Whether it is a list of models at all. */
    public static boolean isReadable(Buffer body) {
        try {
            return parse(body) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The list in OpenAI's shape; empty if it has it as it came. */
    public static Optional<Buffer> repaired(Buffer body) {
        JsonNode root = read(body);
        boolean foreign = FOREIGN.stream()
                .anyMatch(name -> root.has(name) || root.path("data").findValue(name) != null);
        return root.path("data").isArray() && !foreign
                ? Optional.empty()
                : Optional.of(parse(body).json());
    }

    /** A list of the gateway's own names. */
    public static ModelList of(List<String> ids) {
        Map<String, ObjectNode> models = new LinkedHashMap<>();
        for (String id : ids) {
            models.putIfAbsent(id, ownEntry(id));
        }
        return new ModelList(models);
    }

    /** The entry of one of the gateway's own names, as a JSON body. */
    public static Buffer own(String id) {
        return Buffer.buffer(ownEntry(id).toString());
    }

    /** This list and behind it what only the other has. */
    public ModelList plus(ModelList other) {
        Map<String, ObjectNode> both = new LinkedHashMap<>(models);
        other.models.forEach(both::putIfAbsent);
        return new ModelList(both);
    }

    /** This list without those whose id is not wanted. */
    public ModelList only(Predicate<String> wanted) {
        Map<String, ObjectNode> left = new LinkedHashMap<>(models);
        left.keySet().removeIf(id -> !wanted.test(id));
        return new ModelList(left);
    }

    /** The ids, in order. */
    public List<String> ids() {
        return List.copyOf(models.keySet());
    }

    /** The alias that Foundry Local 1.x names in an entry's {@code parent}; empty if the list has no such model, or that no alias. */
    public Optional<String> parent(String id) {
        return Optional.ofNullable(models.get(id))
                .map(entry -> entry.path("parent").asText(""))
                .filter(parent -> !parent.isEmpty());
    }

    /** Who an entry says it is {@code owned_by}; empty if it doesn't. */
    public String owner(String id) {
        ObjectNode entry = models.get(id);
        return entry == null ? "" : entry.path("owned_by").asText("");
    }

    /** The entry of that id, its case aside, as a JSON body; empty if there is none. */
    public Optional<Buffer> entry(String id) {
        return models.entrySet().stream()
                .filter(model -> model.getKey().equalsIgnoreCase(id))
                .findFirst()
                .map(model -> Buffer.buffer(model.getValue().toString()));
    }

    /** As a JSON body. */
    public Buffer json() {
        ObjectNode root = Trees.object().put("object", "list");
        ArrayNode entries = root.putArray("data");
        models.values().forEach(entries::add);
        return Trees.bytes(root);
    }

    /** {@code created} is zero: not known, but typed clients insist on it. */
    private static ObjectNode ownEntry(String id) {
        return Trees.object()
                .put("id", id)
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", "foundry-gateway");
    }

    private static JsonNode read(Buffer body) {
        try {
            return Trees.read(body);
        } catch (IOException e) {
            throw new IllegalArgumentException("a list of models that is no JSON", e);
        }
    }
}
