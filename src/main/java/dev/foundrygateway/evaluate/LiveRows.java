package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Agreement;
import dev.foundrygateway.hybrid.Signal;
import dev.foundrygateway.hybrid.VerdictQuestion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Rows of two live models that are asked questions at temperature 0.
 *
 * @param small where the small model is
 * @param large where the large model is
 * @param samples how many further answers of the small model are wanted; a long draft gets none, as the gateway asks for none
 * @param verdict whether the large model is asked what it thinks of the draft
 */
record LiveRows(LiveModel small, LiveModel large, String draft, String escalation, int samples, boolean verdict) {
    private static final double UNREADABLE = 0.5;

    /** Asks one question of both models, and the witnesses about the draft. */
    Row ask(Question question) throws IOException, InterruptedException {
        LiveModel.Answer first = small.ask(draft, question, true);
        String text = first.text();
        Map<String, Spent> spent = new LinkedHashMap<>();
        spent.put("draft", first.spent());
        Map<Signal, Double> heard = new EnumMap<>(Signal.class);
        if (samples > 0 && Agreement.comparable(text)) {
            List<LiveModel.Answer> further = small.askAgain(draft, question, samples);
            Agreement.differing(
                            text, further.stream().map(LiveModel.Answer::text).toList())
                    .ifPresent(share -> heard.put(Signal.DISAGREEMENT, share));
            spent.put("samples", further.stream().map(LiveModel.Answer::spent).reduce(Spent.NOTHING, Spent::plus));
        }
        OptionalDouble graded = OptionalDouble.empty();
        if (verdict) {
            LiveModel.Answer said = large.verdict(escalation, question, text);
            // One that can't be read is as good as none, and leaves the row as undecided as it was.
            heard.put(
                    Signal.VERDICT, VerdictQuestion.wrong(said.text(), Map.of()).orElse(UNREADABLE));
            graded = said.output().candidates().isEmpty()
                    ? graded
                    : VerdictQuestion.wrong(said.text(), said.output().candidates());
            spent.put("verdict", said.spent());
        }
        LiveModel.Answer answer = large.ask(escalation, question, false);
        spent.put("answer", answer.spent());
        return new Row(
                question.kind(),
                question.prompt(),
                text,
                first.output().logprobs(),
                question.isRight(text),
                question.isRight(answer.text()),
                heard,
                graded,
                spent);
    }

    /** Who is asked and how, as a file of rows says it. */
    JsonObject asked() {
        return new JsonObject()
                .put("models", new JsonArray().add(draft).add(escalation))
                .put("asked", new JsonObject().put("samples", samples).put("verdict", verdict));
    }

    /** A row as an object of a file. */
    static JsonObject json(Row row) {
        JsonObject json = new JsonObject();
        if (!row.kind().isEmpty()) {
            json.put("kind", row.kind());
        }
        json.put("prompt", row.prompt())
                .put("draft", row.draft())
                .put("logprobs", new JsonArray(row.logprobs()))
                .put("draft_right", row.draftRight())
                .put("strong_right", row.strongRight());
        row.heard().forEach((witness, said) -> json.put(witness.label(), said));
        row.graded().ifPresent(said -> json.put("verdict_graded", said));
        if (!row.spent().isEmpty()) {
            JsonObject spent = new JsonObject();
            row.spent().forEach((who, cost) -> spent.put(who, cost.json()));
            json.put("spent", spent);
        }
        return json;
    }
}
