package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Calibration;
import dev.foundrygateway.hybrid.ScoreModel;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code calibrate}: weights and a threshold for a hybrid model. */
@Command(
        name = "calibrate",
        description =
                "Fit a hybrid model's score to recorded answers, and find the threshold for a wanted share, quality or budget.",
        mixinStandardHelpOptions = true)
public final class CalibrateCommand implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Mixin
    private EvaluationOptions options = new EvaluationOptions();

    @Option(
            names = "--signals",
            defaultValue = "GENERIC",
            description = "portable (any question), generic (any topic) or all (arithmetic too).")
    private SignalSet signals = SignalSet.GENERIC;

    @Option(names = "--share", description = "Wanted: this share of answers to escalate, 0 to 1.")
    private Optional<Double> wantedShare = Optional.empty();

    @Option(names = "--quality", description = "Wanted: this share of the quality gap recovered, 0 to 1.")
    private Optional<Double> wantedQuality = Optional.empty();

    @Option(names = "--budget", description = "Wanted: at most this cost, as a share of asking the large model always.")
    private Optional<Double> wantedBudget = Optional.empty();

    @Option(
            names = "--price-ratio",
            defaultValue = "0.06",
            description = "The small model's price over the large one's.")
    private double priceRatio;

    @Option(names = "--output", description = "Where to write the calibration.")
    private Optional<Path> output = Optional.empty();

    @Option(names = "--description", defaultValue = "", description = "What the file says of itself.")
    private String description = "";

    @Override
    public Integer call() throws InterruptedException {
        return common.run(this::calibrate);
    }

    private List<Row> rows() throws IOException, InterruptedException {
        return options.recorded() ? options.rows() : options.ask(new LiveModel(common.url()));
    }

    private int calibrate() throws IOException, InterruptedException {
        wantedShare.ifPresent(value -> Common.part("--share", value));
        wantedQuality.ifPresent(value -> Common.part("--quality", value));
        wantedBudget.ifPresent(value -> Common.part("--budget", value));
        Common.part("--price-ratio", priceRatio);
        List<Row> rows = rows();
        long seed = options.seed();
        String said = description.isEmpty() ? rows.size() + " rows, " + signals.label() + " signals" : description;
        Calibration calibration = Calibrator.calibrate(said, rows, signals, Calibration.builtIn(), seed);
        if (output.isPresent()) {
            Files.writeString(output.get(), calibration.json());
        }
        CrossValidation unseen = CrossValidation.run(rows, signals, signals.signals(rows), seed);
        Evaluation.Line line = Evaluation.Line.of(signals.label(), rows, unseen.logits(), seed);
        Curve curve = line.curve();
        double share = wantedShare
                .or(() -> wantedQuality.map(curve::callsFor))
                .or(() -> wantedBudget.map(budget -> Math.max(0, Math.min(1, budget - priceRatio))))
                .orElse(0.2);
        ScoreModel whole = calibration.at(Stage.WHOLE);
        double threshold = whole.thresholdFor(share);
        double[] recovered = curve.recovered();
        JsonObject result = new JsonObject()
                .put("rows", rows.size())
                .put("auroc", Evaluation.json(line.auroc()))
                .put("apgr", Evaluation.json(line.apgr()))
                .put("cpt50", Evaluation.json(line.half()))
                .put("cpt80", Evaluation.json(line.most()))
                .put("ece", Evaluation.json(unseen.calibrationError(rows, seed)))
                .put("share", share)
                .put("threshold", Double.isInfinite(threshold) ? 1.0 : threshold)
                .put("gap_recovered", recovered[(int) Math.round(share * (recovered.length - 1))])
                .put("relative_cost", priceRatio + share);
        if (options.reports()) {
            Evaluation evaluation = new Evaluation(rows, calibration, signals, seed);
            options.write(evaluation.markdown(), evaluation.lines());
        }
        common.print(common.json() ? result.encodePrettily() : table(result));
        return 0;
    }

    private static String table(JsonObject result) {
        return result.stream()
                .map(entry -> String.format(Locale.ROOT, "%-14s %s", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
