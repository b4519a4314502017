package dev.foundrygateway.hybrid;

import dev.foundrygateway.chat.Call;
import dev.foundrygateway.chat.ChatReply;
import dev.foundrygateway.chat.ChatService;
import dev.foundrygateway.chat.GatewayException;
import dev.foundrygateway.chat.ModelFacts;
import dev.foundrygateway.chat.NanoClock;
import dev.foundrygateway.chat.Observation;
import dev.foundrygateway.chat.Observer;
import dev.foundrygateway.chat.Route;
import dev.foundrygateway.hybrid.Alarms.Alarm;
import dev.foundrygateway.hybrid.HybridConfig.DraftDown;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.Frame;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One hybrid answer. The draft's opening is held until the policy has judged it; then either it is released (the commit point: from there on nothing is
 * switched) or the large model is asked, and its first token commits to it. Until that token the rejected draft is read on, as what is left if the large
 * model fails. Whatever happens, the client gets one leg's text and none of the other's. Confined to the request's event loop.
 */
final class HybridExchange implements Leg.Listener {
    private static final String NEVER = "never";
    private static final String ALWAYS = "always";

    private final Call call;
    private final ChatService next;
    private final VirtualModel model;
    private final Share share;
    private final PromptReader asked;
    private final NanoClock clock;
    private final Alarms alarms;
    private final Observer observer;
    private final UniEmitter<? super ChatReply> emitter;
    private final Ledger ledger;
    private final long startedNanos;

    private @Nullable Leg draft;
    private @Nullable Leg large;
    private @Nullable Committed committed;
    private Alarm hold = Alarm.NONE;
    private Alarm hedge = Alarm.NONE;
    private Alarm deadline = Alarm.NONE;
    private Route largeRoute = Route.ESCALATED;
    /** Why the large model was asked, or why it is not to be. */
    private Reason reason = Reason.CONFIDENT;

    private OptionalDouble score = OptionalDouble.empty();
    /** Whether the draft is the answer whatever it says. */
    private boolean drafting;

    private boolean over;

    HybridExchange(
            Call call,
            ChatService next,
            VirtualModel model,
            Share share,
            PromptReader asked,
            ModelFacts facts,
            NanoClock clock,
            Alarms alarms,
            Observer observer,
            UniEmitter<? super ChatReply> emitter) {
        this.call = call;
        this.next = next;
        this.model = model;
        this.share = share;
        this.asked = asked;
        this.clock = clock;
        this.alarms = alarms;
        this.observer = observer;
        this.emitter = emitter;
        this.ledger = new Ledger(call, model, facts, clock, observer);
        this.startedNanos = clock.nanos();
    }

    /** Begins. On the event loop. */
    void start() {
        emitter.onTermination(this::abandonedBeforeReply);
        share.arrived();
        if (asked.escalate().equals(NEVER)) {
            keepAnyDraft(Reason.REQUESTED);
        } else if (model.refines()) {
            startDraft();
        } else if (asked.escalate().equals(ALWAYS)) {
            escalate(new Verdict.Escalate(Reason.REQUESTED, OptionalDouble.empty()));
        } else if (model.policy().before(asked.prompt(), share.threshold()) instanceof Verdict.Escalate escalation) {
            escalate(escalation);
        } else {
            startDraft();
        }
    }

    private void keepAnyDraft(Reason why) {
        drafting = true;
        reason = why;
        startDraft();
    }

    private void startDraft() {
        Leg leg = new Leg(false, model.draft(), LegCalls.draft(call, model), clock, this);
        draft = leg;
        ledger.add(leg);
        if (!drafting && large == null) {
            model.config().hedgeAfter().ifPresent(after -> hedge = alarms.after(after, this::hedge));
        }
        leg.start(next);
    }

    /** The small model keeps its client waiting: ask the large one too. */
    private void hedge() {
        if (!over && large == null && obstacle().isEmpty()) {
            reason = Reason.HEDGE;
            startLarge(Route.HEDGED, LegCalls.escalation(call, model));
        }
    }

    /** What speaks against asking the large model now. */
    private Optional<Reason> obstacle() {
        boolean late = model.config()
                .budget()
                .deadline()
                .filter(limit -> sinceArrival() >= limit.toNanos())
                .isPresent();
        return late || !model.budget().allows(clock.nanos()) ? Optional.of(Reason.OVER_BUDGET) : Optional.empty();
    }

    private long sinceArrival() {
        return clock.nanos() - call.arrivedNanos();
    }

