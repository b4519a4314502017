package dev.foundrygateway.exchange;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.OptionalDouble;

/** Writes the {@code gateway} object of a reply: route, times, legs and cost. What is not known is left out. */
public final class GatewayObject {
    private GatewayObject() {}

    /**
     * Its members as JSON.
     *
     * @param rule the rule of the catalogue that chose the model; empty where none did
     * @param served how the answer came about
     * @param totalNanos from the request's arrival until now
     * @param estimated whether any of the legs' tokens are a guess
     * @param legs each model's part
     * @param hypothetical what the answer had cost by the prices of a cloud; empty if nobody wants to compare
     */
    public static String members(
            String rule,
            Served served,
            long totalNanos,
            boolean estimated,
            List<LegReport> legs,
            OptionalDouble hypothetical) {
        JsonObject members = new JsonObject().put("route", served.route().label());
        if (!rule.isEmpty()) {
            members.put("rule", rule);
        }
        if (!served.reason().isEmpty()) {
            members.put("reason", served.reason());
        }
        served.score().ifPresent(score -> members.put("score", rounded(score)));
        double cost = 0;
        double deciding = 0;
        long read = 0;
        long wrote = 0;
        boolean priced = false;
        for (LegReport leg : legs) {
            cost += leg.cost().orElse(0);
            if (leg.decides()) {
                deciding += leg.cost().orElse(0);
                read += leg.usage().promptTokens();
                wrote += leg.usage().completionTokens();
            }
            priced |= leg.cost().isPresent();
        }
        members.put("timing", served.timeline().parts().put("total", Millis.of(totalNanos)))
                .put("usage_estimated", estimated)
                .put("legs", legs(legs));
        if (priced) {
            members.put("cost", rounded(cost));
        }
        if (legs.stream().anyMatch(LegReport::decides)) {
            members.put(
                    "deciding",
                    new JsonObject()
                            .put("prompt_tokens", read)
                            .put("completion_tokens", wrote)
                            .put("cost", rounded(deciding)));
        }
        hypothetical.ifPresent(value -> members.put("cost_hypothetical", rounded(value)));
        return members.encode();
    }

    /** Each model's part, its time and its tokens. */
    public static JsonArray legs(List<LegReport> legs) {
        JsonArray entries = new JsonArray();
        legs.forEach(leg -> entries.add(entry(leg)));
        return entries;
    }

    private static JsonObject entry(LegReport leg) {
        JsonObject entry = new JsonObject().put("role", leg.role()).put("model", leg.model());
        if (!leg.upstream().isEmpty()) {
            entry.put("upstream", leg.upstream());
        }
        leg.start().ifPresent(nanos -> entry.put("start_ms", Millis.of(nanos)));
        leg.queue().ifPresent(nanos -> entry.put("queue_ms", Millis.of(nanos)));
        leg.firstToken().ifPresent(nanos -> entry.put("first_token_ms", Millis.of(nanos)));
        entry.put("total_ms", Millis.of(leg.total()))
                .put("prompt_tokens", leg.usage().promptTokens())
                .put("completion_tokens", leg.usage().completionTokens());
        leg.cost().ifPresent(cost -> entry.put("cost", rounded(cost)));
        return entry;
    }

    /** To a hundred-millionth: less than a token's price. */
    private static double rounded(double value) {
        return Math.round(value * 1e8) / 1e8;
    }
}
