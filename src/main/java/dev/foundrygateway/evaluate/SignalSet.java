package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Draft;
import dev.foundrygateway.hybrid.DraftSignals;
import dev.foundrygateway.hybrid.Prompt;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import dev.foundrygateway.hybrid.Signal;
import dev.foundrygateway.hybrid.SignalValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which signals are fitted together. */
enum SignalSet {
    /** The question's alone: a router, which sees no draft. */
    ROUTER,
    /** What a draft's opening shows, for any topic. */
    OPENING,
    /** Of the opening's those that {@link #PORTABLE} has. */
    PORTABLE_OPENING,
    /**
     * Of the generic ones those that speak the same way, or not at all, on both of the built-in calibration's sets of rows, short facts and long reckonings:
     * the others tell of one kind of question and mislead on the next. No log-probabilities, which Foundry Local never gives.
     */
    PORTABLE,
    /** What a whole draft shows, for any topic. */
    GENERIC,
    /** With those that read arithmetic. */
    ALL;

    /** What rows may have of the witnesses. */
    static final List<Signal> WITNESSES = List.of(Signal.DISAGREEMENT, Signal.DECISION, Signal.VERDICT);

    /** About 48 tokens. */
    private static final int OPENING_CHARACTERS = 200;

    private List<Signal> signals() {
        return switch (this) {
            case ROUTER -> List.of(Signal.PROMPT_LENGTH, Signal.PROMPT_NUMBERS);
            case OPENING ->
                plus(ROUTER.signals(), Signal.HEDGING, Signal.LINE_BREAKS, Signal.QUESTIONS, Signal.NUMBERS_UNUSED);
            case PORTABLE_OPENING -> plus(ROUTER.signals(), Signal.HEDGING, Signal.QUESTIONS);
            case PORTABLE -> plus(PORTABLE_OPENING.signals(), Signal.DRAFT_LENGTH);
            case GENERIC -> plus(OPENING.signals(), Signal.DRAFT_LENGTH, Signal.UNFINISHED);
            case ALL ->
                plus(
                        GENERIC.signals(),
                        Signal.WRONG_EQUATIONS,
                        Signal.RIGHT_EQUATIONS,
                        Signal.ANSWER_MARKER,
                        Signal.NON_INTEGER,
                        Signal.NEGATIVE);
        };
    }

    private static List<Signal> plus(List<Signal> some, Signal... more) {
        List<Signal> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    /** Its name in commands and reports. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether rows can teach its weight. */
    static boolean fitted(Signal signal) {
        return signal == Signal.MEAN_LOGPROB
                || signal == Signal.LOWEST_LOGPROB
                || WITNESSES.contains(signal)
                || ALL.signals().contains(signal);
    }

    /** What is fitted to openings beside it. */
    SignalSet opening() {
        return this == PORTABLE ? PORTABLE_OPENING : OPENING;
    }

    /** Its signals for these rows: the log-probabilities too where every row has them, and witnesses that most have. */
    List<Signal> signals(List<Row> rows) {
        boolean wanted = this == OPENING || this == GENERIC || this == ALL;
        boolean logprobs =
                wanted && rows.stream().noneMatch(row -> row.logprobs().isEmpty());
        List<Signal> all = new ArrayList<>(signals());
        if (logprobs) {
            all.addAll(List.of(Signal.MEAN_LOGPROB, Signal.LOWEST_LOGPROB));
        }
        for (Signal witness : WITNESSES) {
            boolean seen = this != ROUTER
                    && ((this != OPENING && this != PORTABLE_OPENING) || witness.moment() == Stage.OPENING);
            long heard = rows.stream()
                    .filter(row -> row.heard().containsKey(witness))
                    .count();
            if (seen && 2 * heard > rows.size()) {
                all.add(witness);
            }
        }
        return List.copyOf(all);
    }

    /** The values of all rows, in the order of {@code wanted}; of the openings alone where this is of those. */
    double[][] values(List<Row> rows, List<Signal> wanted) {
        boolean ended = this != OPENING && this != PORTABLE_OPENING;
        double[][] values = new double[rows.size()][wanted.size()];
        for (int i = 0; i < values.length; i++) {
            Row row = rows.get(i);
            Draft draft = new Draft(row.draft(), List.of(), row.logprobs(), "stop");
            SignalValues read = DraftSignals.read(
                    Prompt.of(row.prompt()), ended ? draft : draft.opening(OPENING_CHARACTERS), ended);
            row.heard().forEach(read::set);
            for (int j = 0; j < wanted.size(); j++) {
                Signal signal = wanted.get(j);
                values[i][j] =
                        read.has(signal) ? read.get(signal) : WITNESSES.contains(signal) ? mean(rows, signal) : 0;
            }
        }
        return values;
    }

    /** What a witness that was not asked counts as, as in a score: nothing. */
    private static double mean(List<Row> rows, Signal witness) {
        return rows.stream()
                .filter(row -> row.heard().containsKey(witness))
                .mapToDouble(row -> row.evidence().get(witness))
                .average()
                .orElse(0);
    }
}
