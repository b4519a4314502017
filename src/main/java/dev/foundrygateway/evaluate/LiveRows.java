package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Agreement;
import dev.foundrygateway.hybrid.Signal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Rows of two live models that are asked a fixed set of questions at temperature 0. */
final class LiveRows {
    private static final double UNREADABLE = 0.5;

    private LiveRows() {}

    /** Asks; for witnesses too, where {@code samples} further answers are wanted, or the large model's {@code verdict}. */
    static List<Row> ask(
            LiveModel model, List<Question> questions, String draft, String escalation, int samples, boolean verdict)
            throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        for (Question question : questions) {
            LiveModel.Answer small = model.ask(draft, question.text(), true);
            LiveModel.Answer large = model.ask(escalation, question.text(), false);
            String text = small.output().text();
            Map<Signal, Double> heard = new EnumMap<>(Signal.class);
            Agreement.differing(text, model.askAgain(draft, question.text(), samples))
                    .ifPresent(share -> heard.put(Signal.DISAGREEMENT, share));
            if (verdict) {
                // One that can't be read is as good as none, and leaves the row as undecided as it was.
                heard.put(
                        Signal.VERDICT,
                        model.verdict(escalation, question.text(), text).orElse(UNREADABLE));
            }
            rows.add(new Row(
                    LiveModel.prompt(question.text()),
                    small.output().text(),
                    small.output().logprobs(),
                    question.isRight(small.output().text()),
                    question.isRight(large.output().text()),
                    heard));
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
        JsonObject json = new JsonObject()
                .put("prompt", row.prompt())
                .put("draft", row.draft())
                .put("logprobs", new JsonArray(row.logprobs()))
                .put("draft_right", row.draftRight())
                .put("strong_right", row.strongRight());
        row.heard().forEach((witness, said) -> json.put(witness.label(), said));
        return json.encode();
    }
}
