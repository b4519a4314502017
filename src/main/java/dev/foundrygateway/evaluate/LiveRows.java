package dev.foundrygateway.evaluate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Rows of two live models that are asked a fixed set of questions at temperature 0. */
final class LiveRows {
    private LiveRows() {}

    static List<Row> ask(LiveModel model, List<Question> questions, String draft, String escalation)
            throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        for (Question question : questions) {
            LiveModel.Answer small = model.ask(draft, question.text(), true);
            LiveModel.Answer large = model.ask(escalation, question.text(), false);
            rows.add(new Row(
                    LiveModel.prompt(question.text()),
                    small.output().text(),
                    small.output().logprobs(),
                    question.isRight(small.output().text()),
                    question.isRight(large.output().text())));
        }
        return rows;
    }

    /** As a file's text, JSON lines. */
    static String record(List<Row> rows) {
        StringBuilder lines = new StringBuilder();
        rows.forEach(row -> lines.append(json(row)).append('\n'));
        return lines.toString();
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
