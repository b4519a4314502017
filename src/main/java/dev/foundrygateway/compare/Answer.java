package dev.foundrygateway.compare;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Route;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Tally;
import dev.foundrygateway.openai.ModelOutput;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.Usage;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

    /** Gathers one streamed reply and measures it. Confined to one event loop. */
    static final class Collector {
        private final String alias;
        private final NanoClock clock;
        private final ModelFacts facts;
        private final long startedNanos;
        private final List<Frame> frames = new ArrayList<>();
        private final Tally tally;
        private OptionalDouble told = OptionalDouble.empty();
        private String error = "";

        Collector(String alias, NanoClock clock, ModelFacts facts) {
            this.alias = alias;
            this.clock = clock;
            this.facts = facts;
            this.startedNanos = clock.nanos();
            this.tally = new Tally(clock);
        }

        void take(Frame frame) {
            frames.add(frame);
            tally.add(frame);
            for (StreamEvent event : frame.events()) {
                if (event.kind() == StreamEvent.Kind.ERROR) {
                    error = UpstreamError.read(frame.bytes().slice(event.from(), event.to()))
                            .body()
                            .message();
                } else if (!event.finishReason().isEmpty()) {
                    told = cost(frame, event);
                }
            }
        }

        /** The body has ended. */
        Answer complete(ChatReply reply) {
            Served served = reply.served();
            long total = clock.nanos() - startedNanos;
            if (!error.isEmpty() || reply.status() >= 400) {
                return Answer.failed(
                        alias,
                        total,
                        error.isEmpty()
                                ? UpstreamError.read(Frame.join(frames).bytes())
                                        .body()
                                        .message()
                                : error);
            }
            return new Answer(
                    alias,
                    served.model(),
                    served.route().label(),
                    ModelOutput.read(frames).text(),
                    tally.usage(),
                    tally.pieces(),
                    tally.firstToken().isPresent() ? tally.firstToken().getAsLong() - startedNanos : 0,
                    total,
                    told.isPresent() || served.route() != Route.DIRECT ? told : priced(served.model()),
                    "");
        }

        /** No reply, or one that broke off. */
        Answer failed(Throwable cause) {
            return Answer.failed(alias, clock.nanos() - startedNanos, String.valueOf(cause.getMessage()));
        }

        private OptionalDouble priced(String id) {
            Usage usage = tally.usage();
            return facts.of(alias)
                    .price()
                    .or(() -> facts.of(id).price())
                    .map(price -> OptionalDouble.of(price.of(usage.promptTokens(), usage.completionTokens())))
                    .orElse(OptionalDouble.empty());
        }

        /** What a hybrid answer says of itself: it knows all its legs. */
        private static OptionalDouble cost(Frame frame, StreamEvent event) {
            String text = frame.bytes().getString(event.from(), event.to(), StandardCharsets.UTF_8.name());
            try {
                JsonObject chunk = new JsonObject(text.substring(text.indexOf('{'), text.lastIndexOf('}') + 1));
                return chunk.getValue("gateway") instanceof JsonObject gateway
                                && gateway.getValue("cost") instanceof Number cost
                        ? OptionalDouble.of(cost.doubleValue())
                        : OptionalDouble.empty();
            } catch (DecodeException | StringIndexOutOfBoundsException e) {
                return OptionalDouble.empty();
            }
        }
    }
}
