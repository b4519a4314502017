package dev.foundrygateway.hybrid;

import dev.foundrygateway.hybrid.ScoreModel.Scored;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import java.util.OptionalDouble;

/** Fallback mode's rule: whether the large model shall answer, judged by one calibrated score: values in, verdict out. Thread-safe. */
public final class EscalationPolicy {
    private volatile Calibration calibration;

    public EscalationPolicy(Calibration calibration) {
        this.calibration = calibration;
    }

    /** Judges by another one from now on. */
    void use(Calibration other) {
        calibration = other;
    }

    /** What it judges by. */
    Calibration calibration() {
        return calibration;
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
        return judge(Stage.OPENING, DraftSignals.read(prompt, opening, false), threshold);
    }

    /** On a whole draft. */
    public Verdict atEnd(Prompt prompt, Draft whole, double threshold) {
        return judge(Stage.WHOLE, DraftSignals.read(prompt, whole, true), threshold);
    }

    /** The threshold at which so large a share of the calibration's drafts is escalated, at that stage: an opening's scores lie closer together. */
    public double thresholdFor(Stage stage, double share) {
        return calibration.at(stage).thresholdFor(share);
    }

    /** By the values of that stage's signals. */
    Verdict judge(Stage stage, SignalValues values, double threshold) {
        Scored scored = calibration.at(stage).score(values);
        OptionalDouble score = OptionalDouble.of(scored.score());
        return scored.score() >= threshold
                ? new Verdict.Escalate(scored.reason(threshold), score)
                : new Verdict.Keep(Signal.CONFIDENT, score);
    }
}
