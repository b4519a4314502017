package dev.foundrygateway.exchange;

import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Timers of the event loop that an exchange lives on. Nearly all of them are called off, once or more for each exchange: the loop's own cost one entry, those of
 * Vert.x four, and as many to be taken out. Thread-safe; an alarm rings on the loop.
 */
public final class Loop {
    /** One wake-up. */
    @FunctionalInterface
    public interface Alarm {
        Alarm NONE = () -> {};

        /** It will not ring; more than once without harm. */
        void off();
    }

    private final ContextInternal context;

    private Loop(ContextInternal context) {
        this.context = context;
    }

    public static Loop of(ContextInternal context) {
        return new Loop(context);
    }

    /** The loop that the caller runs on, or a new one for a thread that is none. */
    public static Loop current(Vertx vertx) {
        return new Loop((ContextInternal) vertx.getOrCreateContext());
    }

    /** Runs something after that many nanoseconds, once. */
    public Alarm after(long nanos, Runnable then) {
        ScheduledFuture<?> timer = context.nettyEventLoop()
                .schedule(() -> context.emit(ignored -> then.run()), nanos, TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
    }
}
