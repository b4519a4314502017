package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.operators.AbstractMulti;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body of one exchange as a {@code Multi}: hands frames on as they come and asks its source to pause while there is no demand. Subscribed to once.
 * Confined to the exchange's event loop; {@code request} and {@code cancel} may come from any thread.
 *
 * @see <a href="https://www.reactive-streams.org/">Reactive Streams</a>
 */
final class ReplyBody extends AbstractMulti<Frame> implements Flow.Subscription {
    /** Where the frames come from. */
    interface Source {
        /** Stop reading until {@link #resume}. */
        void pause();

        /** Read on. */
        void resume();

        /** Nobody wants the rest. */
        void cancel();
    }

    private final ContextInternal context;
    private final Source source;
    private final ArrayDeque<Frame> waiting = new ArrayDeque<>(2);
    private @Nullable MultiSubscriber<? super Frame> subscriber;
    private @Nullable Throwable failure;
    private long demand;
    private boolean ended;
    private boolean told;
    private boolean draining;

    ReplyBody(ContextInternal context, Source source) {
        this.context = context;
        this.source = source;
    }

    @Override
    public void subscribe(MultiSubscriber<? super Frame> downstream) {
        if (subscriber != null) {
            throw new IllegalStateException("a reply's body is subscribed to once");
        }
        subscriber = downstream;
        downstream.onSubscribe(this);
        drain();
    }

    /** The next frame. On the event loop. */
    void emit(Frame frame) {
        waiting.add(frame);
        drain();
        if (!waiting.isEmpty()) {
            source.pause();
        }
    }

    /** No frame will follow. On the event loop. */
    void complete() {
        ended = true;
        drain();
    }

    /** The source failed; what has come is still handed on first. On the event loop. */
    void fail(Throwable cause) {
        failure = cause;
        complete();
    }

    /** Whether frames wait for a reader that is slower than the model. */
    boolean waitsForReader() {
        return !waiting.isEmpty();
    }

    @Override
    public void request(long n) {
        if (!context.inThread()) {
            context.runOnContext(ignored -> request(n));
            return;
        }
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        boolean paused = !waiting.isEmpty();
        drain();
        if (paused && waiting.isEmpty() && !ended) {
            source.resume();
        }
    }

    @Override
    public void cancel() {
        if (!context.inThread()) {
            context.runOnContext(ignored -> cancel());
            return;
        }
        if (!told) {
            told = true;
            waiting.clear();
            source.cancel();
        }
    }

    private void drain() {
        MultiSubscriber<? super Frame> downstream = subscriber;
        if (downstream == null || draining) {
            return;
        }
        draining = true;
        while (!told && demand > 0 && !waiting.isEmpty()) {
            demand--;
            downstream.onItem(waiting.remove());
        }
        draining = false;
        if (ended && !told && waiting.isEmpty()) {
            told = true;
            if (failure == null) {
                downstream.onCompletion();
            } else {
                downstream.onFailure(failure);
            }
        }
    }
}
