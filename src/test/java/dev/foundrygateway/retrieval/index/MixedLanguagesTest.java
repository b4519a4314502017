package dev.foundrygateway.retrieval.index;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** One store in twelve languages, asked in each of them, by words: what a language's own analyzer would find is found without any. */
class MixedLanguagesTest {
    private record Asked(String language, int passage, String question) {}

    private final List<String> passages = new ArrayList<>();
    private final List<Asked> questions = new ArrayList<>();

    MixedLanguagesTest() throws IOException {
        String language = "";
        try (InputStream in = MixedLanguagesTest.class.getResourceAsStream("/languages/town.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith("=== ")) {
                    language = line.substring(4);
                } else if (line.startsWith("? ")) {
                    questions.add(new Asked(language, passages.size() - 1, line.substring(2)));
                } else {
                    passages.add(line);
                }
            }
        }
    }

    /** How many questions of each language have their passage first, and how many among the first five. */
    private record Found(Map<String, Integer> first, int allFirst, int inFive) {}

    private Found found(boolean ownLanguage, boolean grams) throws IOException {
        Map<String, PassageIndex> indexes = new TreeMap<>();
        Map<String, Integer> first = new TreeMap<>();
        int inFive = 0;
        try {
            for (Asked asked : questions) {
                String analyzer =
                        ownLanguage ? Analyzers.named(asked.language()).orElse("none") : "english";
                IndexSettings settings = IndexSettings.DEFAULT.in(analyzer).with(new WordOptions(true, true, grams));
                PassageIndex index = indexes.get(analyzer);
                if (index == null) {
                    index = filled(settings);
                    indexes.put(analyzer, index);
                }
                List<String> hits = index
                        .search(settings, Question.of(asked.question()), new float[0], 5, Optional.empty())
                        .hits()
                        .stream()
                        .map(hit -> hit.passage().id())
                        .toList();
                int rank = hits.indexOf("p" + asked.passage());
                first.merge(asked.language(), rank == 0 ? 1 : 0, Integer::sum);
                inFive += rank >= 0 ? 1 : 0;
            }
        } finally {
            for (PassageIndex index : indexes.values()) {
                index.close();
            }
        }
        return new Found(
                first, first.values().stream().mapToInt(Integer::intValue).sum(), inFive);
    }

    private PassageIndex filled(IndexSettings settings) throws IOException {
        PassageIndex index = PassageIndex.inMemory(settings);
        for (int i = 0; i < passages.size(); i++) {
            Passage passage = new Passage("p" + i, "p" + i, 0, "town-" + i + ".txt", "", passages.get(i), "");
            index.replace("p" + i, List.of(passage), List.of());
        }
        index.refresh();
        return index;
    }

    @Test
    void aStoreThatIsSetToEnglishFindsAsMuchAsEachLanguagesOwnAnalyzer() throws IOException {
        Found words = found(false, false);
        Found mixed = found(false, true);
        Found own = found(true, false);
        Found ownAndGrams = found(true, true);
        System.out.printf(
                "of %d questions first, in five: english %s, with runs %s; own analyzers %s, with runs %s%n",
                questions.size(), words, mixed, own, ownAndGrams);
        assertTrue(mixed.allFirst() >= 112, mixed + " of " + questions.size());
        assertTrue(mixed.inFive() >= 118, mixed + " of " + questions.size());
        assertTrue(mixed.allFirst() >= own.allFirst(), mixed + " and " + own);
        assertTrue(mixed.allFirst() >= ownAndGrams.allFirst() - 2, mixed + " and " + ownAndGrams);
        // Written without spaces between words: their runs of three find them all.
        for (String language : List.of("thai", "lao", "khmer")) {
            assertTrue(mixed.first().getOrDefault(language, 0) >= 10, language + ": " + mixed);
        }
    }
}
