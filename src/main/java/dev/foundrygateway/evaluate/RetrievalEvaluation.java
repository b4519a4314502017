package dev.foundrygateway.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.evaluate.RankingDifference.Scores;
import dev.foundrygateway.evaluate.TestCollection.Document;
import dev.foundrygateway.retrieval.Findings;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.Passage;
import dev.foundrygateway.retrieval.index.PassageIndex;
import dev.foundrygateway.retrieval.index.WordOptions;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every judged question of a test collection against whole documents, unchunked. Answerability: how well the support score tells the questions from the same
 * ones with their relevant documents taken away.
 */
final class RetrievalEvaluation {
    private static final int DEPTH = 1_000;
    private static final float[] NO_VECTOR = new float[0];
    private static final Scores NOTHING = new Scores();

    /** What makes vectors of texts. */
    @FunctionalInterface
    interface Texts {
        /** One vector for each text, in their order. */
        List<float[]> embed(List<String> texts) throws IOException;
    }

    /** The averages of one ranking over all judged questions. */
    @RegisterForReflection
    record Measures(
            @JsonProperty("map") double map,
            @JsonProperty("ndcg_10") double ndcg10,
            @JsonProperty("recall_100") double recall100,
            @JsonProperty("precision_30") double precision30,
            @JsonProperty("hit_1") double hit1,
            @JsonProperty("hit_5") double hit5,
            @JsonProperty("answerability_auroc") double answerability) {}

    /** The rankings by name, lexical alone, with vectors also dense and fused; and how far they differ. */
    @RegisterForReflection
    record Result(
            @JsonProperty("documents") int documents,
            @JsonProperty("questions") int questions,
            @JsonProperty("rankings") Map<String, Measures> rankings,
            @JsonProperty("differences") List<RankingDifference> differences) {}

    private final TestCollection collection;
    private final PassageIndex index;
    private final Set<String> all = new HashSet<>();
    private final Map<String, float[]> vectors = new LinkedHashMap<>();
    private final Map<String, Measures> rankings = new LinkedHashMap<>();
    private final Map<String, Scores> scores = new LinkedHashMap<>();

    private RetrievalEvaluation(TestCollection collection, PassageIndex index) {
        this.collection = collection;
        this.index = index;
    }

    /** Indexes all documents in memory and asks every judged question; the seed is of the intervals' draws. */
    static Result of(TestCollection collection, IndexSettings settings, Optional<Texts> embedder, long seed)
            throws IOException {
        try (PassageIndex index = PassageIndex.inMemory(settings)) {
            RetrievalEvaluation evaluation = new RetrievalEvaluation(collection, index);
            evaluation.fill(embedder);
            evaluation.measure("bm25", settings.with(WordOptions.NONE), true, false);
            evaluation.measure("stops", settings.with(new WordOptions(true, false, false)), true, false);
            evaluation.measure("expansion", settings.with(new WordOptions(false, true, false)), true, false);
            evaluation.measure("grams", settings.with(new WordOptions(false, false, true)), true, false);
            evaluation.measure("lexical", settings, true, false);
            if (embedder.isPresent()) {
                evaluation.measure("dense", settings, false, true);
                evaluation.measure("fused", settings, true, true);
            }
            return new Result(
                    collection.documents().size(),
                    collection.judgements().size(),
                    evaluation.rankings,
                    evaluation.differences(seed));
        }
    }

    /** Each against the plain one, all words against each of their parts, and words, vectors and both against each other. */
    private List<RankingDifference> differences(long seed) {
        List<RankingDifference> differences = new ArrayList<>();
        scores.keySet().stream()
                .filter(ranking -> !ranking.equals("bm25"))
                .forEach(ranking -> differences.add(difference(ranking, "bm25", seed)));
        List.of("stops", "expansion", "grams").forEach(part -> differences.add(difference("lexical", part, seed)));
        if (scores.containsKey("fused")) {
            differences.add(difference("dense", "lexical", seed));
            differences.add(difference("fused", "lexical", seed));
            differences.add(difference("fused", "dense", seed));
        }
        return differences;
    }

