package dev.foundrygateway.hybrid;

import dev.foundrygateway.hybrid.ScoreModel.Scored;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import java.util.OptionalDouble;

/** Fallback mode's rule: whether the large model shall answer, judged by one calibrated score. Pure: values in, verdict out. */
public final class EscalationPolicy {
    private final Calibration calibration;

    public EscalationPolicy(Calibration calibration) {
        this.calibration = calibration;
    }

    /** The score of a whole draft, with what witnesses said of it. */
    public double score(Prompt prompt, Draft whole, SignalValues heard) {
        return calibration
                .at(Stage.WHOLE)
                .score(DraftSignals.read(prompt, whole, true).with(heard))
                .score();
    }

    /** Before the draft. Keeping means to ask the small model, with nothing said about its draft. */
    public Verdict before(Prompt prompt, double threshold) {
        return judge(Stage.BEFORE, PromptSignals.read(prompt), threshold);
    }

    /** On the opening of a draft that goes on. */
    public Verdict after(Prompt prompt, Draft opening, double threshold) {
        return judge(Stage.OPENING, prompt, opening, new SignalValues(), threshold);
    }

    /** On a whole draft. */
    public Verdict atEnd(Prompt prompt, Draft whole, double threshold) {
        return judge(Stage.WHOLE, prompt, whole, new SignalValues(), threshold);
    }

    /** On an opening or a whole draft, with what witnesses said of it. */
    public Verdict judge(Stage stage, Prompt prompt, Draft draft, SignalValues heard, double threshold) {
        return judge(
                stage, DraftSignals.read(prompt, draft, stage == Stage.WHOLE).with(heard), threshold);
    }

    /** The threshold at which so large a share of the calibration's drafts is escalated, at that stage: an opening's scores lie closer together. */
    public double thresholdFor(Stage stage, double share) {
        return calibration.at(stage).thresholdFor(share);
    }

    private Verdict judge(Stage stage, SignalValues values, double threshold) {
        Scored scored = calibration.at(stage).score(values);
        OptionalDouble score = OptionalDouble.of(scored.score());
        return scored.score() >= threshold
                ? new Verdict.Escalate(scored.reason(threshold), score)
                : new Verdict.Keep(Signal.CONFIDENT, score);
    }
}