    /** The policy wants the large model: it is asked, or the draft is the answer all the same and says why. */
    private void escalate(Verdict.Escalate verdict) {
        score = verdict.score();
        Optional<Reason> obstacle = obstacle();
        boolean own = verdict.reason() == Reason.REQUESTED;
        if (obstacle.isEmpty() && (own || share.spend())) {
            reason = verdict.reason();
            Leg first = draft;
            if (first != null && first.sound() && model.refines()) {
                String text = first.draft().text();
                startLarge(
                        Route.REFINED,
                        LegCalls.refinement(call, model, asked.prompt().text(), text));
                return;
            }
            if (first != null && !model.config().keepDraft()) {
                first.cancel();
            }
            startLarge(Route.ESCALATED, LegCalls.escalation(call, model));
        } else {
            settleForDraft(obstacle.orElse(Reason.SHARE_REACHED));
        }
    }

    private void startLarge(Route route, Call question) {
        largeRoute = route;
        Leg leg = new Leg(true, model.escalation(), question, clock, this);
        large = leg;
        ledger.add(leg);
        model.config()
                .budget()
                .deadline()
                .ifPresent(limit -> deadline =
                        alarms.after(Duration.ofNanos(limit.toNanos() - sinceArrival()), () -> largeIsSlow(leg)));
        leg.start(next);
    }

    private void largeIsSlow(Leg leg) {
        if (!over && committed == null && large == leg && draftCanAnswer()) {
            dropLarge(leg);
            settleForDraft(Reason.LARGE_SLOW);
        }
    }

    private void dropLarge(Leg leg) {
        deadline.off();
        leg.cancel();
        large = null;
    }

    /** Whether there is a draft, or one may still be asked for. */
    private boolean draftCanAnswer() {
        Leg first = draft;
        return first == null || first.sound() || (!first.replied() && !first.over());
    }

    /** The draft is the answer since the large model cannot or may not be. */
    private void settleForDraft(Reason why) {
        Leg first = draft;
        if (first == null) {
            keepAnyDraft(why);
        } else if (first.sound()) {
            commit(first, why == Reason.SHARE_REACHED ? Route.DRAFT : Route.FALLBACK, why);
        } else {
            drafting = true;
            reason = why;
        }
    }

    @Override
    public void opened(Leg leg) {
        if (over) {
            leg.cancel();
            return;
        }
        boolean ok = leg.reply().status() == 200;
        if (leg.large() && !ok) {
            if (leg == large && draftCanAnswer()) {
                largeFailed(leg);
            } else {
                commit(leg, largeRoute, reason);
            }
            return;
        }
        if (!leg.large() && ok) {
            if (drafting) {
                commit(leg, draftRoute(), reason);
                return;
            }
            hedge.off();
            if (leg.reply().stream() && !model.refines()) {
                hold = alarms.after(model.config().hold().time(), this::holdIsOver);
            }
        }
        leg.request(1);
    }

    private Route draftRoute() {
        return reason == Reason.REQUESTED || reason == Reason.SHARE_REACHED ? Route.DRAFT : Route.FALLBACK;
    }

    private void holdIsOver() {
        Leg first = draft;
        if (!over && committed == null && first != null && large == null && first.sound()) {
            judge(first);
        }
    }

    @Override
    public void frame(Leg leg, Frame frame) {
        Committed chosen = committed;
        if (chosen != null) {
            if (chosen.leg() == leg) {
                chosen.pass(frame);
            }
            return;
        }
        leg.keep(frame);
        if (leg.large()) {
            if (leg.sound() && leg.hasOutput()) {
                commit(leg, largeRoute, reason);
            } else {
                leg.request(1);
            }
        } else {
            draftFrame(leg);
        }
    }

    private void draftFrame(Leg leg) {
        Leg other = large;
        if (other != null && largeRoute == Route.HEDGED && leg.sound() && leg.hasOutput()) {
            dropLarge(other);
        }
        boolean wholeWanted = !leg.sound() || !leg.reply().stream() || model.refines();
        if (large == null
                && !wholeWanted
                && leg.tokens() >= model.config().hold().tokens()) {
            judge(leg);
        } else {
            leg.request(1);
        }
    }

