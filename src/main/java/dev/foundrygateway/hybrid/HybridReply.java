package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.exchange.Route;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The one reply of a hybrid answer: given once, from the leg that won. Whichever way it ends, what still runs is cancelled and all is counted. Confined to
 * the request's event loop.
 */
final class HybridReply {
    private final Call call;
    private final VirtualModel model;
    private final NanoClock clock;
    private final Observer observer;
    private final UniEmitter<? super ChatReply> emitter;
    private final Runnable alarmsOff;
    private final Ledger ledger;
    private final long startedNanos;
    private final List<Leg> legs = new ArrayList<>(2);

    private @Nullable Committed committed;
    private boolean over;

    /** For this call; {@code alarmsOff} is run as soon as nothing is to be decided any more. */
    HybridReply(HybridCall hybrid, Surroundings around, UniEmitter<? super ChatReply> emitter, Runnable alarmsOff) {
        this.call = hybrid.call();
        this.model = hybrid.model();
        this.clock = around.clock();
        this.observer = around.observer();
        this.emitter = emitter;
        this.alarmsOff = alarmsOff;
        this.ledger = new Ledger(call, model, around.facts(), clock, observer);
        this.startedNanos = clock.nanos();
    }

    /** Follows the client, who may leave before there is a reply. */
    void watch() {
        emitter.onTermination(() -> {
            if (committed == null) {
                settle();
            }
        });
    }

    /** Counts a leg that is about to start. */
    void add(Leg leg) {
        legs.add(leg);
        ledger.add(leg);
    }

    /** Whether nothing is to be decided any more: a leg has won, or all is over. */
    boolean decided() {
        return committed != null || over;
    }

    /** Whether all is over, so that nothing may be started. */
    boolean over() {
        return over;
    }

    /** Passes the winner's frame on; false if there is no winner yet. */
    boolean passed(Leg leg, Frame frame) {
        if (committed != null && committed.leg() == leg) {
            committed.pass(frame);
        }
        return decided();
    }

    /** Ends with the winner; false if there is none yet. */
    boolean completed(Leg leg) {
        if (committed != null && committed.leg() == leg) {
            committed.complete();
        }
        return decided();
    }

    /** Fails with the winner; false if there is none yet. */
    boolean failed(Leg leg, Throwable cause) {
        if (committed != null && committed.leg() == leg) {
            committed.fail(cause);
        }
        return decided();
    }

    /** The commit point: this leg is the answer, and the other one is cancelled. */
    void commit(Leg leg, Route route, Signal why, OptionalDouble score) {
        alarmsOff.run();
        for (Leg other : legs) {
            if (other != leg) {
                other.cancel();
            }
        }
        Committed chosen = new Committed(leg, ledger, !leg.large() && LegCalls.asksLogprobs(call, model), this::settle);
        committed = chosen;
        observer.observe(new Observation.Decision(why.label(), Outcomes.of(route, leg.sound())));
        observer.observe(new Observation.EscalatedShare(model.name(), model.count(leg.large())));
        emitter.complete(chosen.reply(route, why, score, startedNanos, clock.nanos(), call.arrivedNanos(), observer));
    }

    /** There is no answer. */
    void fail(Throwable cause) {
        if (!over) {
            settle();
            emitter.fail(cause);
        }
    }

    private void settle() {
        if (over) {
            return;
        }
        over = true;
        alarmsOff.run();
        legs.forEach(Leg::cancel);
        ledger.settle(committed != null && !committed.leg().large());
    }
}
