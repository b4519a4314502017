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
import java.util.Optional;
import java.util.Random;

/** What each way to choose the drafts to escalate gives on recorded rows. */
final class Evaluation {
    private static final double HALF = 0.5;
    private static final double MOST = 0.8;
    private static final double SHARE = 0.4;

    /**
     * One way to choose.
     *
     * @param right the share of right answers where {@value #SHARE} of them are the large model's
     * @param error the calibration error; empty where the scores are no probabilities
     */
    record Line(
            String name,
            Curve curve,
            Interval auroc,
            Interval apgr,
            Interval half,
            Interval most,
            Interval right,
            Optional<Interval> error) {
        static Line of(String name, List<Row> rows, double[] scores, long seed) {
            return of(name, rows, scores, Optional.empty(), seed);
        }

        static Line of(String name, List<Row> rows, double[] scores, Optional<Interval> error, long seed) {
            List<Interval> intervals = Interval.bootstrap(
                    rows,
                    scores,
                    List.of(
                            Curve::auroc,
                            Curve::apgr,
                            curve -> curve.callsFor(HALF),
                            curve -> curve.callsFor(MOST),
                            curve -> curve.rightAt(SHARE)),
                    seed);
            return new Line(
                    name,
                    Curve.of(rows, scores),
                    intervals.get(0),
                    intervals.get(1),
                    intervals.get(2),
                    intervals.get(3),
                    intervals.get(4),
                    error);
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
        fitted("router only (prompt signals)", SignalSet.ROUTER, seed);
        fitted("opening of 200 characters", SignalSet.OPENING, seed);
        List<Row> byProbabilities = rows.stream().map(Row::byProbabilities).toList();
        boolean graded = rows.stream().allMatch(row -> row.graded().isPresent());
        logprobs(seed);
        witness("further answers alone", rows, Signal.DISAGREEMENT, seed);
        witness("the decision model alone", rows, Signal.DECISION, seed);
        witness("the large model's verdict alone", rows, Signal.VERDICT, seed);
        if (graded) {
            witness("the verdict by its probabilities alone", byProbabilities, Signal.VERDICT, seed);
        }
        double[] scores = scores(rows, given);
        givenError = CalibrationError.of(rows, scores, seed);
        lines.add(Line.of("the calibration given", rows, scores, Optional.of(givenError), seed));
        if (graded) {
            probabilities("the same, verdict by its probabilities", rows, scores(byProbabilities, given), seed);
        }
        fitted("portable signals, no log-probabilities", SignalSet.PORTABLE, seed);
        fitted("generic signals", SignalSet.GENERIC, seed);
        fitted("all signals", SignalSet.ALL, seed);
        line("oracle", oracle(), seed);
        CrossValidation validated = validated(set, seed);
        calibrationError = validated.calibrationError(rows, seed);
        parts(Curve.of(rows, validated.logits()).apgr(), seed);
    }

    private void fitted(String name, SignalSet signals, long seed) {
        CrossValidation unseen = validated(signals, seed);
        lines.add(Line.of(name, rows, unseen.logits(), Optional.of(unseen.calibrationError(rows, seed)), seed));
    }

    private void probabilities(String name, List<Row> of, double[] values, long seed) {
        lines.add(Line.of(name, of, values, Optional.of(CalibrationError.of(of, values, seed)), seed));
    }

    /** How unsure the small model was of its tokens, where all rows tell. */
    private void logprobs(long seed) {
        if (rows.stream().noneMatch(row -> row.logprobs().isEmpty())) {
            line(
                    "mean log-probability alone",
                    rows.stream()
                            .mapToDouble(row -> -row.logprobs().stream()
                                    .mapToDouble(Double::doubleValue)
                                    .average()
                                    .orElse(0))
                            .toArray(),
                    seed);
        }
    }

    /** What a witness said, on the rows that have it: a long draft has no further answers. */
    private void witness(String name, List<Row> all, Signal witness, long seed) {
        List<Row> heard =
                all.stream().filter(row -> row.heard().containsKey(witness)).toList();
        if (2 * heard.size() > all.size()) {
            probabilities(
                    heard.size() == all.size() ? name : name + " (" + heard.size() + " rows)",
                    heard,
                    heard.stream()
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

    private static double[] scores(List<Row> of, Calibration given) {
        EscalationPolicy policy = new EscalationPolicy(given);
        return of.stream()
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
        text.append(
                "| score | AUROC | APGR | CPT(50 %) | CPT(80 %) | right at 40 % | ECE |\n|---|---|---|---|---|---|---|\n");
        for (Line line : lines) {
            text.append(String.format(
                    "| %s | %s | %s | %s | %s | %s | %s |%n",
                    line.name(),
                    line.auroc(),
                    line.apgr(),
                    line.half(),
                    line.most(),
                    line.right(),
                    line.error().map(Interval::toString).orElse("")));
        }
        text.append(RowTables.kinds(rows)).append(RowTables.prices(rows));
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
                    .put("cpt80", json(line.most()))
                    .put("right_at_40", json(line.right())));
            line.error()
                    .ifPresent(error -> scores.getJsonObject(scores.size() - 1).put("ece", json(error)));
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
