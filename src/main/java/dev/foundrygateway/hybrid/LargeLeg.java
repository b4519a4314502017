package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Route;
import dev.foundrygateway.hybrid.Alarms.Alarm;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The large model's side of one hybrid answer: whether it may be asked, its call, and the deadline for its first token. Confined to the request's event loop. */
final class LargeLeg {
    private final HybridCall hybrid;
    private final NanoClock clock;
    private final Alarms alarms;
    private final HybridReply reply;
    private final Leg.Listener listener;
    private final Runnable slow;

    private @Nullable Leg leg;
    private Alarm deadline = Alarm.NONE;
    private Route route = Route.ESCALATED;

    /** For this call; {@code slow} is run when the deadline has passed before the reply was decided. */
    LargeLeg(HybridCall hybrid, Surroundings around, HybridReply reply, Leg.Listener listener, Runnable slow) {
        this.hybrid = hybrid;
        this.clock = around.clock();
        this.alarms = around.alarms();
        this.reply = reply;
        this.listener = listener;
        this.slow = slow;
    }

    /** What speaks against asking the large model now. */
    Optional<Signal> obstacle() {
        boolean late = hybrid.model()
                .config()
                .budget()
                .deadline()
                .filter(limit -> sinceArrival() >= limit.toNanos())
                .isPresent();
        return late || !hybrid.model().budget().allows(clock.nanos())
                ? Optional.of(Signal.OVER_BUDGET)
                : Optional.empty();
    }

    private long sinceArrival() {
        return clock.nanos() - hybrid.call().arrivedNanos();
    }

    /** Asks it the client's question. */
    void ask(Route way) {
        start(way, LegCalls.escalation(hybrid.call(), hybrid.model()));
    }

    /** Gives it the draft to refine. */
    void refine(String draft) {
        String question = hybrid.asked().prompt().text();
        start(Route.REFINED, LegCalls.refinement(hybrid.call(), hybrid.model(), question, draft));
    }

    private void start(Route way, Call question) {
        route = way;
        Leg started = new Leg(true, hybrid.model().escalation(), question, clock, listener);
        leg = started;
        reply.add(started);
        hybrid.model()
                .config()
                .budget()
                .deadline()
                .ifPresent(limit -> deadline = alarms.after(
                        Duration.ofNanos(limit.toNanos() - sinceArrival()), () -> deadlinePassed(started)));
        started.start(hybrid.next());
    }

    private void deadlinePassed(Leg started) {
        if (!reply.decided() && is(started)) {
            slow.run();
        }
    }

    /** Whether it is being asked. */
    boolean asked() {
        return leg != null;
    }

    /** Whether this is its call, and not one that was dropped. */
    boolean is(Leg other) {
        return leg == other;
    }

    /** Whether it was asked only because the small model kept its client waiting. */
    boolean hedges() {
        return leg != null && route == Route.HEDGED;
    }

    /** The small model failed meanwhile: its answer is no hedge any more. */
    void becomesFallback() {
        route = Route.FALLBACK;
    }

    Route route() {
        return route;
    }

    /** Cancels its call, if there is one; another may be started. */
    void drop() {
        deadline.off();
        if (leg != null) {
            leg.cancel();
            leg = null;
        }
    }

    /** The deadline no longer counts. */
    void alarmOff() {
        deadline.off();
    }
}
