package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.ByteSearch;
import dev.foundrygateway.openai.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The answer to {@code GET /v1/models}: its models in order, each id once, each with all the members it came with, written as they came. Not thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/models/list">OpenAI, list models</a>
 */
public final class ModelList {
    /** What C# writes beside OpenAI's members in Foundry Local 0.x and 1.x. */
    private static final String[] FOREIGN = {"IsDelta", "Successful", "HttpStatusCode", "CreatedAt", "CreatedTime"};

    private static final String CONTEXT = "context_length";

    private final Map<String, Json> models;

    private ModelList(Map<String, Json> models) {
        this.models = models;
    }

    /**
     * Reads an upstream's list: OpenAI's, or the bare array of ids (or of entries) of Foundry Local 0.x. Entries without an id are left out.
     *
     * @throws IllegalArgumentException when the body is neither
     */
    public static ModelList parse(Buffer body) {
        Json root = read(body);
        Json entries = root.isArray() ? root : root.get("data");
        // A server that has no models yet.
        if (entries.isNull()) {
            return new ModelList(Map.of());
        }
        if (!entries.isArray()) {
            throw new IllegalArgumentException("a list of models without the array data");
        }
        Map<String, Json> models = new LinkedHashMap<>();
        for (Json entry : entries.elements()) {
            if (entry.isString()) {
                models.putIfAbsent(entry.text(), ownEntry(entry.text()));
            } else if (entry.get("id").isString()) {
                Json kept = entry.copy();
                kept.remove(FOREIGN);
                models.putIfAbsent(entry.get("id").text(), kept);
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
        Json root = read(body);
        return root.get("data").isArray()
                        && !hasForeign(root)
                        && root.get("data").elements().stream().noneMatch(ModelList::hasForeign)
                ? Optional.empty()
                : Optional.of(parse(body).json());
    }

    private static boolean hasForeign(Json object) {
        return Arrays.stream(FOREIGN).anyMatch(object::has);
    }

    /** A list of the gateway's own names. */
    public static ModelList of(List<String> ids) {
        Map<String, Json> models = new LinkedHashMap<>();
        for (String id : ids) {
            models.putIfAbsent(id, ownEntry(id));
        }
        return new ModelList(models);
    }

    /** The entry of one of the gateway's own names, as a JSON body. */
    public static Buffer own(String id) {
        return ownEntry(id).buffer();
    }

    /** This list and behind it what only the other has. */
    public ModelList plus(ModelList other) {
        Map<String, Json> both = new LinkedHashMap<>(models);
        other.models.forEach(both::putIfAbsent);
        return new ModelList(both);
    }

    /** This list, with {@code context_length} in the entries of models of which it is known, here or in what their server says by another name. */
    public ModelList withContext(Function<String, OptionalLong> known) {
        Map<String, Json> all = new LinkedHashMap<>();
        models.forEach((id, entry) -> {
            OptionalLong length = known.apply(id);
            long told = length.isPresent() ? length.getAsLong() : context(id).orElse(0);
            all.put(id, told <= 0 || entry.has(CONTEXT) ? entry : entry.copy().set(CONTEXT, told));
        });
        return new ModelList(all);
    }

    /** How many tokens prompt and answer of that model may have together, as its server says; empty if it doesn't. What a model was trained for says nothing. */
    public OptionalLong context(String id) {
        Json entry = models.get(id);
        if (entry == null) {
            return OptionalLong.empty();
        }
        // vLLM's name for it, and llama.cpp's.
        long length = entry.get(CONTEXT)
                .count(entry.get("max_model_len")
                        .count(entry.get("meta").get("n_ctx").count(0)));
        return length > 0 ? OptionalLong.of(length) : OptionalLong.empty();
    }

    /** This list without those whose id is not wanted. */
    public ModelList only(Predicate<String> wanted) {
        Map<String, Json> left = new LinkedHashMap<>(models);
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
                .map(entry -> entry.get("parent").text())
                .filter(parent -> !parent.isEmpty());
    }

    /** Who an entry says it is {@code owned_by}; empty if it doesn't. */
    public String owner(String id) {
        Json entry = models.get(id);
        return entry == null ? "" : entry.get("owned_by").text();
    }

    /** The entry of that id, its case aside, as a JSON body; empty if there is none. */
    public Optional<Buffer> entry(String id) {
        return models.entrySet().stream()
                .filter(model -> model.getKey().equalsIgnoreCase(id))
                .findFirst()
                .map(model -> model.getValue().buffer());
    }

    public Buffer json() {
        Json root = Json.object().set("object", "list");
        models.values().forEach(root.array("data")::add);
        return root.buffer();
    }

    /** {@code created} is zero: not known, but typed clients insist on it. */
    private static Json ownEntry(String id) {
        return Json.object()
                .set("id", id)
                .set("object", "model")
                .set("created", 0)
                .set("owned_by", "foundry-gateway");
    }

    private static Json read(Buffer body) {
        byte[] bytes = body.getBytes();
        int from = ByteSearch.startsWithBom(bytes, 0, bytes.length) ? ByteSearch.BOM_LENGTH : 0;
        return Json.parse(body.slice(from, body.length()))
                .orElseThrow(() -> new IllegalArgumentException("a list of models that is not JSON"));
    }
}
