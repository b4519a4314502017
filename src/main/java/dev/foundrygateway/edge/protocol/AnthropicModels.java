package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.openai.json.Trees;
import dev.foundrygateway.openai.sse.Frame;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The list of models, or one of them, in Anthropic's shape.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/models-list">Anthropic, list models</a>
 */
public final class AnthropicModels {
    private static final int PAGE = 20;
    private static final int MOST = 1_000;

    private final Map<String, String> fixed;
    private final int limit;
    private final String after;
    private final String before;
    private final String only;

    private AnthropicModels(Map<String, String> fixed, int limit, String after, String before, String only) {
        this.fixed = fixed;
        this.limit = limit;
        this.after = after;
        this.before = before;
        this.only = only;
    }

    /**
     * One page of the list.
     *
     * @param fixed names that stand for models of ours: they are listed first
     * @param limit how many; empty for 20
     * @param after the id behind which the page begins; empty for the first
     * @param before the id before which it ends; empty for none
     */
    public AnthropicModels(Map<String, String> fixed, String limit, String after, String before) {
        this(fixed, limit(limit), after, before, "");
    }

    /** One model, under the name that it was asked for by. */
    public static AnthropicModels one(String name) {
        return new AnthropicModels(Map.of(), 1, "", "", name);
    }

    private static int limit(String text) {
        if (text.isEmpty()) {
            return PAGE;
        }
        int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MOST) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST, "limit must be a whole number from 1 to " + MOST, "limit");
        }
        return limit;
    }

    /** OpenAI's answer in Anthropic's shape; an error likewise. */
    public ChatReply reply(ChatReply reply, String requestId) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .setAll(reply.headers())
                .remove(HttpHeaders.CONTENT_LENGTH)
                .set(HttpHeaders.CONTENT_TYPE, "application/json");
        return new ChatReply(
                reply.status(),
                headers,
                false,
                reply.whole()
                        .map(body -> Frame.plain(body(reply.status(), body, requestId)))
                        .toMulti(),
                reply.served());
    }

    private Buffer body(int status, Buffer body, String requestId) {
        if (status != 200) {
            return Buffer.buffer(
                    AnthropicError.json(status, UpstreamError.read(body).body(), requestId));
        }
        Optional<ObjectNode> root = Trees.object(body.toString(StandardCharsets.UTF_8));
        if (!only.isEmpty()) {
            return Trees.bytes(
                    entry(only, root.map(one -> one.path("created").asLong(0)).orElse(0L)));
        }
        List<ObjectNode> models = new ArrayList<>();
        new TreeSet<>(fixed.keySet()).forEach(name -> models.add(entry(name, 0)));
        root.ifPresent(list -> list.path("data").forEach(one -> {
            String id = one.path("id").asText("");
            if (!id.isEmpty() && !fixed.containsKey(id)) {
                models.add(entry(id, one.path("created").asLong(0)));
            }
        }));
        return Trees.bytes(page(models));
    }

    private ObjectNode page(List<ObjectNode> models) {
        int from = after.isEmpty() ? 0 : index(models, after) + 1;
        int to = Math.min(models.size(), from + limit);
        boolean more = to < models.size();
        if (!before.isEmpty()) {
            to = Math.max(0, index(models, before));
            from = Math.max(0, to - limit);
            more = from > 0;
        }
        ObjectNode page = Trees.object();
        ArrayNode entries = page.putArray("data");
        models.subList(Math.min(from, to), to).forEach(entries::add);
        page.put("has_more", more);
        page.set("first_id", id(entries.path(0)));
        page.set("last_id", id(entries.path(entries.size() - 1)));
        return page;
    }

    private static JsonNode id(JsonNode entry) {
        return entry.isObject() ? entry.path("id") : Trees.object().nullNode();
    }

    private static int index(List<ObjectNode> models, String id) {
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i).path("id").asText().equals(id)) {
                return i;
            }
        }
        return models.size();
    }

    private static ObjectNode entry(String id, long created) {
        return Trees.object()
                .put("type", "model")
                .put("id", id)
                .put("display_name", id)
                .put("created_at", Instant.ofEpochSecond(Math.max(0, created)).toString());
    }
}
