package dev.foundrygateway.retrieval;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.RetrievalObserver;
import dev.foundrygateway.exchange.RetrievalObserver.Decision;
import dev.foundrygateway.exchange.RetrievalObserver.Stage;
import dev.foundrygateway.exchange.Retrieved;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.LocalAnswer;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Gives the model sources for its answer where the request asks for it, and the client the sources back. The search runs on a worker; everything else on the
 * exchange's event loop. A request without such a wish passes untouched.
 */
@Singleton
public class RetrievalFilter implements ChatFilter {
    private static final int MAX_LOCAL_EVENT = 1 << 20;

    private final Vertx vertx;
    private final RetrievalWishes wishes;
    private final Grounder grounder;
    private final NanoClock clock;
    private final RetrievalObserver observer;
    private final double minSupport;
    private final RetrievalConfig.NoSupport noSupport;
    private final String insufficient;
    private final Duration searchTimeout;

    RetrievalFilter(
            Vertx vertx,
            RetrievalWishes wishes,
            Grounder grounder,
            NanoClock clock,
            RetrievalObserver observer,
            RetrievalConfig config) {
        this.vertx = vertx;
        this.wishes = wishes;
        this.grounder = grounder;
        this.clock = clock;
        this.observer = observer;
        this.minSupport = config.minSupport();
        this.noSupport = config.noSupport();
        this.insufficient = config.insufficientAnswer();
        this.searchTimeout = config.searchTimeout();
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        Optional<RetrievalWish> wish;
        try {
            wish = wishes.of(call);
        } catch (GatewayException wrong) {
            return Uni.createFrom().failure(wrong);
        }
        if (wish.isEmpty()) {
            return next.send(call);
        }
        if (!wish.get().any()) {
            return next.send(call.with(wish.get().request()));
        }
        return Uni.createFrom().deferred(() -> {
            long start = clock.nanos();
            return search(wish.get(), call.caller()).chain(grounding -> {
                long spent = clock.nanos() - start;
                observer.took(Stage.TOTAL, spent);
                observer.supported(grounding.findings().support());
                return answer(call, grounding, spent, next);
            });
        });
    }

    private Uni<Grounding> search(RetrievalWish wish, Caller caller) {
        // Back on the context that asked: Vert.x completes the future there.
        return Uni.createFrom().emitter(emitter -> {
            Deadline deadline = new Deadline(clock, searchTimeout);
            emitter.onTermination(deadline::cancel);
            vertx.executeBlocking(() -> grounder.ground(wish, caller, deadline), false)
                    .onSuccess(emitter::complete)
                    .onFailure(failure -> emitter.fail(
                            failure instanceof IllegalArgumentException wrong
                                    ? new GatewayException(
                                            ErrorCode.INVALID_REQUEST, String.valueOf(wrong.getMessage()), "tools")
                                    : failure));
        });
    }

    private Uni<ChatReply> answer(Call call, Grounding grounding, long spent, ChatService next) {
        double support = grounding.findings().support();
        boolean supported = support >= minSupport || noSupport == RetrievalConfig.NoSupport.CONTEXT;
        if (!supported && noSupport == RetrievalConfig.NoSupport.INSUFFICIENT) {
            observer.decided(Decision.INSUFFICIENT);
            return Uni.createFrom().item(() -> insufficient(call, grounding, spent));
        }
        if (!supported || grounding.prompt().given().isEmpty()) {
            observer.decided(supported ? Decision.NOTHING : Decision.PLAIN);
            ContextPrompt none = new ContextPrompt("", "", "", List.of());
            Grounding without = new Grounding(grounding.wish(), grounding.findings(), none);
            return next.send(call.retrieved(grounding.wish().request(), spent, found(grounding, false)))
                    .map(reply -> grounded(reply, without));
        }
        observer.decided(Decision.CONTEXT);
        return send(call, grounding, spent, next).chain(reply -> {
            if (reply.status() != 400 || reply.stream()) {
                return Uni.createFrom().item(grounded(reply, grounding));
            }
            return reply.whole().chain(body -> {
                if (!grounder.learns(call.request(), body.toString())) {
                    return Uni.createFrom()
                            .item(reply.withBody(Multi.createFrom().item(Frame.plain(body))));
                }
                // Once more with what fits now; a second refusal is the answer.
                Grounding smaller = grounder.refit(grounding);
                return send(call, smaller, spent, next).map(second -> grounded(second, smaller));
            });
        });
    }

    private static Uni<ChatReply> send(Call call, Grounding grounding, long spent, ChatService next) {
        ContextPrompt prompt = grounding.prompt();
        ChatRequest request = grounding.wish().request();
        if (!prompt.given().isEmpty()) {
            request = request.withContext(prompt.rules(), prompt.before(), prompt.after());
        }
        return next.send(
                call.retrieved(request, spent, found(grounding, !prompt.given().isEmpty())));
    }

    private static Retrieved found(Grounding grounding, boolean given) {
        return new Retrieved(
                grounding.wish().request().lastUserText(), grounding.findings().support(), given);
    }

    private static ChatReply grounded(ChatReply reply, Grounding grounding) {
        if (reply.status() != 200) {
            return reply;
        }
        GroundedBody body = new GroundedBody(grounding);
        return new ChatReply(
                reply.status(),
                reply.headers(),
                reply.stream(),
                reply.body().map(body::next),
                reply.served()
                        .withSources(
                                grounding.wish().question().turns(),
                                grounding.prompt().given().stream()
                                        .map(SourcesReport::source)
                                        .toList()));
    }

    private ChatReply insufficient(Call call, Grounding grounding, long spent) {
        boolean stream = call.request().streaming();
        String id = "chatcmpl-" + call.requestId();
        long created = Clock.systemUTC().instant().getEpochSecond();
        String model = call.request().model();
        Frame frame = stream
                ? new EventScanner(MAX_LOCAL_EVENT).feed(LocalAnswer.events(id, model, insufficient, created))
                : Frame.answer(LocalAnswer.completion(id, model, insufficient, created));
        Grounding without =
                new Grounding(grounding.wish(), grounding.findings(), new ContextPrompt("", "", "", List.of()));
        Served served = Served.direct("", "gateway", call.timeline().retrieved(spent))
                .withSources(grounding.wish().question().turns(), List.of());
        return new ChatReply(
                200,
                ChatReply.head(stream),
                stream,
                Multi.createFrom().item(new GroundedBody(without).next(frame)),
                served);
    }
}
