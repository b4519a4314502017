package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.FrameQueue;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Loop.Alarm;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Route;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.hybrid.HybridCommand.AskDraft;
import dev.foundrygateway.hybrid.HybridCommand.AskLarge;
import dev.foundrygateway.hybrid.HybridCommand.Commit;
import dev.foundrygateway.hybrid.HybridCommand.Consult;
import dev.foundrygateway.hybrid.HybridCommand.Drop;
import dev.foundrygateway.hybrid.HybridCommand.GiveUp;
import dev.foundrygateway.hybrid.HybridCommand.HoldOn;
import dev.foundrygateway.hybrid.HybridCommand.Judge;
import dev.foundrygateway.hybrid.HybridCommand.Read;
import dev.foundrygateway.hybrid.HybridConfig.DraftDown;
import dev.foundrygateway.hybrid.HybridEvent.Permit;
import dev.foundrygateway.hybrid.HybridState.Phase;
import dev.foundrygateway.openai.ClosingEdit;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One hybrid answer on its way: tells {@link HybridState} what happens and does what that says. After the commit a frame of the winner goes straight to its reader.
 * Whichever way it ends, what still runs is cancelled and all is counted. Confined to the request's event loop.
 */
final class HybridExchange implements Leg.Listener, FrameQueue.Source {
    private final HybridCall hybrid;
    private final VirtualModel model;
    private final Surroundings around;
    private final UniEmitter<? super ChatReply> emitter;
    private final Ledger ledger;
    private final Consultation witnesses;
    private final DraftHold hold;
    private final long startedNanos;
    private final FrameQueue body = new FrameQueue(this);
    private final Map<Side, Leg> legs = new EnumMap<>(Side.class);
    private final List<Leg> all = new ArrayList<>(2);
    private final List<Alarm> alarms = new ArrayList<>(2);
    private final ArrayDeque<HybridEvent> events = new ArrayDeque<>(2);

    private HybridState state;
    private boolean stepping;
    private boolean settled;
    private boolean studied;
    private @Nullable Leg winner;
    private @Nullable ClosingEdit edit;
    private Served served = Served.direct("", "", Timeline.NONE);

    HybridExchange(HybridCall hybrid, Surroundings around, UniEmitter<? super ChatReply> emitter) {
        this.hybrid = hybrid;
        this.model = hybrid.model();
        this.around = around;
        this.emitter = emitter;
        this.startedNanos = around.clock().nanos();
        this.ledger = new Ledger(hybrid.call(), model, around.facts(), around.clock(), around.observer());
        this.witnesses = new Consultation(hybrid, around, ledger, () -> happens(new HybridEvent.Heard()));
        this.hold = new DraftHold(model.config().hold(), around.alarms(), () -> happens(new HybridEvent.HoldOver()));
        this.state = HybridState.first(new HybridState.Rules(
                model.refines(), model.config().keepDraft(), model.config().draftDown() == DraftDown.ESCALATE));
    }

    /** Begins, and follows the client, who may leave before there is a reply. On the event loop. */
    void start() {
        emitter.onTermination(() -> {
            if (winner == null) {
                happens(new HybridEvent.Left());
                settle();
            }
        });
        hybrid.share().arrived();
        boolean never = hybrid.draftWanted();
        Verdict verdict = hybrid.before();
        happens(new HybridEvent.Begun(never, verdict, never ? Permit.GRANTED : permit(verdict)));
    }

