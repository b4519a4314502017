package dev.foundrygateway.hybrid;

import java.time.Duration;

/** Wakes somebody later, on the event loop that asked. */
@FunctionalInterface
interface Alarms {
    /** One wake-up that can be called off, more than once without harm. */
    @FunctionalInterface
    interface Alarm {
        /** None is set. */
        Alarm NONE = () -> {};

        /** It will not ring. */
        void off();
    }

    /** Runs something after that time, once. */
    Alarm after(Duration time, Runnable then);
}
