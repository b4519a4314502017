package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.openai.ErrorCode;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends calls to their upstreams: in turn, unless its breaker is open, and once more where nothing came back. Thread-safe. */
@Singleton
public class Dispatcher {
    private final Vertx vertx;
    private final Connections connections;
    private final Admission admission;
    private final ModelCatalog catalog;
    private final Observer observer;
    private final NanoClock clock;

    Dispatcher(
            Vertx vertx,
            Connections connections,
            Admission admission,
            ModelCatalog catalog,
            Observer observer,
            NanoClock clock) {
        this.vertx = vertx;
        this.connections = connections;
        this.admission = admission;
        this.catalog = catalog;
        this.observer = observer;
        this.clock = clock;
    }

    /** Sends the call when subscribed to. The reply comes on the event loop that subscribed, if one did. */
    Uni<ChatReply> dispatch(Upstream upstream, UpstreamCall call) {
        return Uni.createFrom().emitter(reply -> {
            ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
            Runnable start = () -> new Dispatch(this, upstream, call, context, reply).start();
            if (context.inThread()) {
                start.run();
            } else {
                context.runOnContext(ignored -> start.run());
            }
        });
    }

    /** The queue that a call has to pass; none for a call that no model runs for, or where the upstream isn't limited. */
    Optional<ModelQueue> queue(Upstream upstream, UpstreamCall call) {
        if (call.model().isEmpty() || !admission.limits(upstream)) {
            return Optional.empty();
        }
        return Optional.of(admission.queue(upstream, catalog.label(call.model())));
    }

    /** How many calls wait for a slot of an upstream's models. */
    int waiting(Upstream upstream) {
        return admission.waiting(upstream);
    }

    /** How many calls of each model of an upstream that was called may run at a time now; empty where nothing limits them. */
    Map<String, Integer> slotsByModel(Upstream upstream) {
        return admission.slotsByModel(upstream);
    }

    Connections connections() {
        return connections;
    }

    Observer observer() {
        return observer;
    }

    NanoClock clock() {
        return clock;
    }

    /**
     * One call on its way through its model's queue and its upstream's breaker to an exchange. The slot is given back once, when the last exchange has really
     * ended. Confined to one event loop.
     */
    static final class Dispatch implements ExchangeWatcher {
        private static final int PLAIN_WEIGHT = 60;

        private final Dispatcher to;
        private final Upstream upstream;
        private final ContextInternal context;
        private final UniEmitter<? super ChatReply> reply;
        private final Optional<ModelQueue> queue;
        private final ModelQueue.Waiter waiter = new ModelQueue.Waiter(this::granted, this::requestId);

        private UpstreamCall call;
        private Circuit circuit;
        private @Nullable UniEmitter<? super Void> end;
        private long enteredNanos;
        private boolean trial;
        private boolean running;
        private boolean decided;
        private boolean left;
        private boolean wentWell;

        Dispatch(
                Dispatcher to,
                Upstream upstream,
                UpstreamCall call,
                ContextInternal context,
                UniEmitter<? super ChatReply> reply) {
            this.to = to;
            this.upstream = upstream;
            this.call = call;
            this.context = context;
            this.reply = reply;
            this.queue = to.queue(upstream, call);
            this.circuit = upstream.circuit();
        }

        /** Enters the queue, if the upstream has one. On the event loop. */
        void start() {
            if (queue.isEmpty()) {
                run();
                return;
            }
            enteredNanos = to.clock().nanos();
            ModelQueue slots = queue.get();
            if (slots.tryEnter()) {
                run();
                return;
            }
            reply.onTermination(this::leftWaiting);
            ModelQueue.Entry entry = slots.enter(waiter);
            if (entry == ModelQueue.Entry.RUNS) {
                run();
            } else if (entry == ModelQueue.Entry.REFUSED) {
                reply.fail(Admission.refusal(upstream, call.model(), slots));
            }
        }

        private void granted() {
            context.runOnContext(ignored -> {
                long now = to.clock().nanos();
                call = call.queued(now - enteredNanos);
                to.observer().observe(new Observation.Queued(upstream.name(), now - enteredNanos));
                enteredNanos = now;
                run();
            });
        }

        private String requestId() {
            return String.valueOf(call.headers().get(Caller.ID_HEADER));
        }

        private void leftWaiting() {
            queue.ifPresent(slots -> slots.withdraw(waiter));
        }

        private void run() {
            // Anew: while it waited, the server may have moved.
            circuit = upstream.circuit();
            circuit.around(() -> Uni.createFrom().<Void>emitter(this::attempt))
                    .subscribe()
                    .with(
                            done -> context.execute(this, Dispatch::decided),
                            failure -> context.execute(failure, this::refused));
        }

        /** On the event loop: the guard's second try is made by a thread of its timer, and may end there without an attempt. */
        private void refused(Throwable failure) {
            decided();
            reply.fail(failure);
        }

        private void decided() {
            decided = true;
            leave();
        }

        private void attempt(UniEmitter<? super Void> ending) {
            if (!context.inThread()) {
                context.runOnContext(ignored -> attempt(ending));
                return;
            }
            end = ending;
            running = true;
            trial = circuit.isOnTrial();
            new Exchange(upstream, call, to.connections().to(upstream), context, to.clock(), reply, this).start();
        }

        @Override
        public void replied() {
            if (trial) {
                // The next calls wait for this one's outcome; they cannot wait for the end of a long stream.
                succeed();
            }
        }

        /** A streamed token takes some sixty times the bytes of a plain one: the same answer shall count alike. */
        @Override
        public void arrived(int bytes) {
            if (queue.isPresent()) {
                queue.get().arrived(call.streaming() ? bytes : bytes * PLAIN_WEIGHT);
            }
        }

        @Override
        public void ended(int status) {
            running = false;
            wentWell = status / 100 == 2;
            if (status >= 502 && status <= 504) {
                fail(new GatewayException(
                        ErrorCode.UPSTREAM_ERROR, "upstream " + upstream.name() + " answered " + status));
            } else {
                succeed();
            }
            leave();
        }

        @Override
        public void refused(GatewayException failure) {
            running = false;
            reply.fail(failure);
            succeed();
            leave();
        }

        @Override
        public void failed(GatewayException failure, boolean unanswered) {
            running = false;
            boolean again = unanswered && failure.code() != ErrorCode.UPSTREAM_TIMEOUT;
            fail(again ? new Circuit.Unanswered(failure) : failure);
            leave();
        }

        private void succeed() {
            UniEmitter<? super Void> ending = end;
            end = null;
            if (ending != null) {
                ending.complete(null);
            }
        }

        private void fail(RuntimeException failure) {
            UniEmitter<? super Void> ending = end;
            end = null;
            if (ending != null) {
                ending.fail(failure);
            } else if (failure instanceof GatewayException late) {
                circuit.failedLate(late);
            }
        }

        /** Only when no exchange is under way and none will follow: a trial is decided before its body has ended. */
        private void leave() {
            if (running || !decided || left) {
                return;
            }
            left = true;
            if (queue.isPresent()) {
                queue.get().leave(wentWell ? to.clock().nanos() - enteredNanos : 0);
            }
        }
    }
}
