package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Calibration;
import dev.foundrygateway.hybrid.Draft;
import dev.foundrygateway.hybrid.EscalationPolicy;
import dev.foundrygateway.hybrid.Prompt;
import dev.foundrygateway.hybrid.Signal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What each way to choose the drafts to escalate gives on recorded rows. */
final class Evaluation {
    private static final double HALF = 0.5;
    private static final double MOST = 0.8;

    /** One way to choose. */
    record Line(String name, Curve curve, Interval auroc, Interval apgr, Interval half, Interval most) {
        static Line of(String name, List<Row> rows, double[] scores, long seed) {
            List<Interval> intervals = Interval.bootstrap(
                    rows,
                    scores,
                    List.of(Curve::auroc, Curve::apgr, curve -> curve.callsFor(HALF), curve -> curve.callsFor(MOST)),
                    seed);
            return new Line(
                    name,
                    Curve.of(rows, scores),
                    intervals.get(0),
                    intervals.get(1),
                    intervals.get(2),
                    intervals.get(3));
        }
    }

    /** A signal's part: what it does alone, and what is lost without it. */
    record Part(Signal signal, double auroc, double apgr, double lost) {}

    private final List<Row> rows;
    private final List<Line> lines = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final Interval calibrationError;
    private final Interval givenError;
    private final SignalSet set;

    /**
     * Measures them.
     *
     * @param given a calibration to be measured as it stands, fitted to nothing here
     * @param set the signals whose parts are told, and whose calibration error
     */
    Evaluation(List<Row> rows, Calibration given, SignalSet set, long seed) {
        this.rows = rows;
        this.set = set;
        Random random = new Random(seed);
        line("random", random.doubles(rows.size()).toArray(), seed);
        line(
                "draft length alone",
                rows.stream().mapToDouble(row -> row.draft().length()).toArray(),
                seed);
        line(
                "prompt length alone",
                rows.stream().mapToDouble(row -> row.prompt().length()).toArray(),
                seed);
        line("router only (prompt signals)", validated(SignalSet.ROUTER, seed).logits(), seed);
        line("opening of 200 characters", validated(SignalSet.OPENING, seed).logits(), seed);
        double[] scores = scores(given);
        witness("further answers alone", Signal.DISAGREEMENT, seed);
        witness("the large model's verdict alone", Signal.VERDICT, seed);
        line("the calibration given", scores, seed);
        givenError = CalibrationError.of(rows, scores, seed);
        line("generic signals", validated(SignalSet.GENERIC, seed).logits(), seed);
        line("all signals", validated(SignalSet.ALL, seed).logits(), seed);
        line("oracle", oracle(), seed);
        CrossValidation validated = validated(set, seed);
        calibrationError = validated.calibrationError(rows, seed);
        parts(Curve.of(rows, validated.logits()).apgr(), seed);
    }

    /** What a witness said, where all rows have it. */
    private void witness(String name, Signal witness, long seed) {
        if (rows.stream().allMatch(row -> row.heard().containsKey(witness))) {
            line(
                    name,
                    rows.stream()
                            .mapToDouble(row -> row.evidence().get(witness))
                            .toArray(),
                    seed);
        }
    }

    private void parts(double whole, long seed) {
        List<Signal> signals = set.signals(rows);
        for (Signal signal : signals) {
            Curve alone = Curve.of(
                    rows, CrossValidation.run(rows, set, List.of(signal), seed).logits());
            List<Signal> others =
                    signals.stream().filter(other -> other != signal).toList();
            Curve without =
                    Curve.of(rows, CrossValidation.run(rows, set, others, seed).logits());
            parts.add(new Part(signal, alone.auroc(), alone.apgr(), whole - without.apgr()));
        }
    }

    private double[] scores(Calibration given) {
        EscalationPolicy policy = new EscalationPolicy(given);
        return rows.stream()
                .mapToDouble(row -> policy.score(
                        Prompt.of(row.prompt()),
                        new Draft(row.draft(), List.of(), row.logprobs(), "stop"),
                        row.evidence()))
                .toArray();
    }

    private CrossValidation validated(SignalSet set, long seed) {
        return CrossValidation.run(rows, set, set.signals(rows), seed);
    }

    private void line(String name, double[] scores, long seed) {
        lines.add(Line.of(name, rows, scores, seed));
    }

    /** Knows both answers: gains first, losses last. */
    private double[] oracle() {
        return rows.stream()
                .mapToDouble(row -> (row.strongRight() ? 1 : 0) - (row.draftRight() ? 1 : 0))
                .toArray();
    }

    Line line(String name) {
        return lines.stream()
                .filter(line -> line.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    List<Line> lines() {
        return lines;
    }

    /** For people, in Markdown. */
    String markdown() {
        long small = rows.stream().filter(Row::draftRight).count();
        long large = rows.stream().filter(Row::strongRight).count();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d rows; small model right %.1f %%, large model right %.1f %%. 5-fold cross-validated; [95 %% bootstrap intervals]. ECE %s with %s signals, %s as given.%n%n",
                rows.size(),
                100.0 * small / rows.size(),
                100.0 * large / rows.size(),
                calibrationError,
                set.label(),
                givenError));
        text.append("| score | AUROC | APGR | CPT(50 %) | CPT(80 %) |\n|---|---|---|---|---|\n");
        for (Line line : lines) {
            text.append(String.format(
                    "| %s | %s | %s | %s | %s |%n", line.name(), line.auroc(), line.apgr(), line.half(), line.most()));
        }
        text.append("\n| signal | AUROC alone | APGR alone | APGR lost without it |\n|---|---|---|---|\n");
        for (Part part : parts) {
            text.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %.3f | %.3f | %+.3f |%n",
                    part.signal().label(),
                    part.auroc(),
                    part.apgr(),
                    part.lost()));
        }
        return text.toString();
    }

    /** For programs. */
    JsonObject json() {
        JsonArray scores = new JsonArray();
        for (Line line : lines) {
            scores.add(new JsonObject()
                    .put("name", line.name())
                    .put("auroc", json(line.auroc()))
                    .put("apgr", json(line.apgr()))
                    .put("cpt50", json(line.half()))
                    .put("cpt80", json(line.most())));
        }
        JsonArray signals = new JsonArray();
        for (Part part : parts) {
            signals.add(new JsonObject()
                    .put("signal", part.signal().label())
                    .put("auroc", part.auroc())
                    .put("apgr", part.apgr())
                    .put("apgr_lost", part.lost()));
        }
        return new JsonObject()
                .put("rows", rows.size())
                .put("ece", json(calibrationError))
                .put("ece_given", json(givenError))
                .put("scores", scores)
                .put("signals", signals);
    }

    /** An interval, for programs. */
    static JsonObject json(Interval interval) {
        return new JsonObject()
                .put("value", interval.value())
                .put("low", interval.low())
                .put("high", interval.high());
    }
}
