package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One call for a virtual model, with what was read from it.
 *
 * @param call the client's call
 * @param next where both models' calls go
 * @param model the virtual model it names
 * @param share the share of escalations that it counts against
 * @param asked its prompt and wishes
 */
record HybridCall(Call call, ChatService next, VirtualModel model, Share share, PromptReader asked) {
    /** Whether to ask the large model without a draft: by the client's wish, or by the policy. Refine mode has a draft in any case. */
    Verdict before() {
        if (model.refines()) {
            return new Verdict.Keep(Signal.CONFIDENT, OptionalDouble.empty());
        }
        return asked.largeWanted() ? requested() : model.policy().before(asked.prompt(), share.threshold(Stage.BEFORE));
    }

    /**
     * Whether to ask it now that so much of the draft is there, or first a witness. The share and the metrics learn of the score by which it is decided.
     *
     * @param worth whether the large model may be asked now, so that it is worth hearing witnesses
     */
    Verdict judge(Leg leg, Consultation witnesses, boolean worth, Observer observer) {
        Stage stage = leg.finished() ? Stage.WHOLE : Stage.OPENING;
        Draft draft = leg.draft();
        boolean refines = model.refines();
        SignalValues values = refines
                ? witnesses.heard()
                : DraftSignals.read(asked.prompt(), draft, stage == Stage.WHOLE).with(witnesses.heard());
        Verdict verdict = refines ? refine(draft) : model.policy().judge(stage, values, share.threshold(stage));
        if (worth && share.earned()) {
            Optional<Witness> witness = witnesses.next(verdict, share.threshold(stage), draft, stage == Stage.WHOLE);
            if (witness.isPresent()) {
                return new Verdict.Ask(witness.get(), verdict.score());
            }
        }
        verdict.score().ifPresent(value -> {
            share.scored(stage, value);
            observer.observe(new Observation.Score(value));
            model.learner().ifPresent(learner -> learner.judged(stage, values));
        });
        return verdict;
    }

    private Verdict refine(Draft draft) {
        return asked.largeWanted() ? requested() : model.refining().atEnd(asked.prompt(), draft);
    }

    private static Verdict requested() {
        return new Verdict.Escalate(Signal.REQUESTED, OptionalDouble.empty());
    }
}
