package dev.foundrygateway.evaluate;

import dev.foundrygateway.evaluate.RetrievalEvaluation.Measures;
import dev.foundrygateway.evaluate.RetrievalEvaluation.Result;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.embed.BuiltInEmbedder;
import dev.foundrygateway.retrieval.index.Fusion;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.VectorScale;
import dev.foundrygateway.retrieval.index.WordOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The subcommand that measures how good the ranking is, or what it costs. */
@Command(
        name = "evaluate-retrieval",
        description =
                "Measure the ranking on a folder in BEIR's or TREC's format; or, with --cost, what search and ingest cost.",
        mixinStandardHelpOptions = true)
public final class EvaluateRetrieval implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", arity = "0..1", description = "The folder.")
    private Path folder = Path.of("");

    @Option(names = "--k1", description = "BM25's k1 (${DEFAULT-VALUE}).")
    private float k1 = .9f;

    @Option(names = "--b", description = "BM25's b (${DEFAULT-VALUE}).")
    private float b = .4f;

    @Option(names = "--language", description = "The analyzer's language (${DEFAULT-VALUE}).")
    private String language = "english";

    @Option(
            names = "--embeddings",
            description = "A base URL that ends in /v1: vectors of its model in place of the built-in one's.")
    private Optional<URI> embeddings = Optional.empty();

    @Option(names = "--words-only", description = "Measure without vectors.")
    private boolean wordsOnly;

    @Option(names = "--embedding-model", description = "The model that --embeddings is asked for (${DEFAULT-VALUE}).")
    private String embeddingModel = "embedding";

    @Option(names = "--fusion", description = "rrf or weighted (${DEFAULT-VALUE}).")
    private String fusion = "rrf";

    @Option(names = "--dense-weight", description = "The dense list's share of a weighted fusion (${DEFAULT-VALUE}).")
    private double denseWeight = .5;

    @Option(names = "--cost", description = "Measure search and ingest over so many made-up passages instead.")
    private int cost;

    @Option(names = "--seed", description = "Of the draws that the intervals come from (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            IndexSettings settings = new IndexSettings(
                    language,
                    k1,
                    b,
                    Fusion.valueOf(fusion.toUpperCase(Locale.ROOT)),
                    denseWeight,
                    WordOptions.ALL,
                    embeddings.isPresent() ? VectorScale.UPSTREAM : VectorScale.BUILT_IN);
            if (cost > 0) {
                RetrievalCost.Result result = RetrievalCost.measure(cost, settings);
                out.println(json ? TypedJson.write(result) : result.text());
            } else {
                if (folder.toString().isEmpty()) {
                    throw new IllegalArgumentException("name a folder, or give --cost");
                }
                TestCollection collection = BeirFolder.is(folder) ? BeirFolder.read(folder) : TrecFolder.read(folder);
                Result result = RetrievalEvaluation.of(collection, settings, embedder(), seed);
                out.println(json ? TypedJson.write(result) : table(result));
            }
            out.flush();
            return CommandLine.ExitCode.OK;
        } catch (IOException | IllegalArgumentException e) {
            spec.commandLine().getErr().println("evaluate-retrieval: " + e.getMessage());
            spec.commandLine().getErr().flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private Optional<RetrievalEvaluation.Texts> embedder() {
        if (embeddings.isPresent()) {
            return Optional.of(new LiveEmbedder(embeddings.get(), embeddingModel)::embed);
        }
        return wordsOnly ? Optional.empty() : Optional.of(new BuiltInEmbedder()::embed);
    }

    private static String table(Result result) {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "documents %d, judged questions %d%n%-10s %6s %7s %10s %6s %6s %6s %13s",
                result.documents(),
                result.questions(),
                "",
                "MAP",
                "nDCG@10",
                "recall@100",
                "P@30",
                "hit@1",
                "hit@5",
                "answerability"));
        for (Map.Entry<String, Measures> row : result.rankings().entrySet()) {
            Measures measures = row.getValue();
            table.append(String.format(
                    Locale.ROOT,
                    "%n%-10s %6.4f %7.4f %10.4f %6.4f %6.4f %6.4f %13.4f",
                    row.getKey(),
                    measures.map(),
                    measures.ndcg10(),
                    measures.recall100(),
                    measures.precision30(),
                    measures.hit1(),
                    measures.hit5(),
                    measures.answerability()));
        }
        table.append(String.format(
                Locale.ROOT, "%n%n%-22s %-26s  %-26s  %s", "paired, 95 of 100", "nDCG@10 [low, high]", "MAP", "hit@1"));
        result.differences()
                .forEach(difference -> table.append(System.lineSeparator()).append(difference.line()));
        return table.append(System.lineSeparator())
                .append("* nDCG@10 differs in 95 of 100 draws")
                .toString();
    }
}
