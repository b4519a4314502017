package dev.foundrygateway.evaluate;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * What calls to a model cost.
 *
 * @param read tokens of the prompt, those of the cache among them
 * @param cached of these, what the server had in its cache
 * @param written tokens of the answer
 * @param millis how long it took
 */
record Spent(long read, long cached, long written, long millis) {
    static final Spent NOTHING = new Spent(0, 0, 0, 0);

    /** Of a reply that took so long; what it does not say counts as nothing. */
    static Spent read(JsonObject reply, long millis) {
        JsonObject usage = reply.getJsonObject("usage", new JsonObject());
        return new Spent(
                usage.getLong("prompt_tokens", 0L),
                usage.getJsonObject("prompt_tokens_details", new JsonObject()).getLong("cached_tokens", 0L),
                usage.getLong("completion_tokens", 0L),
                millis);
    }

    /** As a row's file has it. */
    static Spent of(JsonObject json) {
        return new Spent(
                json.getLong("read", 0L),
                json.getLong("cached", 0L),
                json.getLong("written", 0L),
                json.getLong("ms", 0L));
    }

    JsonObject json() {
        return new JsonObject()
                .put("read", read)
                .put("cached", cached)
                .put("written", written)
                .put("ms", millis);
    }

    Spent plus(Spent more) {
        return new Spent(read + more.read, cached + more.cached, written + more.written, millis + more.millis);
    }

    /** Per row of so many, as a table's cells. */
    String perRow(int rows) {
        return String.format(
                Locale.ROOT,
                "%.1f | %.1f | %.1f | %.0f",
                (double) read / rows,
                (double) cached / rows,
                (double) written / rows,
                (double) millis / rows);
    }
}
