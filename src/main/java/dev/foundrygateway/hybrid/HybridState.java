package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Route;
import dev.foundrygateway.hybrid.HybridCommand.AskDraft;
import dev.foundrygateway.hybrid.HybridCommand.AskLarge;
import dev.foundrygateway.hybrid.HybridCommand.Commit;
import dev.foundrygateway.hybrid.HybridCommand.Consult;
import dev.foundrygateway.hybrid.HybridCommand.Drop;
import dev.foundrygateway.hybrid.HybridCommand.GiveUp;
import dev.foundrygateway.hybrid.HybridCommand.HoldOn;
import dev.foundrygateway.hybrid.HybridCommand.Judge;
import dev.foundrygateway.hybrid.HybridCommand.Read;
import dev.foundrygateway.hybrid.HybridEvent.Begun;
import dev.foundrygateway.hybrid.HybridEvent.Ended;
import dev.foundrygateway.hybrid.HybridEvent.Failed;
import dev.foundrygateway.hybrid.HybridEvent.Heard;
import dev.foundrygateway.hybrid.HybridEvent.HedgeDue;
import dev.foundrygateway.hybrid.HybridEvent.HoldOver;
import dev.foundrygateway.hybrid.HybridEvent.Judged;
import dev.foundrygateway.hybrid.HybridEvent.LargeLate;
import dev.foundrygateway.hybrid.HybridEvent.Left;
import dev.foundrygateway.hybrid.HybridEvent.Opened;
import dev.foundrygateway.hybrid.HybridEvent.Permit;
import dev.foundrygateway.hybrid.HybridEvent.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Where one hybrid answer stands. The draft's opening is held until it is judged; then either it is released (the commit point: from there on nothing is switched)
 * or the large model is asked, and its first token commits to it. Until that token the rejected draft is read on, as what is left if the large model fails.
 * Where it is configured, an opening that was found good is held on and judged once more before it is released.
 * Whatever happens, the client gets one side's text and none of the other's. A value: {@link #step} says what follows, and does nothing.
 *
 * @param rules what is configured
 * @param phase what is waited for
 * @param draft how far the small model's reply is
 * @param large how far the large model's reply is
 * @param way how the large model was asked last
 * @param reason why the large model was asked, or why it is not to be
 * @param score the score of the last judgement; empty if none was made
 */
record HybridState(Rules rules, Phase phase, Reply draft, Reply large, Route way, Signal reason, OptionalDouble score) {
    /**
     * What is configured.
     *
     * @param refines whether the large model refines whole drafts instead of answering
     * @param keepsDraft whether a rejected draft is read on
     * @param replacesDown whether the large model answers for a small one that failed
     */
    record Rules(boolean refines, boolean keepsDraft, boolean replacesDown) {}

    /** What is waited for. */
    enum Phase {
        NEW,
        /** The draft's opening, or its end, to judge it. */
        DRAFTING,
        /** What a witness says of the draft, which is read on meanwhile. */
        CONSULTING,
        /** Either model's first token. */
        HEDGING,
        /** The large model's first token. */
        ESCALATING,
        /** The draft, which is the answer whatever it says. */
        SETTLING,
        /** Nothing: one side is the answer. */
        COMMITTED,
        /** Nothing: there is no answer, or nobody to give it to. */
        OVER
    }

    /** How far a reply is. */
    enum Reply {
        NONE,
        ASKED,
        /** It comes, and is an answer so far. */
        SOUND,
        /** It has ended, and is an answer. */
        WHOLE,
        /** It is an error, which can be shown. */
        BROKEN,
        /** There will be none. */
        LOST;

        boolean answers() {
            return this == SOUND || this == WHOLE;
        }
    }

    /** What follows an event. */
    record Step(HybridState next, List<HybridCommand> commands) {
        /** The same after another command. */
        private Step after(HybridCommand first) {
            List<HybridCommand> all = new ArrayList<>();
            all.add(first);
            all.addAll(commands);
            return new Step(next, List.copyOf(all));
        }
    }

    static HybridState first(Rules rules) {
        return new HybridState(
                rules, Phase.NEW, Reply.NONE, Reply.NONE, Route.ESCALATED, Signal.CONFIDENT, OptionalDouble.empty());
    }

    /** Whether a side is the answer, or there will be none: nothing is to be decided any more. */
    boolean decided() {
        return phase == Phase.COMMITTED || phase == Phase.OVER;
    }

    /** What follows. Pure. */
    Step step(HybridEvent event) {
        if (decided()) {
            return then();
        }
        if (event instanceof Piece piece) {
            return piece.side() == Side.DRAFT ? draftPiece(piece) : largePiece(piece);
        }
        if (event instanceof Begun begun) {
            return begin(begun);
        }
        if (event instanceof Opened opened) {
            return opened.side() == Side.DRAFT ? draftOpened(opened.ok()) : largeOpened(opened.ok());
        }
        if (event instanceof Judged judged) {
            return judged(judged);
        }
        if (event instanceof Heard) {
            return phase == Phase.CONSULTING && draft.answers()
                    ? in(Phase.DRAFTING).then(new Judge())
                    : then();
        }
        if (event instanceof Ended ended) {
            return ended.side() == Side.DRAFT
                    ? draftEnded()
                    : large(Reply.BROKEN).largeFailed(true);
        }
        if (event instanceof Failed failed) {
            return failed.side() == Side.DRAFT ? draftFailed(failed) : largeBroke(failed);
        }
        if (event instanceof HoldOver) {
            return phase == Phase.DRAFTING && draft.answers() ? then(new Judge()) : then();
        }
        if (event instanceof HedgeDue due) {
            boolean waits = phase == Phase.DRAFTING && !draft.answers();
            return waits && due.affordable() ? because(Signal.HEDGE).ask(Phase.HEDGING, Route.HEDGED) : then();
        }
        if (event instanceof LargeLate) {
            return largeLate();
        }
        return event instanceof Left ? in(Phase.OVER).then() : then();
    }

    private Step begin(Begun begun) {
        if (begun.draftWanted()) {
            return settle(Signal.REQUESTED);
        }
        return begun.verdict() instanceof Verdict.Escalate escalation
                ? escalate(escalation, begun.permit())
                : draft(Reply.ASKED).in(Phase.DRAFTING).then(new AskDraft());
    }

    /** The policy wants the large model: it is asked, or the draft is the answer all the same and says why. */
    private Step escalate(Verdict.Escalate verdict, Permit permit) {
        HybridState scored = scored(verdict.score());
        if (permit != Permit.GRANTED) {
            return scored.settle(permit == Permit.OVER_BUDGET ? Signal.OVER_BUDGET : Signal.SHARE_REACHED);
        }
        HybridState asking = scored.because(verdict.reason());
        if (draft.answers() && rules.refines()) {
            return asking.ask(Phase.ESCALATING, Route.REFINED);
        }
        Step asked = asking.ask(Phase.ESCALATING, Route.ESCALATED);
        if (draft == Reply.NONE) {
            return asked;
        }
        AskLarge ask = new AskLarge(Route.ESCALATED);
        return rules.keepsDraft()
                ? asked.next().then(ask, new Read(Side.DRAFT))
                : asked.next().draft(Reply.LOST).then(new Drop(Side.DRAFT), ask);
    }

    private Step judged(Judged judged) {
        if (phase != Phase.DRAFTING) {
            return then();
        }
        Verdict verdict = judged.verdict();
        if (verdict instanceof Verdict.Ask ask) {
            Consult consult = new Consult(ask.witness());
            HybridState asking = in(Phase.CONSULTING);
            return draft == Reply.WHOLE ? asking.then(consult) : asking.then(consult, new Read(Side.DRAFT));
        }
        if (verdict instanceof Verdict.HoldOn) {
            return then(new HoldOn());
        }
        return verdict instanceof Verdict.Escalate escalation
                ? escalate(escalation, judged.permit())
                : scored(verdict.score()).commit(Side.DRAFT, Route.DRAFT, verdict.reason());
    }

    private Step draftOpened(boolean ok) {
        if (!ok) {
            return draft(Reply.BROKEN).then(new Read(Side.DRAFT));
        }
        HybridState open = draft(Reply.SOUND);
        return phase == Phase.SETTLING
                ? open.commit(Side.DRAFT, settledRoute(), reason)
                : open.then(new Read(Side.DRAFT));
    }

    private Route settledRoute() {
        return reason == Signal.REQUESTED || reason == Signal.SHARE_REACHED ? Route.DRAFT : Route.FALLBACK;
    }

    private Step draftPiece(Piece piece) {
        if (!piece.sound()) {
            return draft(Reply.BROKEN).then(new Read(Side.DRAFT));
        }
        if (phase == Phase.HEDGING && piece.output()) {
            HybridState alone = large(Reply.NONE).in(Phase.DRAFTING);
            return piece.enough()
                    ? alone.then(new Drop(Side.LARGE), new Judge())
                    : alone.then(new Drop(Side.LARGE), new Read(Side.DRAFT));
        }
        return phase == Phase.DRAFTING && piece.enough() ? then(new Judge()) : then(new Read(Side.DRAFT));
    }

    private Step draftEnded() {
        HybridState whole = draft(Reply.WHOLE);
        return switch (phase) {
            case DRAFTING -> whole.then(new Judge());
            case SETTLING -> whole.commit(Side.DRAFT, settledRoute(), reason);
            default -> whole.then();
        };
    }

    private Step draftFailed(Failed failed) {
        HybridState broken = draft(failed.replied() ? Reply.BROKEN : Reply.LOST);
        if (phase == Phase.HEDGING) {
            // What hedged is what answers now.
            return broken.in(Phase.ESCALATING)
                    .by(Route.FALLBACK)
                    .because(Signal.DRAFT_DOWN)
                    .then();
        }
        if (phase == Phase.ESCALATING) {
            return broken.then();
        }
        boolean tooLong = failed.failure() == DraftFailure.TOO_LONG;
        boolean formless = failed.failure() == DraftFailure.FORMLESS;
        boolean otherMay = tooLong || formless || (failed.failure() == DraftFailure.DOWN && rules.replacesDown());
        // What the share spared the large model is its again where there is no draft.
        boolean spared = phase == Phase.SETTLING && reason == Signal.SHARE_REACHED;
        boolean open = phase == Phase.DRAFTING || phase == Phase.CONSULTING || spared;
        if (open && otherMay && failed.affordable()) {
            return broken.because(tooLong ? Signal.CONTEXT_LIMIT : formless ? Signal.BROKEN_JSON : Signal.DRAFT_DOWN)
                    .ask(Phase.ESCALATING, tooLong || formless ? Route.ESCALATED : Route.FALLBACK);
        }
        return failed.replied()
                ? broken.commit(Side.DRAFT, Route.DRAFT, Signal.DRAFT_DOWN)
                : broken.in(Phase.OVER).then(new GiveUp(Side.DRAFT));
    }

    private Step largeOpened(boolean ok) {
        return ok
                ? large(Reply.SOUND).then(new Read(Side.LARGE))
                : large(Reply.BROKEN).largeFailed(true);
    }

    private Step largePiece(Piece piece) {
        return piece.sound() && piece.output() ? commit(Side.LARGE, way, reason) : then(new Read(Side.LARGE));
    }

    private Step largeBroke(Failed failed) {
        return draftCanAnswer() ? largeFailed(failed.replied()) : in(Phase.OVER).then(new GiveUp(Side.LARGE));
    }

    private Step largeFailed(boolean replied) {
        if (!draftCanAnswer()) {
            return replied ? commit(Side.LARGE, way, reason) : in(Phase.OVER).then(new GiveUp(Side.LARGE));
        }
        HybridState alone = large(Reply.NONE);
        if (phase != Phase.HEDGING) {
            return alone.settle(Signal.LARGE_DOWN).after(new Drop(Side.LARGE));
        }
        HybridState drafting = alone.in(Phase.DRAFTING);
        return draft == Reply.WHOLE
                ? drafting.then(new Drop(Side.LARGE), new Judge())
                : drafting.then(new Drop(Side.LARGE));
    }

    private Step largeLate() {
        boolean waits = phase == Phase.HEDGING || phase == Phase.ESCALATING;
        return waits && draftCanAnswer()
                ? large(Reply.NONE).settle(Signal.LARGE_SLOW).after(new Drop(Side.LARGE))
                : then();
    }

    /** Whether there is a draft, or one may still come. */
    private boolean draftCanAnswer() {
        return draft == Reply.NONE || draft == Reply.ASKED || draft.answers();
    }

    /** The draft is the answer since the large model cannot or may not be. */
    private Step settle(Signal why) {
        if (draft.answers()) {
            return commit(Side.DRAFT, why == Signal.SHARE_REACHED ? Route.DRAFT : Route.FALLBACK, why);
        }
        HybridState settling = in(Phase.SETTLING).because(why);
        return draft == Reply.NONE ? settling.draft(Reply.ASKED).then(new AskDraft()) : settling.then();
    }

    private Step ask(Phase waiting, Route asked) {
        return large(Reply.ASKED).in(waiting).by(asked).then(new AskLarge(asked));
    }

    private Step commit(Side side, Route route, Signal why) {
        return in(Phase.COMMITTED).because(why).then(new Commit(side, route, why));
    }

    private Step then(HybridCommand... commands) {
        return new Step(this, List.of(commands));
    }

    private HybridState in(Phase other) {
        return new HybridState(rules, other, draft, large, way, reason, score);
    }

    private HybridState draft(Reply other) {
        return new HybridState(rules, phase, other, large, way, reason, score);
    }

    private HybridState large(Reply other) {
        return new HybridState(rules, phase, draft, other, way, reason, score);
    }

    private HybridState by(Route other) {
        return new HybridState(rules, phase, draft, large, other, reason, score);
    }

    private HybridState because(Signal other) {
        return new HybridState(rules, phase, draft, large, way, other, score);
    }

    private HybridState scored(OptionalDouble other) {
        return new HybridState(rules, phase, draft, large, way, reason, other);
    }
}
