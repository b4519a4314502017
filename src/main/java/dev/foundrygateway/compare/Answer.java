package dev.foundrygateway.compare;

import dev.foundrygateway.openai.sse.Usage;
import io.vertx.core.json.JsonObject;
import java.util.OptionalDouble;

/**
 * What one model answered.
 *
 * @param alias the name that was asked for
 * @param model the upstream's id of the model that answered; empty if none did
 * @param route {@code X-Gateway-Route}; empty if none answered
 * @param text what it wrote
 * @param usage tokens as the upstream counted them
 * @param pieces how many pieces with output came: the count of tokens where the upstream gave none
 * @param firstNanos from the call to the first piece; zero if none came
 * @param totalNanos from the call to the end
 * @param cost what it cost, where prices are configured
 * @param error what went wrong; empty if nothing
 */
record Answer(
        String alias,
        String model,
        String route,
        String text,
        Usage usage,
        long pieces,
        long firstNanos,
        long totalNanos,
        OptionalDouble cost,
        String error) {
    private static final int SAMPLE = 160;
    private static final double NANOS = 1e9;

    static Answer failed(String alias, long totalNanos, String error) {
        return new Answer(alias, "", "", "", Usage.NONE, 0, 0, totalNanos, OptionalDouble.empty(), error);
    }

    /** As an entry of {@code results}, without a rubric. */
    JsonObject json() {
        JsonObject json = new JsonObject().put("alias", alias).put("latency_sec", seconds(totalNanos));
        if (!error.isEmpty()) {
            return json.put("error", error);
        }
        long tokens = usage.known() ? usage.completionTokens() : pieces;
        double writing = (totalNanos - firstNanos) / NANOS;
        json.put("model", model)
                .put("route", route)
                .put("first_token_sec", seconds(firstNanos))
                .put("tokens", tokens)
                .put("prompt_tokens", usage.promptTokens())
                .put("tokens_estimated", !usage.known())
                .put("tokens_per_sec", tokens > 1 && writing > 0 ? rounded((tokens - 1) / writing) : 0);
        cost.ifPresent(value -> json.put("cost", value));
        return json.put(
                        "sample",
                        text.substring(
                                0, text.offsetByCodePoints(0, Math.min(SAMPLE, text.codePointCount(0, text.length())))))
                .put("text", text);
    }

    private static double seconds(long nanos) {
        return rounded(nanos / NANOS);
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
