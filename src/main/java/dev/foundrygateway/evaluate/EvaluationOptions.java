package dev.foundrygateway.evaluate;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code calibrate} and {@code evaluate-hybrid} have in common: where answers come from, and where the report goes. */
final class EvaluationOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--rows", split = ",", description = "Recorded rows, CSV or JSON lines; several files together.")
    private List<Path> rows = List.of();

    @Option(names = "--questions", description = "Questions with known answers, JSON lines, to ask the models.")
    private Optional<Path> questions = Optional.empty();

    @Option(names = "--draft", defaultValue = "phi-4-mini", description = "The small model (${DEFAULT-VALUE}).")
    private String draft = "";

    @Option(names = "--escalation", defaultValue = "gpt-oss-20b", description = "The large model (${DEFAULT-VALUE}).")
    private String escalation = "";

    @Option(names = "--escalation-url", description = "With --record: where the large model answers, if not at --url.")
    private Optional<URI> escalationUrl = Optional.empty();

    @Option(names = "--report", description = "Write what the score is worth here, in Markdown.")
    private Optional<Path> report = Optional.empty();

    @Option(names = "--picture", description = "Write the curves here, as SVG.")
    private Optional<Path> picture = Optional.empty();

    @Option(
            names = "--record",
            description =
                    "With --questions: add the models' rows to this file, as JSON lines; a question that it has already is not asked again. A file with rows of other models, --samples or --verdict is refused.")
    private Optional<Path> record = Optional.empty();

    @Option(
            names = "--samples",
            defaultValue = "0",
            description = "With --record: further answers of the small model, to see whether it agrees with itself.")
    private int samples;

    @Option(names = "--verdict", description = "With --record: ask the large model whether the draft is right.")
    private boolean verdict;

    @Option(names = "--seed", defaultValue = "0", description = "For folds and resampling.")
    private long seed;

    /** Whether answers are recorded, and not to be asked for. */
    boolean recorded() {
        if (rows.isEmpty() == questions.isEmpty()) {
            throw new ParameterException(command.commandLine(), "give one of --rows and --questions");
        }
        return !rows.isEmpty();
    }

    /** The recorded rows. */
    List<Row> rows() throws IOException {
        return RowReader.read(rows);
    }

    /** Whether the rows of models that are asked are to be kept. */
    boolean records() {
        return record.isPresent();
    }

    /** Rows of the two models, which are asked now. Where that is wanted, each is kept as soon as it is there: the next call goes on where this one ended. */
    List<Row> ask(LiveModel model) throws IOException, InterruptedException {
        LiveRows live = new LiveRows(
                model, escalationUrl.map(LiveModel::new).orElse(model), draft, escalation, samples, verdict);
        List<Question> questions = questions();
        Optional<RecordFile> kept = record.map(file -> new RecordFile(file, live.asked()));
        List<Row> rows = new ArrayList<>();
        if (kept.isPresent()) {
            rows.addAll(kept.get().rows());
        }
        Set<String> known = rows.stream().map(Row::prompt).collect(Collectors.toSet());
        long taken = questions.stream()
                .filter(question -> known.contains(question.prompt()))
                .count();
        if (taken > 0) {
            tell(taken + " of " + questions.size() + " rows taken from " + record.orElseThrow());
        }
        for (Question question : questions) {
            if (known.add(question.prompt())) {
                Row row = live.ask(question);
                rows.add(row);
                if (kept.isPresent()) {
                    kept.get().add(row);
                }
            }
        }
        return rows;
    }

    /** Beside the result, which another program may read. */
    private void tell(String line) {
        PrintWriter err = command.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    /** The questions to ask. */
    List<Question> questions() throws IOException {
        return Question.read(questions.orElseThrow());
    }

    String draft() {
        return draft;
    }

    String escalation() {
        return escalation;
    }

    long seed() {
        return seed;
    }

    /** Whether a report or a picture is to be written. */
    boolean reports() {
        return report.isPresent() || picture.isPresent();
    }

    void write(String markdown, List<Evaluation.Line> lines) throws IOException {
        if (report.isPresent()) {
            Files.writeString(report.get(), markdown);
        }
        if (picture.isPresent() && !lines.isEmpty()) {
            Files.writeString(picture.get(), CurvePicture.draw(lines));
        }
    }
}
