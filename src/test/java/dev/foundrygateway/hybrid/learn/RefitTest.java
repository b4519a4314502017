package dev.foundrygateway.hybrid.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.hybrid.Calibration;
import dev.foundrygateway.hybrid.Draft;
import dev.foundrygateway.hybrid.DraftSignals;
import dev.foundrygateway.hybrid.Prompt;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import dev.foundrygateway.hybrid.SignalValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refitting to labels of two domains that the built-in score never saw, to labels by chance, and what is kept on disk. */
class RefitTest {
    private static final List<String> WORDS =
            List.of("board", "screw", "wall", "plug", "drill", "level", "shelf", "bracket", "saw", "nail");
    private static final Calibration BUILT_IN = Calibration.builtIn();

    @TempDir
    private Path folder = Path.of("");

    private final List<String> troubles = new ArrayList<>();

    /** Lists of steps, wrong where they are long and have few breaks; and conversions, wrong where the number is left out. With a tenth of noise. */
    private static List<Label> labels(int count, boolean steps, Random random, long from) {
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean wrong = random.nextInt(10) < 4;
            boolean looks = random.nextInt(10) == 0 ? !wrong : wrong;
            int size = 3 + random.nextInt(6);
            String question = steps ? "How do I mount the shelf?" : "Convert " + (size * 7) + " miles into kilometres.";
            StringBuilder draft = new StringBuilder();
            for (int j = 0; j < size; j++) {
                draft.append(steps ? "Take the " : "The way to ")
                        .append(WORDS.get((i + j) % WORDS.size()))
                        .append(steps ? " and turn it" : " is long")
                        .append(steps && looks ? ", " : ".\n");
            }
            if (!steps && !looks) {
                draft.append(size * 7).append(" miles are ").append(size * 11).append(" km.");
            }
            labels.add(label(from + i, wrong, question, draft.toString()));
        }
        return labels;
    }

    private static Label label(long at, boolean wrong, String question, String draft) {
        Prompt prompt = Prompt.of(question);
        return new Label(at, wrong ? 1 : 0, 40, read(prompt, draft, false), read(prompt, draft, true));
    }

    private static SignalValues read(Prompt prompt, String draft, boolean whole) {
        String text = whole ? draft : draft.substring(0, Math.min(200, draft.length()));
        return DraftSignals.read(prompt, Draft.of(text), whole);
    }

    private static List<Label> twoDomains(int count, long seed) {
        Random random = new Random(seed);
        List<Label> labels = labels(count / 2, true, random, 0);
        labels.addAll(labels(count - count / 2, false, random, 1_000));
        return labels;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void fromThreeHundredLabelsItBeatsTheBuiltInOnBothDomains(long seed) {
        Calibration fitted =
                Refit.of(twoDomains(300, seed), BUILT_IN, Optional.empty(), 0).orElseThrow();
        for (boolean steps : List.of(true, false)) {
            List<Label> others = labels(200, steps, new Random(seed + 100), 0);
            assertTrue(interval(others, fitted, BUILT_IN)[0] > 0, "the paired interval's lower end, steps " + steps);
        }
    }

    /** The 95 % interval, by bootstrap, of how much more likely the first ranks a wrong draft above a right one. */
    private static double[] interval(List<Label> labels, Calibration one, Calibration other) {
        Random random = new Random(7);
        double[] gains = new double[1_000];
        for (int i = 0; i < gains.length; i++) {
            List<Label> drawn = random.ints(labels.size(), 0, labels.size())
                    .mapToObj(labels::get)
                    .toList();
            gains[i] = auroc(drawn, one) - auroc(drawn, other);
        }
        java.util.Arrays.sort(gains);
        return new double[] {gains[25], gains[974]};
    }

    private static double auroc(List<Label> labels, Calibration by) {
        boolean[] wrong = new boolean[labels.size()];
        double[] scores = new double[wrong.length];
        for (int i = 0; i < wrong.length; i++) {
            wrong[i] = labels.get(i).isWrong();
            scores[i] = by.at(Stage.WHOLE).score(labels.get(i).whole()).score();
        }
        return Ranking.auroc(scores, wrong);
    }

    @Test
    void labelsByChanceAreRefused() {
        int accepted = 0;
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<Label> labels = twoDomains(200, seed).stream()
                    .map(one -> new Label(one.millis(), random.nextInt(2), 40, one.opening(), one.whole()))
                    .toList();
            accepted += Refit.of(labels, BUILT_IN, Optional.empty(), seed).isPresent() ? 1 : 0;
        }
        assertEquals(0, accepted);
    }

    @Test
    void labelsThatAreAllTheSameAreRefused() {
        for (int wrong = 0; wrong < 2; wrong++) {
            int said = wrong;
            List<Label> labels = twoDomains(150, 1).stream()
                    .map(one -> new Label(one.millis(), said, 40, one.opening(), one.whole()))
                    .toList();
            assertTrue(Refit.of(labels, BUILT_IN, Optional.empty(), 0).isEmpty());
        }
    }

    @Test
    void whatWasLearntStaysWhereNewLabelsDontSpeakAgainstItAndGoesWhereTheyDo() {
        Random random = new Random(5);
        List<Label> labels = new ArrayList<>(labels(150, true, random, 0));
        Calibration first = Refit.of(labels, BUILT_IN, Optional.empty(), 0).orElseThrow();
        Refit.Learnt learnt = new Refit.Learnt(first, 149);
        labels.addAll(labels(20, true, random, 150));
        assertTrue(Refit.of(labels, BUILT_IN, Optional.of(learnt), 0).isEmpty(), "too few new ones to tell");
        labels.addAll(labels(180, false, random, 170));
        Calibration second = Refit.of(labels, BUILT_IN, Optional.of(learnt), 0).orElseThrow();
        List<Label> others = labels(200, false, new Random(9), 0);
        assertTrue(interval(others, second, first)[0] > 0);
    }

    @Test
    void whatDecidesByItselfAndTheVerdictKeepTheirWeights() {
        Calibration fitted =
                Refit.of(twoDomains(300, 1), BUILT_IN, Optional.empty(), 0).orElseThrow();
        for (Stage stage : Stage.values()) {
            BUILT_IN.at(stage).weights().forEach((signal, weight) -> {
                switch (signal.family()) {
                    case FLAG, FAULT ->
                        assertEquals(weight, fitted.at(stage).weights().get(signal), signal.label());
                    default -> assertTrue(fitted.at(stage).weights().containsKey(signal), signal.label());
                }
            });
        }
        SignalValues refusal = read(Prompt.of("Why?"), "I'm sorry, but I cannot answer that.", true);
        assertTrue(fitted.at(Stage.WHOLE).score(refusal).score() > 0.9);
    }

    @Test
    void labelsAreReadAgainWithoutLinesThatAreNone() throws IOException {
        Notebook notebook = new Notebook(folder, "a/../b", troubles::add);
        List<Label> some = twoDomains(4, 1);
        for (Label label : some) {
            assertFalse(notebook.add(label));
        }
        Path file = folder.resolve("a%2F%2E%2E%2Fb").resolve("labels.jsonl");
        Files.writeString(file, "no label\n" + Files.readString(file) + "{\"at\":5,\"wrong\":0");
        Notebook again = new Notebook(folder, "a/../b", troubles::add);
        assertEquals(
                some.stream().map(Label::line).toList(),
                again.read().stream().map(Label::line).toList());
        assertEquals(List.of("1 lines of " + file + " are not labels and are left out"), troubles);
        assertEquals(40, again.tokensSince(1_001));
    }

    @Test
    void theFirstRefitIsDueWithAHundredLabelsAndAgainWithEachFifty() throws IOException {
        Notebook notebook = new Notebook(folder, "hybrid", troubles::add);
        List<Integer> due = new ArrayList<>();
        List<Label> labels = twoDomains(200, 1);
        for (int i = 0; i < labels.size(); i++) {
            if (i == 120) {
                notebook = new Notebook(folder, "hybrid", troubles::add);
            }
            if (notebook.add(labels.get(i))) {
                due.add(i + 1);
            }
        }
        assertEquals(List.of(100, 150, 200), due);
    }

    @Test
    void labelsAreBoundedAndTheOldestGo() throws IOException {
        Notebook notebook = new Notebook(folder, "hybrid", troubles::add);
        Label one = twoDomains(2, 1).get(0);
        Path file = Files.createDirectories(folder.resolve("hybrid")).resolve("labels.jsonl");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 5_500; i++) {
            many.append(new Label(i, 0, 1, one.opening(), one.whole()).line()).append('\n');
        }
        Files.writeString(file, many);
        notebook.add(new Label(5_500, 0, 1, one.opening(), one.whole()));
        List<Label> kept = notebook.read();
        assertEquals(5_000, kept.size());
        assertEquals(501, kept.get(0).millis());
        assertEquals(5_500, kept.get(4_999).millis());
    }

    @Test
    void theLastFiveCalibrationsAreKeptAndTheNewestIsUsedUntilItIsDeleted() throws IOException {
        Notebook notebook = new Notebook(folder, "hybrid", troubles::add);
        for (int i = 8; i < 15; i++) {
            notebook.keep(new Refit.Learnt(new Calibration("number " + i, BUILT_IN.stages()), i));
        }
        assertEquals(14, notebook.newest().orElseThrow().millis());
        assertFalse(Files.exists(folder.resolve("hybrid/calibration-9.json")));
        assertTrue(Files.exists(folder.resolve("hybrid/calibration-10.json")));
        Files.delete(folder.resolve("hybrid/calibration-14.json"));
        assertEquals("number 13", notebook.newest().orElseThrow().calibration().description());
    }

    @Test
    void driftIsNearZeroForTheSameDraftsAndLargeForOthers() {
        List<Label> labels = twoDomains(300, 1);
        Calibration fitted = Refit.of(labels, BUILT_IN, Optional.empty(), 0).orElseThrow();
        Recent recent = new Recent();
        labels.subList(0, 99).forEach(one -> recent.add(Stage.WHOLE, one.whole()));
        assertTrue(recent.drift(fitted).isEmpty());
        labels.forEach(one -> recent.add(Stage.WHOLE, one.whole()));
        Calibration own = recent.quantiles(fitted);
        assertTrue(recent.drift(own).orElseThrow() < 0.1);
        Recent others = new Recent();
        labels.stream().filter(Label::isWrong).forEach(one -> others.add(Stage.WHOLE, one.whole()));
        labels.stream().filter(Label::isWrong).forEach(one -> others.add(Stage.WHOLE, one.whole()));
        assertTrue(others.drift(own).orElseThrow() > 0.25);
    }
}
