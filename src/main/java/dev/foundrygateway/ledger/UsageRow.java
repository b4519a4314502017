package dev.foundrygateway.ledger;

import dev.foundrygateway.exchange.Spending;
import dev.foundrygateway.openai.json.JsonString;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.util.Objects;

/**
 * What one key has used of one model on one day, or a part of it: a line of the file.
 *
 * @param day in UTC
 * @param key the key's configured name; empty for exchanges without a key
 * @param model the model that was asked for, of the closed set
 * @param requests how many exchanges
 * @param spent what they used
 */
record UsageRow(LocalDate day, String key, String model, long requests, Spending spent) {
    /** What rows are added up by. */
    record Cell(LocalDate day, String key, String model) {}

    Cell cell() {
        return new Cell(day, key, model);
    }

    UsageRow plus(UsageRow other) {
        return new UsageRow(day, key, model, requests + other.requests, spent.plus(other.spent));
    }

    /** A line without its end. */
    String line() {
        // Each exchange writes one: a tree of JSON would cost four times as much.
        return new StringBuilder(160)
                .append("{\"day\":\"")
                .append(day)
                .append("\",\"key\":")
                .append(JsonString.quote(key))
                .append(",\"model\":")
                .append(JsonString.quote(model))
                .append(",\"requests\":")
                .append(requests)
                .append(",\"input_tokens\":")
                .append(spent.promptTokens())
                .append(",\"cached_tokens\":")
                .append(spent.cachedTokens())
                .append(",\"output_tokens\":")
                .append(spent.completionTokens())
                .append(",\"cost\":")
                .append(spent.cost())
                .append('}')
                .toString();
    }

    /**
     * Reads a line.
     *
     * @throws RuntimeException if it is none
     */
    static UsageRow of(String line) {
        JsonObject json = new JsonObject(line);
        return new UsageRow(
                LocalDate.parse(json.getString("day")),
                Objects.requireNonNull(json.getString("key")),
                Objects.requireNonNull(json.getString("model")),
                count(json, "requests"),
                new Spending(
                        count(json, "input_tokens"),
                        count(json, "cached_tokens"),
                        count(json, "output_tokens"),
                        Math.max(0, json.getDouble("cost"))));
    }

    private static long count(JsonObject json, String name) {
        long count = json.getLong(name);
        if (count < 0) {
            throw new IllegalArgumentException(name + " is below 0");
        }
        return count;
    }
}
