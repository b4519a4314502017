package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Route;
import dev.foundrygateway.hybrid.Alarms.Alarm;
import dev.foundrygateway.hybrid.HybridConfig.DraftDown;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One hybrid answer. The draft's opening is held until the policy has judged it; then either it is released (the commit point: from there on nothing is
 * switched) or the large model is asked, and its first token commits to it. Until that token the rejected draft is read on, as what is left if the large
 * model fails. Whatever happens, the client gets one leg's text and none of the other's. Confined to the request's event loop.
 */
final class HybridExchange implements Leg.Listener {
    private final HybridCall hybrid;
    private final VirtualModel model;
    private final Surroundings around;
    private final Judge judge;
    private final HybridReply reply;
    private final LargeLeg large;

    private @Nullable Leg draft;
    private Alarm hold = Alarm.NONE;
    private Alarm hedge = Alarm.NONE;
    /** Why the large model was asked, or why it is not to be. */
    private Signal reason = Signal.CONFIDENT;

    private OptionalDouble score = OptionalDouble.empty();
    /** Whether the draft is the answer whatever it says. */
    private boolean drafting;
    /** Whether the draft's answer has begun. */
    private boolean holding;

    HybridExchange(HybridCall hybrid, Surroundings around, UniEmitter<? super ChatReply> emitter) {
        this.hybrid = hybrid;
        this.model = hybrid.model();
        this.around = around;
        this.judge = new Judge(hybrid, around.observer());
        this.reply = new HybridReply(hybrid, around, emitter, this::alarmsOff);
        this.large = new LargeLeg(hybrid, around, reply, this, this::largeIsSlow);
    }

    /** Begins. On the event loop. */
    void start() {
        reply.watch();
        hybrid.share().arrived();
        if (judge.draftRequested()) {
            keepAnyDraft(Signal.REQUESTED);
        } else if (judge.before() instanceof Verdict.Escalate escalation) {
            escalate(escalation);
        } else {
            startDraft();
        }
    }

    private void keepAnyDraft(Signal why) {
        drafting = true;
        reason = why;
        startDraft();
    }

    private void startDraft() {
        Leg leg = new Leg(false, model.draft(), LegCalls.draft(hybrid.call(), model), around.clock(), this);
        draft = leg;
        reply.add(leg);
        if (!drafting && !large.asked()) {
            model.config()
                    .hedgeAfter()
                    .ifPresent(after -> hedge = around.alarms().after(after, this::hedge));
        }
        leg.start(hybrid.next());
    }

    /** The small model keeps its client waiting: ask the large one too. */
    private void hedge() {
        if (!reply.over() && !large.asked() && large.obstacle().isEmpty()) {
            reason = Signal.HEDGE;
            large.ask(Route.HEDGED);
        }
    }

    /** The policy wants the large model: it is asked, or the draft is the answer all the same and says why. */
    private void escalate(Verdict.Escalate verdict) {
        score = verdict.score();
        Optional<Signal> obstacle = large.obstacle();
        boolean own = verdict.reason() == Signal.REQUESTED;
        if (obstacle.isPresent() || !(own || hybrid.share().spend())) {
            settleForDraft(obstacle.orElse(Signal.SHARE_REACHED));
            return;
        }
        reason = verdict.reason();
        Leg first = draft;
        if (first != null && first.sound() && model.refines()) {
            large.refine(first.draft().text());
            return;
        }
        if (first != null && !model.config().keepDraft()) {
            first.cancel();
        }
        large.ask(Route.ESCALATED);
    }

    private void largeIsSlow() {
        if (draftCanAnswer()) {
            large.drop();
            settleForDraft(Signal.LARGE_SLOW);
        }
    }

    /** Whether there is a draft, or one may still be asked for. */
    private boolean draftCanAnswer() {
        Leg first = draft;
        return first == null || first.sound() || (!first.replied() && !first.over());
    }

    /** The draft is the answer since the large model cannot or may not be. */
    private void settleForDraft(Signal why) {
        Leg first = draft;
        if (first == null) {
            keepAnyDraft(why);
        } else if (first.sound()) {
            commit(first, why == Signal.SHARE_REACHED ? Route.DRAFT : Route.FALLBACK, why);
        } else {
            drafting = true;
            reason = why;
        }
    }

    @Override
    public void opened(Leg leg) {
        if (reply.over()) {
            leg.cancel();
            return;
        }
        boolean ok = leg.reply().status() == 200;
        if (leg.large() && !ok) {
            if (large.is(leg) && draftCanAnswer()) {
                largeFailed(leg);
            } else {
                commit(leg, large.route(), reason);
            }
            return;
        }
        if (!leg.large() && ok) {
            if (drafting) {
                commit(leg, draftRoute(), reason);
                return;
            }
            hedge.off();
        }
        leg.request(1);
    }

