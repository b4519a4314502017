package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import java.util.OptionalDouble;

/** Asks the policy, or in refine mode its rule, about a prompt and what has come of its draft. Confined to the request's event loop. */
final class Judge {
    private static final String NEVER = "never";
    private static final String ALWAYS = "always";

    private final VirtualModel model;
    private final Share share;
    private final PromptReader asked;
    private final Observer observer;

    Judge(HybridCall hybrid, Observer observer) {
        this.model = hybrid.model();
        this.share = hybrid.share();
        this.asked = hybrid.asked();
        this.observer = observer;
    }

    /** Whether the client wants the draft whatever it says. */
    boolean draftRequested() {
        return asked.escalate().equals(NEVER);
    }

    /** Whether to ask the large model without a draft. */
    Verdict before() {
        if (model.refines()) {
            return new Verdict.Keep(Signal.CONFIDENT, OptionalDouble.empty());
        }
        return asked.escalate().equals(ALWAYS)
                ? requested()
                : model.policy().before(asked.prompt(), share.threshold(Stage.BEFORE));
    }

    /** Whether to ask it now that so much of the draft is there. */
    Verdict of(Leg leg) {
        Verdict verdict = verdict(leg);
        verdict.score().ifPresent(value -> {
            share.scored(stage(leg), value);
            observer.observe(new Observation.Score(value));
        });
        return verdict;
    }

    private Verdict verdict(Leg leg) {
        if (model.refines()) {
            return asked.escalate().equals(ALWAYS)
                    ? requested()
                    : model.refining().atEnd(asked.prompt(), leg.draft());
        }
        double threshold = share.threshold(stage(leg));
        return leg.finished()
                ? model.policy().atEnd(asked.prompt(), leg.draft(), threshold)
                : model.policy().after(asked.prompt(), leg.draft(), threshold);
    }

    private static Stage stage(Leg leg) {
        return leg.finished() ? Stage.WHOLE : Stage.OPENING;
    }

    private static Verdict requested() {
        return new Verdict.Escalate(Signal.REQUESTED, OptionalDouble.empty());
    }
}
