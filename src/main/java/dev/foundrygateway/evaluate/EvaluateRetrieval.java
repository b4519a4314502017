package dev.foundrygateway.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.evaluate.TestCollection.Document;
import dev.foundrygateway.openai.TypedJson;
import dev.foundrygateway.retrieval.Findings;
import dev.foundrygateway.retrieval.Fusion;
import dev.foundrygateway.retrieval.IndexSettings;
import dev.foundrygateway.retrieval.Passage;
import dev.foundrygateway.retrieval.PassageIndex;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Measures the ranking on a test collection: every judged question against whole documents, unchunked. Answerability: how well the support score tells the
 * questions from the same ones with their relevant documents taken away.
 */
@Command(
        name = "evaluate-retrieval",
        description = "Measure the ranking on a folder in BEIR's or TREC's format.",
        mixinStandardHelpOptions = true)
public final class EvaluateRetrieval implements Callable<Integer> {
    private static final int DEPTH = 1_000;
    private static final float[] NO_VECTOR = new float[0];

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", description = "The folder.")
    private Path folder = Path.of(".");

    @Option(names = "--k1", description = "BM25's k1 (${DEFAULT-VALUE}).")
    private float k1 = .9f;

    @Option(names = "--b", description = "BM25's b (${DEFAULT-VALUE}).")
    private float b = .4f;

    @Option(names = "--language", description = "The analyzer's language (${DEFAULT-VALUE}).")
    private String language = "english";

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    /** The averages over all judged questions. */
    @RegisterForReflection
    record Result(
            @JsonProperty("documents") int documents,
            @JsonProperty("questions") int questions,
            @JsonProperty("map") double map,
            @JsonProperty("ndcg_10") double ndcg10,
            @JsonProperty("recall_100") double recall100,
            @JsonProperty("precision_30") double precision30,
            @JsonProperty("hit_5") double hit5,
            @JsonProperty("answerability_auroc") double answerability) {}

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            TestCollection collection = BeirFolder.is(folder) ? BeirFolder.read(folder) : TrecFolder.read(folder);
            Result result = evaluate(collection, new IndexSettings(language, k1, b, Fusion.RRF, .5));
            out.println(json ? TypedJson.write(result) : table(result));
            out.flush();
            return CommandLine.ExitCode.OK;
        } catch (IOException | IllegalArgumentException e) {
            spec.commandLine().getErr().println("evaluate-retrieval: " + e.getMessage());
            spec.commandLine().getErr().flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** Indexes all documents in memory and asks every judged question. */
    static Result evaluate(TestCollection collection, IndexSettings settings) throws IOException {
        try (PassageIndex index = PassageIndex.inMemory(settings)) {
            Set<String> all = new HashSet<>();
            for (Document document : collection.documents()) {
                Passage whole = new Passage(document.id(), document.id(), 0, document.title(), "", document.text(), "");
                index.replace(document.id(), List.of(whole), List.of());
                all.add(document.id());
            }
            index.refresh();
            double[] sums = new double[5];
            List<Double> answerable = new ArrayList<>();
            List<Double> unanswerable = new ArrayList<>();
            for (Map.Entry<String, Map<String, Integer>> judged :
                    collection.judgements().entrySet()) {
                String question = collection.questions().getOrDefault(judged.getKey(), "");
                Map<String, Integer> relevant = judged.getValue();
                Findings found = index.search(question, NO_VECTOR, DEPTH, Optional.empty());
                List<String> ranking =
                        found.hits().stream().map(hit -> hit.passage().id()).toList();
                sums[0] += RankingQuality.averagePrecision(ranking, relevant);
                sums[1] += RankingQuality.ndcg(ranking, relevant, 10);
                sums[2] += RankingQuality.recall(ranking, relevant, 100);
                sums[3] += RankingQuality.precision(ranking, relevant, 30);
                sums[4] += RankingQuality.hit(ranking, relevant, 5);
                answerable.add(found.support());
                Set<String> others =
                        all.stream().filter(id -> !relevant.containsKey(id)).collect(Collectors.toSet());
                unanswerable.add(index.search(question, NO_VECTOR, 10, Optional.of(others))
                        .support());
            }
            double count = answerable.size();
            return new Result(
                    collection.documents().size(),
                    answerable.size(),
                    sums[0] / count,
                    sums[1] / count,
                    sums[2] / count,
                    sums[3] / count,
                    sums[4] / count,
                    RankingQuality.auroc(answerable, unanswerable));
        }
    }

    private static String table(Result result) {
        return String.format(
                Locale.ROOT,
                "documents %d, judged questions %d%nMAP %.4f%nnDCG@10 %.4f%nrecall@100 %.4f%nP@30 %.4f%nhit@5 %.4f%nanswerability AUROC %.4f",
                result.documents(),
                result.questions(),
                result.map(),
                result.ndcg10(),
                result.recall100(),
                result.precision30(),
                result.hit5(),
                result.answerability());
    }
}
