package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.FrameQueue;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.exchange.Route;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timing;
import dev.foundrygateway.openai.ClosingEdit;
import dev.foundrygateway.openai.sse.Frame;
import java.util.OptionalDouble;

/** The leg that won, on its way to the client: what was held of it goes first, then the rest as it comes. Confined to the request's event loop. */
final class Committed {
    private final Leg leg;
    private final Runnable settle;
    private final FrameQueue body;
    private final ClosingEdit edit;
    private Served served = Served.direct("", "", Timing.NONE);

    Committed(Leg leg, Ledger ledger, boolean stripLogprobs, Runnable settle) {
        this.leg = leg;
        this.settle = settle;
        this.edit = new ClosingEdit(() -> ledger.members(served), ledger::total, ledger.several(), stripLogprobs);
        this.body = new FrameQueue(new FrameQueue.Source() {
            @Override
            public void request(long frames) {
                leg.request(frames);
            }

            @Override
            public void cancel() {
                settle.run();
            }
        });
    }

    Leg leg() {
        return leg;
    }

    /** The reply to hand outward: the leg's own head, and how it came about. */
    ChatReply reply(
            Route route,
            Signal why,
            OptionalDouble score,
            long startedNanos,
            long now,
            long arrivedNanos,
            Observer observer) {
        ChatReply own = leg.reply();
        Timing timing = own.served().timing();
        // Before the large model was asked there was the draft; a draft itself is held from its first token on.
        long before = leg.startedNanos() - startedNanos;
        long hold = leg.large() ? before : leg.firstNanos() == 0 ? 0 : now - leg.firstNanos();
        Timing spent = new Timing(
                timing.queue(),
                Math.max(0, timing.prep() - before),
                timing.retrieval(),
                hold,
                timing.send(),
                timing.firstToken());
        served = own.served().decided(Ledger.tier(leg.large()), route, why.label(), score, spent);
        if (hold > 0) {
            observer.observe(new Observation.Held(hold));
        }
        if (own.stream() && leg.sound()) {
            observer.observe(new Observation.FirstReleased(now - arrivedNanos));
        }
        body.emit(edit.pass(Frame.join(leg.takeKept())));
        if (leg.over()) {
            complete();
        }
        return new ChatReply(own.status(), own.headers(), own.stream(), body, served);
    }

    void pass(Frame frame) {
        body.arrived(edit.pass(frame));
    }

    void complete() {
        body.emit(edit.end());
        settle.run();
        body.complete();
    }

    void fail(Throwable cause) {
        body.emit(edit.end());
        settle.run();
        body.fail(cause);
    }
}
