package dev.foundrygateway.evaluate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where rows come from: a record, or two live models that are asked a fixed set of questions at temperature 0. */
final class LiveRows {
    @Option(names = "--rows", split = ",", description = "Recorded rows, CSV or JSON lines; several files together.")
    private List<Path> rows = List.of();

    @Option(names = "--questions", description = "Questions with known answers, JSON lines, to ask the models.")
    private Optional<Path> questions = Optional.empty();

    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:5274/v1",
            description = "Where to ask (${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:5274/v1");

    @Option(names = "--draft", defaultValue = "phi-4-mini", description = "The small model (${DEFAULT-VALUE}).")
    private String draft = "";

    @Option(names = "--escalation", defaultValue = "gpt-oss-20b", description = "The large model (${DEFAULT-VALUE}).")
    private String escalation = "";

    @Option(names = "--record", description = "Write the models' rows here, as JSON lines.")
    private Optional<Path> record = Optional.empty();

    List<Row> read(CommandLine command) throws IOException, InterruptedException {
        if (rows.isEmpty() == questions.isEmpty()) {
            throw new ParameterException(command, "give one of --rows and --questions");
        }
        return rows.isEmpty() ? ask(questions.orElseThrow()) : RowReader.read(rows);
    }

    private List<Row> ask(Path file) throws IOException, InterruptedException {
        LiveModel model = new LiveModel(url);
        List<Row> rows = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (Question question : Question.read(file)) {
            LiveModel.Answer small = model.ask(draft, question.text(), true);
            LiveModel.Answer large = model.ask(escalation, question.text(), false);
            Row row = new Row(
                    LiveModel.prompt(question.text()),
                    small.output().text(),
                    small.output().logprobs(),
                    question.isRight(small.output().text()),
                    question.isRight(large.output().text()));
            rows.add(row);
            lines.append(json(row)).append('\n');
        }
        if (record.isPresent()) {
            Files.writeString(record.get(), lines);
        }
        return rows;
    }

    private static String json(Row row) {
        return new JsonObject()
                .put("prompt", row.prompt())
                .put("draft", row.draft())
                .put("logprobs", new JsonArray(row.logprobs()))
                .put("draft_right", row.draftRight())
                .put("strong_right", row.strongRight())
                .encode();
    }
}
