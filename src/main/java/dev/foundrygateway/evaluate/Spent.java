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
        JsonObject usage = object(reply, "usage");
        return new Spent(
                number(usage, "prompt_tokens"),
                number(object(usage, "prompt_tokens_details"), "cached_tokens"),
                number(usage, "completion_tokens"),
                millis);
    }

    /** As a row's file has it. */
    static Spent of(JsonObject json) {
        return new Spent(number(json, "read"), number(json, "cached"), number(json, "written"), number(json, "ms"));
    }

    /** A member of a server's JSON; an empty object where it is null, missing or something else. */
    static JsonObject object(JsonObject json, String name) {
        return json.getValue(name) instanceof JsonObject object ? object : new JsonObject();
    }

    /** A number of a server's JSON; 0 where it is null, missing or something else. */
    static long number(JsonObject json, String name) {
        return json.getValue(name) instanceof Number number ? number.longValue() : 0;
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
