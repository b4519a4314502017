package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Calibration;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code evaluate-hybrid}: what escalation is worth, on recorded answers or with live models. */
@Command(
        name = "evaluate-hybrid",
        description =
                "Measure a hybrid model: on recorded answers (--rows), or by asking small, large and hybrid model (--questions).",
        mixinStandardHelpOptions = true)
public final class EvaluateHybridCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--rows", split = ",", description = "Recorded rows, CSV or JSON lines; several files together.")
    private List<Path> rows = List.of();

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

    @Option(names = "--questions", description = "Questions with known answers, JSON lines, to ask the models.")
    private Optional<Path> questions = Optional.empty();

    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:5274/v1",
            description = "The gateway to ask (${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:5274/v1");

    @Option(names = "--draft", defaultValue = "phi-4-mini", description = "The small model (${DEFAULT-VALUE}).")
    private String draft = "";

    @Option(names = "--escalation", defaultValue = "gpt-oss-20b", description = "The large model (${DEFAULT-VALUE}).")
    private String escalation = "";

    @Option(names = "--hybrid", defaultValue = "hybrid", description = "The virtual model (${DEFAULT-VALUE}).")
    private String hybrid = "";

    @Option(names = "--report", description = "Write the report here, in Markdown.")
    private Optional<Path> report = Optional.empty();

    @Option(names = "--picture", description = "Write the curves here, as SVG.")
    private Optional<Path> picture = Optional.empty();

    @Option(names = "--seed", defaultValue = "0", description = "For folds and resampling.")
    private long seed;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        String markdown;
        JsonObject result;
        if (rows.isEmpty() == questions.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "give one of --rows and --questions");
        }
        if (!rows.isEmpty()) {
            Evaluation evaluation = new Evaluation(
                    RowReader.read(rows),
                    calibration.map(Calibration::read).orElseGet(Calibration::builtIn),
                    signals,
                    seed);
            markdown = evaluation.markdown();
            result = evaluation.json();
            if (picture.isPresent()) {
                Files.writeString(picture.get(), CurvePicture.draw(evaluation.lines()));
            }
        } else {
            LiveEvaluation live = LiveEvaluation.run(
                    new LiveModel(url), Question.read(questions.orElseThrow()), draft, escalation, hybrid);
            markdown = live.markdown();
            result = live.json();
        }
        if (report.isPresent()) {
            Files.writeString(report.get(), markdown);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? result.encodePrettily() : markdown);
        out.flush();
        return 0;
    }
}
