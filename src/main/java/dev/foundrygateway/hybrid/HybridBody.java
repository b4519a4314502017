package dev.foundrygateway.hybrid;

import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.operators.AbstractMulti;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body that the client gets: what was held back of the leg that won, then its frames as they come, asked for as the client asks. Subscribed to once.
 * Confined to the request's event loop.
 */
final class HybridBody extends AbstractMulti<Frame> implements Flow.Subscription {
    /** Where the frames come from. */
    interface Source {
        /** So many more frames are wanted. */
        void request(long frames);

        /** Nobody wants the rest. */
        void cancel();
    }

    private final Source source;
    private final ArrayDeque<Frame> waiting = new ArrayDeque<>(2);
    private @Nullable MultiSubscriber<? super Frame> subscriber;
    private Optional<Throwable> failure = Optional.empty();
    private long demand;
    private long outstanding;
    private boolean ended;
    private boolean told;
    private boolean draining;

    HybridBody(Source source) {
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

    /** A frame that was asked for has come; {@link Frame#EMPTY} if it was kept for later. */
    void arrived(Frame frame) {
        outstanding--;
        emit(frame);
    }

    /** A frame beside those that were asked for. */
    void emit(Frame frame) {
        if (frame.bytes().length() > 0 || !frame.events().isEmpty()) {
            waiting.add(frame);
        }
        drain();
    }

    void complete() {
        ended = true;
        drain();
    }

    void fail(Throwable cause) {
        failure = Optional.of(cause);
        complete();
    }

    @Override
    public void request(long n) {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        drain();
    }

    @Override
    public void cancel() {
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
            failure.ifPresentOrElse(downstream::onFailure, downstream::onCompletion);
        }
    }
}