    private Route draftRoute() {
        return reason == Signal.REQUESTED || reason == Signal.SHARE_REACHED ? Route.DRAFT : Route.FALLBACK;
    }

    private void holdIsOver() {
        Leg first = draft;
        if (!reply.decided() && first != null && !large.asked() && first.sound()) {
            judge(first);
        }
    }

    @Override
    public void frame(Leg leg, Frame frame) {
        if (reply.passed(leg, frame)) {
            return;
        }
        if (leg.large()) {
            leg.keep(frame);
            if (leg.sound() && leg.hasOutput()) {
                commit(leg, large.route(), reason);
            } else {
                leg.request(1);
            }
        } else {
            draftFrame(leg, frame);
        }
    }

    private void draftFrame(Leg leg, Frame frame) {
        if (large.hedges() && leg.sound() && leg.hasOutput()) {
            large.drop();
        }
        if (large.asked() && !large.hedges()) {
            leg.keep(frame);
        } else {
            leg.read(frame);
        }
        boolean wholeWanted = !leg.sound() || !leg.reply().stream() || model.refines();
        if (!large.asked() && !wholeWanted && leg.pieces() > 0) {
            if (leg.pieces() >= model.config().hold().tokens()) {
                judge(leg);
                return;
            }
            if (!holding) {
                holding = true;
                hold = around.alarms().after(model.config().hold().time(), this::holdIsOver);
            }
        }
        leg.request(1);
    }

    /** Judges what has come of the draft; once. */
    private void judge(Leg leg) {
        hold.off();
        Verdict verdict = judge.of(leg);
        score = verdict.score();
        if (verdict instanceof Verdict.Escalate escalation) {
            escalate(escalation);
            if (!reply.decided()) {
                leg.request(1);
            }
        } else {
            commit(leg, Route.DRAFT, verdict.reason());
        }
    }

    @Override
    public void ended(Leg leg) {
        if (reply.completed(leg)) {
            return;
        }
        if (leg.large()) {
            // It ended without a word: no answer to show instead of a draft.
            largeFailed(leg);
        } else if (!leg.sound()) {
            draftFailed(leg, Optional.empty());
        } else if (!large.asked()) {
            judge(leg);
        }
    }

    @Override
    public void failed(Leg leg, Throwable cause) {
        if (reply.failed(leg, cause)) {
            return;
        }
        if (!leg.large()) {
            draftFailed(leg, Optional.of(cause));
        } else if (draftCanAnswer()) {
            largeFailed(leg);
        } else {
            reply.fail(cause);
        }
    }

    private void largeFailed(Leg leg) {
        if (draftCanAnswer()) {
            boolean hedged = large.hedges();
            large.drop();
            if (!hedged) {
                settleForDraft(Signal.LARGE_DOWN);
            }
        } else if (leg.replied()) {
            commit(leg, large.route(), reason);
        } else {
            reply.fail(noAnswer(model.escalation()));
        }
    }

    /** The small model failed, by a status, an error event or a broken connection. */
    private void draftFailed(Leg leg, Optional<Throwable> cause) {
        hold.off();
        hedge.off();
        if (large.asked()) {
            if (large.hedges()) {
                large.becomesFallback();
                reason = Signal.DRAFT_DOWN;
            }
            return;
        }
        DraftFailure failure = DraftFailure.of(leg);
        boolean tooLong = failure == DraftFailure.TOO_LONG;
        boolean otherMayAnswer =
                tooLong || (failure == DraftFailure.DOWN && model.config().draftDown() == DraftDown.ESCALATE);
        if (!drafting && otherMayAnswer && large.obstacle().isEmpty()) {
            reason = tooLong ? Signal.CONTEXT_LIMIT : Signal.DRAFT_DOWN;
            large.ask(tooLong ? Route.ESCALATED : Route.FALLBACK);
        } else if (leg.replied()) {
            commit(leg, Route.DRAFT, Signal.DRAFT_DOWN);
        } else {
            reply.fail(cause.orElseGet(() -> noAnswer(model.draft())));
        }
    }

    private static GatewayException noAnswer(String name) {
        return new GatewayException(ErrorCode.UPSTREAM_ERROR, "model " + name + " gave no answer");
    }

    private void commit(Leg leg, Route route, Signal why) {
        reply.commit(leg, route, why, score);
    }

    private void alarmsOff() {
        hold.off();
        hedge.off();
        large.alarmOff();
    }
}