    /** Judges what has come of the draft; once. */
    private void judge(Leg leg) {
        hold.off();
        Draft text = leg.draft();
        Verdict verdict;
        if (model.refines()) {
            verdict = asked.escalate().equals(ALWAYS)
                    ? new Verdict.Escalate(Reason.REQUESTED, OptionalDouble.empty())
                    : model.refining().atEnd(asked.prompt(), text);
        } else {
            double threshold = share.threshold();
            verdict = leg.finished()
                    ? model.policy().atEnd(asked.prompt(), text, threshold)
                    : model.policy().after(asked.prompt(), text, threshold);
        }
        score = verdict.score();
        score.ifPresent(value -> {
            share.scored(value);
            observer.observe(new Observation.Score(value));
        });
        if (verdict instanceof Verdict.Escalate escalation) {
            escalate(escalation);
            if (committed == null) {
                leg.request(1);
            }
        } else {
            commit(leg, Route.DRAFT, verdict.reason());
        }
    }

    @Override
    public void ended(Leg leg) {
        Committed chosen = committed;
        if (chosen != null) {
            if (chosen.leg() == leg) {
                chosen.complete();
            }
        } else if (leg.large()) {
            // It ended without a word: no answer to show instead of a draft.
            largeFailed(leg);
        } else if (!leg.sound()) {
            draftFailed(leg, Optional.empty());
        } else if (large == null) {
            judge(leg);
        }
    }

    @Override
    public void failed(Leg leg, Throwable cause) {
        Committed chosen = committed;
        if (chosen != null) {
            if (chosen.leg() == leg) {
                chosen.fail(cause);
            }
        } else if (leg.large()) {
            if (draftCanAnswer()) {
                largeFailed(leg);
            } else {
                fail(cause);
            }
        } else {
            draftFailed(leg, Optional.of(cause));
        }
    }

    private void largeFailed(Leg leg) {
        if (draftCanAnswer()) {
            boolean hedged = largeRoute == Route.HEDGED;
            dropLarge(leg);
            if (!hedged) {
                settleForDraft(Reason.LARGE_DOWN);
            }
        } else if (leg.replied()) {
            commit(leg, largeRoute, reason);
        } else {
            fail(new GatewayException(ErrorCode.UPSTREAM_ERROR, "model " + model.escalation() + " gave no answer"));
        }
    }

    /** The small model failed, by a status, an error event or a broken connection. */
    private void draftFailed(Leg leg, Optional<Throwable> cause) {
        hold.off();
        hedge.off();
        if (large != null) {
            if (largeRoute == Route.HEDGED) {
                largeRoute = Route.FALLBACK;
                reason = Reason.DRAFT_DOWN;
            }
            return;
        }
        boolean tooLong = leg.replied() && DraftFailure.contextExceeded(leg.keptText());
        boolean callersFault =
                leg.replied() && DraftFailure.callersFault(leg.reply().status()) && !tooLong;
        if (!drafting
                && !callersFault
                && (model.config().draftDown() == DraftDown.ESCALATE || tooLong)
                && obstacle().isEmpty()) {
            reason = tooLong ? Reason.CONTEXT_LIMIT : Reason.DRAFT_DOWN;
            startLarge(tooLong ? Route.ESCALATED : Route.FALLBACK, LegCalls.escalation(call, model));
        } else if (leg.replied()) {
            commit(leg, Route.DRAFT, Reason.DRAFT_DOWN);
        } else {
            fail(cause.orElseGet(() ->
                    new GatewayException(ErrorCode.UPSTREAM_ERROR, "model " + model.draft() + " gave no answer")));
        }
    }

    private void commit(Leg leg, Route route, Reason why) {
        alarmsOff();
        Leg loser = leg.large() ? draft : large;
        if (loser != null) {
            loser.cancel();
        }
        Committed chosen = new Committed(leg, ledger, !leg.large() && LegCalls.asksLogprobs(call, model), this::settle);
        committed = chosen;
        observer.observe(new Observation.Decision(why.label(), Outcomes.of(route, leg.sound())));
        observer.observe(new Observation.EscalatedShare(model.name(), model.count(leg.large())));
        emitter.complete(chosen.reply(route, why, score, startedNanos, clock.nanos(), call.arrivedNanos(), observer));
    }

    private void fail(Throwable cause) {
        if (!over) {
            settle();
            emitter.fail(cause);
        }
    }

    private void abandonedBeforeReply() {
        if (committed == null) {
            settle();
        }
    }

    /** The end, whichever: nothing is started from here on, and what still runs is cancelled. */
    private void settle() {
        if (over) {
            return;
        }
        over = true;
        alarmsOff();
        if (draft != null) {
            draft.cancel();
        }
        if (large != null) {
            large.cancel();
        }
        ledger.settle(committed != null && !committed.leg().large());
    }

    private void alarmsOff() {
        hold.off();
        hedge.off();
        deadline.off();
    }
}
