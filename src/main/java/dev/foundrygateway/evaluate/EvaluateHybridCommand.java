package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Calibration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code evaluate-hybrid}: what escalation is worth, on recorded answers or with live models. */
@Command(
        name = "evaluate-hybrid",
        description =
                "Measure a hybrid model: on recorded answers (--rows), on answers that are recorded now (--questions --record), or by asking small, large and hybrid model (--questions).",
        mixinStandardHelpOptions = true)
public final class EvaluateHybridCommand implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Mixin
    private EvaluationOptions options = new EvaluationOptions();

    @Option(
            names = "--calibration",
            description = "With --rows: a calibration to measure as it is; the built-in one if none is named.")
    private Optional<Path> calibration = Optional.empty();

    @Option(
            names = "--signals",
            defaultValue = "ALL",
            description =
                    "With --rows: whose parts to tell, portable (any question), generic (any topic) or all (arithmetic too).")
    private SignalSet signals = SignalSet.ALL;

    @Option(names = "--hybrid", defaultValue = "hybrid", description = "The virtual model (${DEFAULT-VALUE}).")
    private String hybrid = "";

    @Override
    public Integer call() throws InterruptedException {
        return common.run(options.recorded() || options.records() ? this::rows : this::live);
    }

    private int rows() throws IOException, InterruptedException {
        Evaluation evaluation = new Evaluation(
                options.recorded() ? options.rows() : options.ask(new LiveModel(common.url())),
                calibration.map(Calibration::read).orElseGet(Calibration::builtIn),
                signals,
                options.seed());
        options.write(evaluation.markdown(), evaluation.lines());
        common.print(common.json() ? evaluation.json().encodePrettily() : evaluation.markdown());
        return 0;
    }

    private int live() throws IOException, InterruptedException {
        LiveEvaluation live = LiveEvaluation.run(
                new LiveModel(common.url()), options.questions(), options.draft(), options.escalation(), hybrid);
        options.write(live.markdown(), List.of());
        common.print(common.json() ? live.json().encodePrettily() : live.markdown());
        return 0;
    }
}
