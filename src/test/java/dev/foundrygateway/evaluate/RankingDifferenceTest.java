package dev.foundrygateway.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.evaluate.RankingDifference.Scores;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** How far two rankings of the same questions differ. */
class RankingDifferenceTest {
    @TempDir
    private Path folder = Path.of("");

    private static Scores scores(Double... each) {
        List<Double> values = List.of(each);
        return new Scores(values, values, values);
    }

    @Test
    void whatHardAndEasyQuestionsHaveInCommonIsSure() {
        RankingDifference better = RankingDifference.of("b", scores(.1, .9, .4, .6), "a", scores(0.0, .8, .3, .5), 1);
        assertEquals(.1, better.ndcg10().value(), 1e-12);
        // Unpaired, the interval would be as wide as the questions differ.
        assertEquals(.1, better.ndcg10().low(), 1e-12);
        assertEquals(.1, better.ndcg10().high(), 1e-12);
        assertTrue(better.isSure());
        assertTrue(better.line().endsWith("*"), better.line());
    }

    @Test
    void whatComesFromOneQuestionIsNotSure() {
        RankingDifference one =
                RankingDifference.of("b", scores(.5, 0.0, 0.0, 0.0), "a", scores(0.0, 0.0, 0.0, 0.0), 1);
        assertEquals(.125, one.map().value(), 1e-12);
        assertEquals(0, one.map().low(), 1e-12);
        assertTrue(one.map().high() > .125);
        assertFalse(one.isSure());
        assertEquals(
                one,
                RankingDifference.of("b", scores(.5, 0.0, 0.0, 0.0), "a", scores(0.0, 0.0, 0.0, 0.0), 1),
                "the seed decides");
    }

    @Test
    void theCommandComparesEachPartWithAPlainBm25AndWithTheWhole() throws IOException {
        Files.writeString(folder.resolve("corpus.jsonl"), """
                {"_id":"d1","title":"","text":"The ferry leaves the northern pier at nine."}
                {"_id":"d2","title":"","text":"What does a pier do? It does what it does."}
                """);
        Files.writeString(
                folder.resolve("queries.jsonl"), "{\"_id\":\"q1\",\"text\":\"What does the ferry do at the pier?\"}\n");
        Files.createDirectory(folder.resolve("qrels"));
        Files.writeString(folder.resolve("qrels/test.tsv"), "query-id\tcorpus-id\tscore\nq1\td1\t1\n");
        String table = run();
        for (String pair : new String[] {"stops - bm25", "lexical - bm25", "lexical - stops", "lexical - grams"}) {
            assertEquals(
                    1, table.lines().filter(line -> line.startsWith(pair + " ")).count(), table);
        }
        assertFalse(table.contains("fused"), table);
        // Without the stop list the other passage has more of the question's words.
        String stops = table.lines()
                .filter(line -> line.startsWith("stops - bm25 "))
                .findFirst()
                .orElseThrow();
        assertTrue(stops.contains("+1.0000 [+1.0000, +1.0000]") && stops.endsWith("*"), table);
        String json = run("--json");
        assertTrue(json.contains("\"ranking\":\"stops\",\"against\":\"bm25\",\"ndcg_10\":{\"value\":"), json);
    }

    private String run(String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] arguments = new String[more.length + 2];
        arguments[0] = folder.toString();
        arguments[1] = "--words-only";
        System.arraycopy(more, 0, arguments, 2, more.length);
        int code = new CommandLine(new EvaluateRetrieval())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        assertEquals(0, code, err.toString());
        return out.toString();
    }
}
