package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.AbstractMultiOperator;
import io.smallrye.mutiny.operators.multi.MultiOperatorProcessor;
import io.smallrye.mutiny.subscription.MultiSubscriber;

/** A body that tells a tap what passes and how it ends: the one operator for that on a token's path, where {@code invoke} would stack four. */
public final class TappedBody extends AbstractMultiOperator<Frame, Frame> {
    private final Tap tap;

    public TappedBody(Multi<Frame> upstream, Tap tap) {
        super(upstream);
        this.tap = tap;
    }

    @Override
    public void subscribe(MultiSubscriber<? super Frame> downstream) {
        upstream.subscribe().withSubscriber(new Tapped(downstream, tap));
    }

    private static final class Tapped extends MultiOperatorProcessor<Frame, Frame> {
        private final Tap tap;

        Tapped(MultiSubscriber<? super Frame> downstream, Tap tap) {
            super(downstream);
            this.tap = tap;
        }

        @Override
        public void onItem(Frame frame) {
            tap.passed(frame);
            super.onItem(frame);
        }

        @Override
        public void onFailure(Throwable failure) {
            tap.ended(StreamEnd.failed(failure));
            super.onFailure(failure);
        }

        @Override
        public void onCompletion() {
            // Before the client's last byte: who has a whole answer finds it counted, and its budget charged.
            try {
                tap.ended(StreamEnd.COMPLETED);
            } finally {
                super.onCompletion();
            }
        }

        @Override
        public void cancel() {
            tap.ended(StreamEnd.CANCELLED);
            super.cancel();
        }
    }

    /** Sees what passes through a {@link TappedBody}, and changes nothing. Never throws. */
    public interface Tap {
        /** A frame is about to be handed on. */
        void passed(Frame frame);

        /** The body has ended; also told a second time where its reader leaves at that very moment, which is to be ignored. */
        void ended(StreamEnd end);
    }
}
