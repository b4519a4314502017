package dev.foundrygateway.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.foundrygateway.hybrid.Calibration;
import dev.foundrygateway.hybrid.Draft;
import dev.foundrygateway.hybrid.EscalationPolicy;
import dev.foundrygateway.hybrid.Prompt;
import dev.foundrygateway.hybrid.ScoreModel;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import dev.foundrygateway.hybrid.Signal;
import dev.foundrygateway.hybrid.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calibration that comes with the program: where it comes from, and that it does with ordinary questions what one would expect. */
class BuiltInCalibrationTest {
    private static final String LONG = "long";
    private static final int OPENING_CHARACTERS = 200;
    private static final double PLAIN_THRESHOLD = .5;
    private static final String LONG_ANSWER =
            "The sky looks blue because air scatters short waves of light far more than long ones. Rayleigh showed that this grows "
                    + "with the fourth power of frequency, so violet and blue are spread about ten times as much as red. Our eyes see violet "
                    + "less well, and some of it is absorbed high up, which leaves a pale blue everywhere but near the sun itself. At dusk "
                    + "the way through the air is longer, most of the blue is lost sideways, and what remains is orange.";

    private final Calibration builtIn = Calibration.builtIn();
    private final EscalationPolicy policy = new EscalationPolicy(builtIn);

    @Test
    void itIsWhatTheCommandMakesOfTheRecordedAnswers() throws IOException {
        List<Row> rows = rows();
        Calibration made = Calibrator.calibrate(builtIn.description(), rows, SignalSet.PORTABLE, builtIn, 0);
        for (Stage stage : Stage.values()) {
            ScoreModel again = made.at(stage);
            ScoreModel kept = builtIn.at(stage);
            assertEquals(kept.bias(), again.bias(), 1e-3);
            assertEquals(kept.weights().keySet(), again.weights().keySet());
            kept.weights()
                    .forEach((signal, weight) -> assertEquals(
                            weight.weight(),
                            Objects.requireNonNull(again.weights().get(signal)).weight(),
                            1e-3,
                            signal.label()));
            for (double share = .05; share < 1; share += .05) {
                assertEquals(kept.thresholdFor(share), again.thresholdFor(share), 1e-3);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {.05, .1, .2, .35, .5, .65, .8})
    void aShareBeginsAtItsQuantileAndIsMetOnTheRows(double share) throws IOException {
        List<Row> rows = rows();
        long whole = rows.stream()
                .filter(row -> policy.atEnd(
                                Prompt.of(row.prompt()), Draft.of(row.draft()), policy.thresholdFor(Stage.WHOLE, share))
                        instanceof Verdict.Escalate)
                .count();
        assertEquals(share, (double) whole / rows.size(), .04);
        long openings = rows.stream()
                .filter(row -> policy.after(
                                Prompt.of(row.prompt()),
                                Draft.of(row.draft()
                                        .substring(
                                                0,
                                                Math.min(
                                                        OPENING_CHARACTERS,
                                                        row.draft().length()))),
                                policy.thresholdFor(Stage.OPENING, share))
                        instanceof Verdict.Escalate)
                .count();
        assertEquals(share, (double) openings / rows.size(), .06);
        assertNotEquals(1 - share, policy.thresholdFor(Stage.WHOLE, share), "no quantiles");
    }

    @ParameterizedTest
    @CsvSource({
        "What is the capital of France?, The capital of France is Paris.",
        "Hi, Hello! How can I help you today?",
        "Translate 'good morning' into German., Guten Morgen.",
        "How many days are in a leap year?, A leap year has 366 days.",
        "Write a function that adds two numbers, def add(a; b): return a + b",
        "Why is the sky blue?, " + LONG
    })
    void ordinaryQuestionsStayWithTheSmallModel(String question, String answer) {
        assertKept(question, answer.equals(LONG) ? LONG_ANSWER : answer);
    }

    private void assertKept(String question, String answer) {
        Prompt prompt = Prompt.of(question);
        assertEquals(Verdict.Keep.class, policy.before(prompt, PLAIN_THRESHOLD).getClass());
        assertEquals(
                Verdict.Keep.class,
                policy.after(prompt, Draft.of(answer), PLAIN_THRESHOLD).getClass());
        assertEquals(
                Verdict.Keep.class,
                policy.atEnd(prompt, Draft.of(answer), PLAIN_THRESHOLD).getClass());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I'm sorry, but I cannot answer that question.",
                "I think that it might be Paris, but I'm not sure.",
                "Perhaps it is Lyon. It is unclear.",
                ""
            })
    void doubtfulDraftsGoToTheLargeModel(String draft) {
        assertEquals(
                Verdict.Escalate.class,
                policy.atEnd(Prompt.of("What is the capital of France?"), Draft.of(draft), PLAIN_THRESHOLD)
                        .getClass());
    }

    @Test
    void everyUpstreamShowsItsSignals() {
        Set<Signal> rare = Set.of(Signal.MEAN_LOGPROB, Signal.LOWEST_LOGPROB);
        for (Stage stage : Stage.values()) {
            assertEquals(
                    List.of(),
                    builtIn.at(stage).weights().keySet().stream()
                            .filter(rare::contains)
                            .toList());
        }
    }

    private static List<Row> rows() throws IOException {
        String shared = Objects.requireNonNullElse(System.getenv("SHARED_DIR"), "../shared");
        Path file = Path.of(shared, "data", "routellm-gsm8k", "gsm8k_responses.csv")
                .toAbsolutePath()
                .normalize();
        boolean there = Files.isRegularFile(file);
        if (!there) {
            System.err.println("BuiltInCalibrationTest is skipped in part: no " + file + "; set SHARED_DIR");
        }
        assumeTrue(there, "no " + file);
        return RowReader.read(file);
    }
}
