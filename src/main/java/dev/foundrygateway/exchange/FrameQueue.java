package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.operators.AbstractMulti;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body of a reply as a {@code Multi}: frames are put in at one end and handed on at the other as its reader asks for them. It tells its source when the reader
 * is behind, and what the reader asks for. Subscribed to once. Confined to the exchange's event loop; where it was given that, {@code request} and {@code cancel}
 * may come from any thread.
 *
 * @see <a href="https://www.reactive-streams.org/">Reactive Streams</a>
 */
public final class FrameQueue extends AbstractMulti<Frame> implements Flow.Subscription {
    /** Where the frames come from. One that is asked for its frames hears {@link #request}; one that sends them unasked, {@link #pause} and {@link #resume}. */
    public interface Source {
        /** So many more frames are wanted; each comes by {@link #arrived}. */
        default void request(long frames) {}

        /** Stop reading until {@link #resume}. */
        default void pause() {}

        default void resume() {}

        /** Nobody wants the rest. */
        void cancel();
    }

    private final @Nullable ContextInternal context;
    private final Source source;
    private final ArrayDeque<Frame> waiting = new ArrayDeque<>(2);
    private @Nullable MultiSubscriber<? super Frame> subscriber;
    private @Nullable Throwable failure;
    private long demand;
    private long outstanding;
    private boolean ended;
    private boolean told;
    private boolean draining;

    /** One whose reader stays on the event loop. */
    public FrameQueue(Source source) {
        this.context = null;
        this.source = source;
    }

    /** One whose reader may be on any thread. */
    public FrameQueue(ContextInternal context, Source source) {
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

    /** A frame that was asked for has come; {@link Frame#EMPTY} if it is kept for later. On the event loop. */
    public void arrived(Frame frame) {
        outstanding--;
        emit(frame);
    }

    /** The next frame, which nobody asked for. On the event loop. */
    public void emit(Frame frame) {
        if (frame.bytes().length() > 0 || !frame.events().isEmpty()) {
            waiting.add(frame);
        }
        drain();
        if (!waiting.isEmpty()) {
            source.pause();
        }
    }

    /** No frame will follow. On the event loop. */
    public void complete() {
        ended = true;
        drain();
    }

    /** The source failed; what has come is still handed on first. On the event loop. */
    public void fail(Throwable cause) {
        failure = cause;
        complete();
    }

    @Override
    public void request(long n) {
        if (context != null && !context.inThread()) {
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
        if (context != null && !context.inThread()) {
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
        while (!told && demand > 0) {
            if (!waiting.isEmpty()) {
                demand--;
                downstream.onItem(waiting.remove());
            } else if (!ended && outstanding < demand) {
                long more = demand - outstanding;
                outstanding = demand;
                source.request(more);
            } else {
                break;
            }
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