    private RankingDifference difference(String ranking, String against, long seed) {
        return RankingDifference.of(
                ranking, scores.getOrDefault(ranking, NOTHING), against, scores.getOrDefault(against, NOTHING), seed);
    }

    private void fill(Optional<Texts> embedder) throws IOException {
        List<Document> documents = collection.documents();
        List<float[]> made = List.of();
        if (embedder.isPresent()) {
            made = embedder.get()
                    .embed(documents.stream()
                            .map(document -> document.title().isEmpty()
                                    ? document.text()
                                    : document.title() + "\n\n" + document.text())
                            .toList());
            List<String> questions = List.copyOf(collection.judgements().keySet());
            List<float[]> asked = embedder.get()
                    .embed(questions.stream()
                            .map(id -> collection.questions().getOrDefault(id, ""))
                            .toList());
            for (int i = 0; i < questions.size(); i++) {
                vectors.put(questions.get(i), asked.get(i));
            }
        }
        for (int i = 0; i < documents.size(); i++) {
            Document document = documents.get(i);
            // As a text file that was uploaded under its id: named by its file, its title the first line.
            String text = document.title().isEmpty() ? document.text() : document.title() + "\n\n" + document.text();
            Passage whole = new Passage(document.id(), document.id(), 0, document.id() + ".txt", "", text, "");
            index.replace(document.id(), List.of(whole), made.isEmpty() ? List.of() : List.of(made.get(i)));
            all.add(document.id());
        }
        index.refresh();
    }

    private void measure(String name, IndexSettings settings, boolean words, boolean dense) throws IOException {
        Scores each = new Scores();
        double[] sums = new double[6];
        List<Double> answerable = new ArrayList<>();
        List<Double> unanswerable = new ArrayList<>();
        for (Map.Entry<String, Map<String, Integer>> judged :
                collection.judgements().entrySet()) {
            String question = words ? collection.questions().getOrDefault(judged.getKey(), "") : "";
            float[] vector = dense ? vectors.getOrDefault(judged.getKey(), NO_VECTOR) : NO_VECTOR;
            Map<String, Integer> relevant = judged.getValue();
            Findings found = index.search(
                    settings,
                    dev.foundrygateway.retrieval.index.Question.of(question),
                    vector,
                    DEPTH,
                    Optional.empty());
            List<String> ranking =
                    found.hits().stream().map(hit -> hit.passage().id()).toList();
            double precision = RankingQuality.averagePrecision(ranking, relevant);
            double gain = RankingQuality.ndcg(ranking, relevant, 10);
            double first = RankingQuality.hit(ranking, relevant, 1);
            each.averagePrecision().add(precision);
            each.ndcg10().add(gain);
            each.hit1().add(first);
            sums[0] += precision;
            sums[1] += gain;
            sums[2] += RankingQuality.recall(ranking, relevant, 100);
            sums[3] += RankingQuality.precision(ranking, relevant, 30);
            sums[4] += RankingQuality.hit(ranking, relevant, 5);
            sums[5] += first;
            answerable.add(found.support());
            Set<String> others =
                    all.stream().filter(id -> !relevant.containsKey(id)).collect(Collectors.toSet());
            unanswerable.add(index.search(
                            settings,
                            dev.foundrygateway.retrieval.index.Question.of(question),
                            vector,
                            10,
                            Optional.of(others))
                    .support());
        }
        double count = answerable.size();
        scores.put(name, each);
        rankings.put(
                name,
                new Measures(
                        sums[0] / count,
                        sums[1] / count,
                        sums[2] / count,
                        sums[3] / count,
                        sums[5] / count,
                        sums[4] / count,
                        RankingQuality.auroc(answerable, unanswerable)));
    }
}
