package dev.foundrygateway.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.foundrygateway.evaluate.RetrievalEvaluation.Measures;
import dev.foundrygateway.evaluate.RetrievalEvaluation.Result;
import dev.foundrygateway.retrieval.index.IndexSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The ranking against a public number: Anserini's BM25 on the whole text of CACM. */
class CacmTest {
    private static final double ANSERINI_MAP = .3123;

    @Test
    void bm25RanksAsAnseriniDoes() throws IOException {
        Path folder = folder();
        boolean there = Files.isDirectory(folder);
        if (!there) {
            System.err.println("CacmTest is skipped: no CACM in " + folder + "; set SHARED_DIR");
        }
        assumeTrue(there, "no CACM in " + folder);
        TestCollection cacm = TrecFolder.read(folder);
        Result result = RetrievalEvaluation.of(cacm, IndexSettings.DEFAULT, Optional.empty(), 1);
        assertEquals(3_204, result.documents());
        assertEquals(52, result.questions());
        Measures lexical = Objects.requireNonNull(result.rankings().get("bm25"));
        assertEquals(ANSERINI_MAP, lexical.map(), .005);
        Measures better = Objects.requireNonNull(result.rankings().get("lexical"));
        assertTrue(better.map() > lexical.map() + .03, "MAP " + better.map());
        assertTrue(better.ndcg10() > lexical.ndcg10() + .03, "nDCG@10 " + better.ndcg10());
        assertTrue(better.hit1() >= lexical.hit1(), "hit@1 " + better.hit1());
        System.out.println("CACM: MAP " + lexical.map() + ", AUROC of support " + lexical.answerability());
    }

    private static Path folder() {
        String shared = Objects.requireNonNullElse(System.getenv("SHARED_DIR"), "../shared");
        return Path.of(shared, "data", "cacm").toAbsolutePath().normalize();
    }

    @Test
    void measuresCountAsTrecEvalDoes() {
        Map<String, Integer> relevant = Map.of("a", 1, "b", 1, "c", 1);
        List<String> ranking = List.of("a", "x", "b");
        assertEquals((1 + 2 / 3.0) / 3, RankingQuality.averagePrecision(ranking, relevant), 1e-12);
        assertEquals(2 / 3.0, RankingQuality.recall(ranking, relevant, 3), 1e-12);
        assertEquals(
                1.5 / (1 + 1 / (Math.log(3) / Math.log(2)) + .5), RankingQuality.ndcg(ranking, relevant, 10), 1e-12);
        assertEquals(.75, RankingQuality.auroc(List.of(.9, .4), List.of(.3, .5)), 1e-12);
    }
}
