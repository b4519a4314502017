package dev.foundrygateway.retrieval.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Vectors are made in batches, remembered, and done without where the model is down. */
class VectorsTest {
    private final AtomicLong now = new AtomicLong();
    private final List<List<String>> asked = new ArrayList<>();
    private boolean down;
    private int dimensions = 2;

    private final Vectors vectors = new Vectors(this::embed, "m", Duration.ofSeconds(2), now::get);

    private Uni<List<float[]>> embed(String model, List<String> texts) {
        asked.add(texts);
        return down
                ? Uni.createFrom().failure(new IllegalStateException("down"))
                : Uni.createFrom()
                        .item(texts.stream()
                                .map(text -> Arrays.copyOf(new float[] {text.length(), 1}, dimensions))
                                .toList());
    }

    @Test
    void passagesComeInBatchesOfThirtyTwo() {
        List<Passage> passages = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            passages.add(new Passage("f#" + i, "f", i, "", "", "passage " + i, ""));
        }
        assertEquals(70, vectors.ofPassages(passages).orElseThrow().size());
        assertEquals(List.of(32, 32, 6), asked.stream().map(List::size).toList());
    }

    @Test
    void whatWasEmbeddedOnceIsNotAgain() {
        float[] first = vectors.ofQuestion(Question.of("why"));
        assertArrayEquals(first, vectors.ofQuestion(Question.of("why")));
        assertEquals(1, asked.size());
        Passage known = new Passage("f#0", "f", 0, "", "", "why", "");
        Passage other = new Passage("f#1", "f", 1, "", "", "because", "");
        List<float[]> made = vectors.ofPassages(List.of(other, known)).orElseThrow();
        assertEquals(List.of("because"), asked.get(1));
        assertArrayEquals(new float[] {7, 1}, made.get(0));
        assertArrayEquals(first, made.get(1));
    }

    @Test
    void aModelThatGivesVectorsOfAnotherLengthIsAnotherOne() {
        vectors.ofQuestion(Question.of("why"));
        dimensions = 3;
        Passage known = new Passage("f#0", "f", 0, "", "", "why", "");
        Passage other = new Passage("f#1", "f", 1, "", "", "because", "");
        List<float[]> made = vectors.ofPassages(List.of(other, known)).orElseThrow();
        assertArrayEquals(new float[] {7, 1, 0}, made.get(0));
        assertArrayEquals(new float[] {3, 1, 0}, made.get(1));
        assertEquals(3, vectors.ofQuestion(Question.of("why")).length, "what it gave before is forgotten");
    }

    @Test
    void aModelThatIsDownIsLeftAloneForHalfAMinute() {
        down = true;
        assertEquals(0, vectors.ofQuestion(Question.of("why")).length);
        assertEquals(0, vectors.ofQuestion(Question.of("how")).length);
        assertEquals(1, asked.size());
        down = false;
        now.addAndGet(Duration.ofSeconds(31).toNanos());
        assertEquals(2, vectors.ofQuestion(Question.of("how")).length);
    }

    @Test
    void passagesHaveNoneWhileTheModelIsDown() {
        down = true;
        Passage passage = new Passage("f#0", "f", 0, "", "", "why", "");
        assertEquals(Optional.empty(), vectors.ofPassages(List.of(passage)));
        assertEquals(Optional.empty(), vectors.ofPassages(List.of(passage)));
        assertEquals(1, asked.size());
    }

    @Test
    void aModelThatHasTooMuchToDoIsAskedAgainAtOnce() {
        AtomicBoolean busy = new AtomicBoolean(true);
        Vectors loaded = new Vectors(
                (model, texts) -> busy.getAndSet(false)
                        ? Uni.createFrom().failure(new RejectedExecutionException("busy"))
                        : embed(model, texts),
                "m",
                Duration.ofSeconds(2),
                now::get);
        assertEquals(0, loaded.ofQuestion(Question.of("why")).length);
        assertEquals(2, loaded.ofQuestion(Question.of("why")).length);
    }

    @Test
    void aTextThatIsRefusedCostsItsOwnFileAlone() {
        Vectors refusing = new Vectors(
                (model, texts) -> texts.stream().anyMatch(text -> text.contains("bad"))
                        ? Uni.createFrom().failure(new GatewayException(ErrorCode.INVALID_REQUEST, "refused"))
                        : embed(model, texts),
                "m",
                Duration.ofSeconds(2),
                now::get);
        Passage good = new Passage("f#0", "f", 0, "", "", "good", "");
        Passage bad = new Passage("g#0", "g", 0, "", "", "bad", "");
        List<Optional<List<float[]>>> made =
                refusing.ofFiles(List.of(List.of(good, good), List.of(bad), List.of(good)));
        assertEquals(
                List.of(2, -1, 1),
                made.stream().map(file -> file.map(List::size).orElse(-1)).toList());
        down = true;
        int before = asked.size();
        Passage other = new Passage("h#0", "h", 0, "", "", "other", "");
        assertEquals(
                List.of(Optional.empty(), Optional.empty()), refusing.ofFiles(List.of(List.of(other), List.of(other))));
        assertEquals(before + 1, asked.size());
    }

    @Test
    void aModelThatRefusesEveryTextIsPaused() {
        AtomicInteger calls = new AtomicInteger();
        Vectors none = new Vectors(
                (model, texts) -> {
                    calls.incrementAndGet();
                    return Uni.createFrom().failure(new GatewayException(ErrorCode.INVALID_REQUEST, "no embeddings"));
                },
                "m",
                Duration.ofSeconds(2),
                now::get);
        assertEquals(0, none.ofQuestion(Question.of("why")).length);
        int before = calls.get();
        assertEquals(0, none.ofQuestion(Question.of("how")).length);
        assertEquals(before, calls.get());
        now.addAndGet(Duration.ofSeconds(31).toNanos());
        assertFalse(none.answers());
        assertEquals(before + 1, calls.get(), "asked once whether it answers");
        assertFalse(none.answers());
        assertEquals(before + 1, calls.get(), "it is paused");
    }

    @Test
    void vectorsOfDifferentLengthsAreNone() {
        Vectors odd = new Vectors(
                (model, texts) -> Uni.createFrom().item(List.of(new float[] {1, 0}, new float[] {1, 0, 0})),
                "m",
                Duration.ofSeconds(2),
                now::get);
        Passage one = new Passage("f#0", "f", 0, "", "", "one", "");
        Passage two = new Passage("f#1", "f", 1, "", "", "two", "");
        assertEquals(Optional.empty(), odd.ofPassages(List.of(one, two)));
    }

    @Test
    void withoutAModelThereAreNone() {
        Vectors none = new Vectors(this::embed, "", Duration.ofSeconds(2), now::get);
        assertEquals(0, none.ofQuestion(Question.of("why")).length);
        assertEquals(Optional.of(List.of()), none.ofPassages(List.of(new Passage("f#0", "f", 0, "", "", "why", ""))));
        assertEquals(List.of(), asked);
    }
}
