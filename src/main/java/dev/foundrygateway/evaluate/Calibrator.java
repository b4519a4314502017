package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Calibration;
import dev.foundrygateway.hybrid.Isotonic;
import dev.foundrygateway.hybrid.ScoreModel;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import dev.foundrygateway.hybrid.ScoreModel.Weight;
import dev.foundrygateway.hybrid.Signal;
import dev.foundrygateway.hybrid.learn.IsotonicFit;
import dev.foundrygateway.hybrid.learn.Logistic;
import dev.foundrygateway.hybrid.learn.Ranking;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a calibration out of rows: fitted weights for what rows can teach, and the base's weights, set by hand, for what none of them shows: a refusal, broken
 * JSON, a loop, sources.
 */
final class Calibrator {
    private Calibrator() {}

    static Calibration calibrate(String description, List<Row> rows, SignalSet set, Calibration base, long seed) {
        Map<Stage, ScoreModel> stages = new EnumMap<>(Stage.class);
        stages.put(Stage.BEFORE, base.at(Stage.BEFORE));
        stages.put(Stage.OPENING, fit(rows, set.opening(), base.at(Stage.OPENING), seed));
        stages.put(Stage.WHOLE, fit(rows, set, base.at(Stage.WHOLE), seed));
        return new Calibration(description, stages);
    }

    private static ScoreModel fit(List<Row> rows, SignalSet set, ScoreModel base, long seed) {
        List<Signal> signals = set.signals(rows);
        Logistic fitted = Logistic.fit(set.values(rows, signals), CrossValidation.wrong(rows));
        Map<Signal, Weight> weights = new EnumMap<>(Signal.class);
        base.weights().forEach((signal, weight) -> {
            if (!SignalSet.fitted(signal)) {
                weights.put(signal, weight);
            }
        });
        for (int j = 0; j < signals.size(); j++) {
            boolean seen = fitted.least()[j] < fitted.most()[j];
            Weight own = new Weight(
                    fitted.weights()[j], fitted.means()[j], fitted.scales()[j], fitted.least()[j], fitted.most()[j]);
            weights.put(signals.get(j), seen ? own : base.weights().getOrDefault(signals.get(j), own));
        }
        // The table and the quantiles come from scores of rows that the weights had not seen, or they would promise too
        // much.
        double[] unseen = CrossValidation.run(rows, set, signals, seed).logits();
        Isotonic isotonic = IsotonicFit.fit(unseen, CrossValidation.wrong(rows));
        double[] scores = Arrays.stream(unseen).map(isotonic::at).toArray();
        return new ScoreModel(fitted.bias(), weights, isotonic, Ranking.quantiles(scores));
    }
}