    /** What a command makes happen at once waits until all commands are done. */
    private void happens(HybridEvent event) {
        events.add(event);
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            for (HybridEvent next = events.poll(); next != null; next = events.poll()) {
                HybridState.Step step = state.step(next);
                state = step.next();
                step.commands().forEach(this::carryOut);
            }
        } finally {
            stepping = false;
        }
    }

    private void carryOut(HybridCommand command) {
        if (command instanceof Read read) {
            if (read.side() == Side.DRAFT) {
                hold.asked();
            }
            leg(read.side()).request(1);
        } else if (command instanceof AskDraft) {
            askDraft();
        } else if (command instanceof AskLarge ask) {
            askLarge(ask.way());
        } else if (command instanceof Drop drop) {
            leg(drop.side()).cancel();
        } else if (command instanceof Judge) {
            hold.judged(leg(Side.DRAFT));
            Verdict verdict = hybrid.judge(
                    leg(Side.DRAFT),
                    witnesses,
                    affordable(),
                    model.judgesParagraphs() && !hold.isOn(),
                    lastTurn(),
                    around.observer());
            events.addFirst(new HybridEvent.Judged(verdict, permit(verdict)));
        } else if (command instanceof Consult consult) {
            witnesses.ask(consult.witness(), leg(Side.DRAFT));
        } else if (command instanceof HoldOn) {
            witnesses.again();
            hold.on(leg(Side.DRAFT));
        } else if (command instanceof Commit commit) {
            commit(leg(commit.side()), commit.way(), commit.reason());
        } else if (command instanceof GiveUp giveUp) {
            Leg failed = leg(giveUp.side());
            settle();
            emitter.fail(failed.failure().orElseGet(() -> noAnswer(failed.model())));
        }
    }

    private static GatewayException noAnswer(String name) {
        return new GatewayException(ErrorCode.UPSTREAM_ERROR, "model " + name + " gave no answer");
    }

    private Leg leg(Side side) {
        Leg leg = legs.get(side);
        if (leg == null) {
            throw new IllegalStateException(side + " was not asked");
        }
        return leg;
    }

    private void askDraft() {
        if (state.phase() == Phase.DRAFTING) {
            model.config()
                    .hedgeAfter()
                    .ifPresent(after -> alarm(after, () -> happens(new HybridEvent.HedgeDue(affordable()))));
        }
        start(new Leg(Side.DRAFT, "draft", model.draft(), LegCalls.draft(hybrid.call(), model), around.clock(), this));
    }

    private void askLarge(Route way) {
        witnesses.end();
        model.config()
                .budget()
                .deadline()
                .ifPresent(limit -> alarm(
                        Duration.ofNanos(limit.toNanos() - sinceArrival()),
                        () -> happens(new HybridEvent.LargeLate())));
        boolean refines = way == Route.REFINED;
        start(new Leg(
                Side.LARGE,
                refines ? "refinement" : "escalation",
                model.escalation(),
                refines
                        ? LegCalls.refinement(
                                hybrid.call(),
                                model,
                                hybrid.prompt().text(),
                                leg(Side.DRAFT).draft().text())
                        : LegCalls.escalation(hybrid.call(), model),
                around.clock(),
                this));
    }

    /** Who has the conversation in its cache; a large model that is not loaded has none. */
    private Optional<Side> lastTurn() {
        return model.stickiness()
                .flatMap(one -> one.last(hybrid.conversation(), around.clock().nanos()))
                .filter(side -> side == Side.DRAFT || around.loaded().ready(model.escalation()));
    }

    private void start(Leg leg) {
        legs.put(leg.side(), leg);
        all.add(leg);
        ledger.add(leg);
        leg.start(hybrid.next());
    }

    private void alarm(Duration after, Runnable then) {
        alarms.add(around.alarms().after(after, then));
    }

    private Permit permit(Verdict verdict) {
        if (!(verdict instanceof Verdict.Escalate)) {
            return Permit.GRANTED;
        }
        if (!affordable()) {
            return Permit.OVER_BUDGET;
        }
        boolean own = verdict.reason() == Signal.REQUESTED;
        return own || hybrid.share().spend() ? Permit.GRANTED : Permit.SHARE_REACHED;
    }

    /** Whether neither the deadline nor the budget speaks against asking the large model now. */
    private boolean affordable() {
        Optional<Duration> deadline = model.config().budget().deadline();
        boolean late = deadline.isPresent() && sinceArrival() >= deadline.get().toNanos();
        return !late && model.budget().allows(around.clock().nanos());
    }

    private long sinceArrival() {
        return hybrid.call().timeline().since(around.clock().nanos());
    }

    @Override
    public void opened(Leg leg) {
        happens(new HybridEvent.Opened(leg.side(), leg.reply().status() == 200));
    }

    @Override
    public void frame(Leg leg, Frame frame) {
        if (leg.side() == Side.DRAFT) {
            hold.came();
        }
        if (leg == winner && edit != null) {
            studied &= leg.pieces() < Learner.MOST_PIECES;
            if (studied) {
                leg.follow(frame);
            }
            body.arrived(edit.pass(frame));
        } else if (!state.decided()) {
            hold(leg, frame);
        }
    }

    private void hold(Leg leg, Frame frame) {
        boolean judged = leg.side() == Side.LARGE || state.phase() == Phase.ESCALATING;
        if (judged) {
            leg.keep(frame);
        } else {
            leg.read(frame);
        }
        boolean opening = !judged && leg.sound() && leg.reply().stream() && !model.refines() && leg.pieces() > 0;
        boolean enough = opening && hold.isEnough(leg);
        happens(new HybridEvent.Piece(leg.side(), leg.sound(), leg.hasOutput(), enough));
    }

    @Override
    public void ended(Leg leg) {
        if (leg == winner) {
            close(leg);
        } else if (leg.side() == Side.DRAFT && !leg.sound()) {
            failed(leg);
        } else {
            happens(new HybridEvent.Ended(leg.side()));
        }
    }

    @Override
    public void failed(Leg leg) {
        if (leg == winner) {
            close(leg);
        } else {
            DraftFailure failure = leg.side() == Side.DRAFT ? DraftFailure.of(leg) : DraftFailure.DOWN;
            happens(new HybridEvent.Failed(leg.side(), leg.replied(), failure, affordable()));
        }
    }

    /** The commit point: this leg is the answer, and the other one is cancelled. */
    private void commit(Leg leg, Route route, Signal why) {
        winner = leg;
        alarmsOff();
        witnesses.end();
        all.stream().filter(other -> other != leg).forEach(Leg::cancel);
        boolean draft = leg.side() == Side.DRAFT;
        studied = route == Route.DRAFT
                && why == Signal.CONFIDENT
                && model.learner().filter(one -> one.wants(hybrid, witnesses)).isPresent();
        edit = new ClosingEdit(
                () -> ledger.members(served),
                ledger::total,
                ledger.several(),
                draft && LegCalls.asksLogprobs(hybrid.call(), model));
        observe(new Observation.Decision(model.name(), why.label(), leg.sound() ? outcome(route, draft) : "error"));
        observe(new Observation.EscalatedShare(model.name(), model.count(!draft)));
        long now = around.clock().nanos();
        if (leg.sound()) {
            model.stickiness().ifPresent(one -> one.answered(hybrid.conversation(), leg.side(), now));
        }
        ChatReply own = leg.reply();
        // Before the large model was asked there was the draft; a draft itself is held from its first token on.
        long before = leg.startedNanos() - startedNanos;
        long hold = !draft ? before : now - leg.firstNanos().orElse(now);
        // A form that was asked for may have had the answer held before.
        long held = hold + own.served().timeline().hold().orElse(0);
        Timeline spent = own.served().timeline().held(held, before);
        served = own.served()
                .decided(leg.side().tier(), route, why.label(), state.score(), spent)
                .withLegs(ledger::reports);
        if (hold > 0) {
            observe(new Observation.Held(hold));
        }
        if (own.stream() && leg.sound()) {
            observe(new Observation.FirstReleased(hybrid.call().timeline().since(now)));
        }
        body.emit(edit.pass(Frame.join(leg.takeKept())));
        if (leg.over()) {
            close(leg);
        }
        emitter.complete(new ChatReply(own.status(), own.headers(), own.stream(), body, served));
    }

    /** The values of the metric label {@code outcome} of an answer. */
    private static String outcome(Route route, boolean draft) {
        return switch (route) {
            case DRAFT, DIRECT -> "kept";
            case ESCALATED -> "escalated";
            case REFINED -> "refined";
            case HEDGED -> "hedged";
            // By the large model since the draft failed: it wrote it, whatever the reason.
            case FALLBACK -> draft ? "fallback" : "escalated";
        };
    }

    /** The winner has ended, well or not. */
    private void close(Leg leg) {
        if (edit != null) {
            body.emit(edit.end());
        }
        if (studied && leg.sound()) {
            model.learner().ifPresent(one -> one.kept(hybrid, leg.draft(), witnesses.heard()));
        }
        settle();
        leg.failure().ifPresentOrElse(body::fail, body::complete);
    }

    @Override
    public void request(long frames) {
        if (winner != null) {
            winner.request(frames);
        }
    }

    /** The client has left while the answer came. */
    @Override
    public void cancel() {
        settle();
    }

    private void settle() {
        if (settled) {
            return;
        }
        settled = true;
        alarmsOff();
        witnesses.end();
        all.forEach(Leg::cancel);
        ledger.settle(winner != null && winner.side() == Side.DRAFT, winner != null);
    }

    private void alarmsOff() {
        hold.off();
        alarms.forEach(Alarm::off);
        alarms.clear();
    }

    private void observe(Observation observation) {
        around.observer().observe(observation);
    }
}
