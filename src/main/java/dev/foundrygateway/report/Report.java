package dev.foundrygateway.report;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ClosingEdit;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.Usage;
import io.smallrye.mutiny.Multi;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The report on one answer, written into its end. Confined to the request's event loop. */
final class Report {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Call call;
    private final Served served;
    private final NanoClock clock;
    private final ModelFacts facts;
    private final ClosingEdit edit = new ClosingEdit(this::members, () -> Usage.NONE, false, false);
    private Usage usage = Usage.NONE;

    Report(Call call, Served served, NanoClock clock, ModelFacts facts) {
        this.call = call;
        this.served = served;
        this.clock = clock;
        this.facts = facts;
    }

    /** The same body with the report in it. */
    Multi<Frame> around(Multi<Frame> body) {
        return Multi.createBy()
                .concatenating()
                .streams(body.map(this::pass), Multi.createFrom().item(edit::end))
                .select()
                .where(frame -> !frame.events().isEmpty() || frame.bytes().length() > 0);
    }

    private Frame pass(Frame frame) {
        for (StreamEvent event : frame.events()) {
            usage = event.usage().known() ? event.usage() : usage;
        }
        return edit.pass(frame);
    }

    private String members() {
        Timeline times = served.timeline();
        double total = millis(call.timeline().since(clock.nanos()));
        JsonObject leg = new JsonObject()
                .put("role", "direct")
                .put("model", served.model())
                .put("upstream", served.upstream())
                .put("total_ms", total)
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens());
        times.queue().ifPresent(nanos -> leg.put("queue_ms", millis(nanos)));
        times.firstToken().ifPresent(nanos -> leg.put("first_token_ms", millis(nanos)));
        JsonObject members = new JsonObject()
                .put("route", served.route().label())
                .put("timing", times.parts().put("total", total))
                .put("usage_estimated", !usage.known())
                .put("legs", new JsonArray().add(leg));
        facts.of(call.request().model())
                .price()
                .or(() -> facts.of(served.model()).price())
                .map(price -> rounded(price.of(usage.promptTokens(), usage.completionTokens())))
                .ifPresent(cost -> {
                    leg.put("cost", cost);
                    members.put("cost", cost);
                });
        return members.encode();
    }

    private static double millis(long nanos) {
        return Math.round(nanos / NANOS_PER_MILLI * 1_000) / 1_000.0;
    }

    private static double rounded(double cost) {
        return Math.round(cost * 1e8) / 1e8;
    }
}
