package dev.foundrygateway.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
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

    /** The rankings by name: lexical; with vectors also dense and fused. */
    @RegisterForReflection
    record Result(
            @JsonProperty("documents") int documents,
            @JsonProperty("questions") int questions,
            @JsonProperty("rankings") Map<String, Measures> rankings) {}

    private final TestCollection collection;
    private final PassageIndex index;
    private final Set<String> all = new HashSet<>();
    private final Map<String, float[]> vectors = new LinkedHashMap<>();

    private RetrievalEvaluation(TestCollection collection, PassageIndex index) {
        this.collection = collection;
        this.index = index;
    }

    /** Indexes all documents in memory and asks every judged question. */
    static Result of(TestCollection collection, IndexSettings settings, Optional<Texts> embedder)
            throws IOException {
        try (PassageIndex index = PassageIndex.inMemory(settings)) {
            RetrievalEvaluation evaluation = new RetrievalEvaluation(collection, index);
            evaluation.fill(embedder);
            Map<String, Measures> rankings = new LinkedHashMap<>();
            rankings.put("bm25", evaluation.measure(settings.with(WordOptions.NONE), true, false));
            rankings.put("stops", evaluation.measure(settings.with(new WordOptions(true, false, false)), true, false));
            rankings.put("expansion", evaluation.measure(settings.with(new WordOptions(false, true, false)), true, false));
            rankings.put("grams", evaluation.measure(settings.with(new WordOptions(false, false, true)), true, false));
            rankings.put("lexical", evaluation.measure(settings, true, false));
            if (embedder.isPresent()) {
                rankings.put("dense", evaluation.measure(settings, false, true));
                rankings.put("fused", evaluation.measure(settings, true, true));
            }
            return new Result(
                    collection.documents().size(), collection.judgements().size(), rankings);
        }
    }

    private void fill(Optional<Texts> embedder) throws IOException {
        List<Document> documents = collection.documents();
        List<float[]> made = List.of();
        if (embedder.isPresent()) {
            made = embedder.get()
                    .embed(documents.stream()
                            .map(document -> document.title().isEmpty() ? document.text() : document.title() + "\n\n" + document.text())
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

    private Measures measure(IndexSettings settings, boolean words, boolean dense) throws IOException {
        double[] sums = new double[6];
        List<Double> answerable = new ArrayList<>();
        List<Double> unanswerable = new ArrayList<>();
        for (Map.Entry<String, Map<String, Integer>> judged :
                collection.judgements().entrySet()) {
            String question = words ? collection.questions().getOrDefault(judged.getKey(), "") : "";
            float[] vector = dense ? vectors.getOrDefault(judged.getKey(), NO_VECTOR) : NO_VECTOR;
            Map<String, Integer> relevant = judged.getValue();
            Findings found = index.search(settings, dev.foundrygateway.retrieval.index.Question.of(question), vector, DEPTH, Optional.empty());
            List<String> ranking =
                    found.hits().stream().map(hit -> hit.passage().id()).toList();
            sums[0] += RankingQuality.averagePrecision(ranking, relevant);
            sums[1] += RankingQuality.ndcg(ranking, relevant, 10);
            sums[2] += RankingQuality.recall(ranking, relevant, 100);
            sums[3] += RankingQuality.precision(ranking, relevant, 30);
            sums[4] += RankingQuality.hit(ranking, relevant, 5);
            sums[5] += RankingQuality.hit(ranking, relevant, 1);
            answerable.add(found.support());
            Set<String> others =
                    all.stream().filter(id -> !relevant.containsKey(id)).collect(Collectors.toSet());
            unanswerable.add(
                    index.search(settings, dev.foundrygateway.retrieval.index.Question.of(question), vector, 10, Optional.of(others)).support());
        }
        double count = answerable.size();
        return new Measures(
                sums[0] / count,
                sums[1] / count,
                sums[2] / count,
                sums[3] / count,
                sums[5] / count,
                sums[4] / count,
                RankingQuality.auroc(answerable, unanswerable));
    }
}
