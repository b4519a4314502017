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

/** Gathers one streamed reply and measures it. Confined to one event loop. */
final class AnswerCollector {
    private final String alias;
    private final NanoClock clock;
    private final ModelFacts facts;
    private final long startedNanos;
    private final List<Frame> frames = new ArrayList<>();
    private final Tally tally;
    private OptionalDouble told = OptionalDouble.empty();
    private String error = "";

    AnswerCollector(String alias, NanoClock clock, ModelFacts facts) {
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
