package dev.foundrygateway.retrieval;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.GatewayOptions.Document;
import dev.foundrygateway.retrieval.embed.BuiltInEmbedder;
import dev.foundrygateway.retrieval.index.Hit;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.Question;
import dev.foundrygateway.retrieval.index.Vectors;
import dev.foundrygateway.retrieval.read.Chunker;
import dev.foundrygateway.retrieval.store.Ingestion;
import dev.foundrygateway.retrieval.store.LocalFileRepository;
import dev.foundrygateway.retrieval.store.LocalStoreRepository;
import dev.foundrygateway.retrieval.store.StoreFile;
import dev.foundrygateway.retrieval.store.UploadedFiles;
import dev.foundrygateway.retrieval.store.VectorStores;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thirty files as people have them and ninety questions, with the default settings and no server: which passage comes first. */
class RealFilesTest {
    private static final int AIM = 80;

    @Test
    void ninetyQuestionsFindTheirPassages(@TempDir Path folder) throws Exception {
        RealFiles files = new RealFiles();
        RetrievalConfig config = TestSettings.with("gateway.retrieval.directory", folder.toString());
        BuiltInEmbedder builtIn = new BuiltInEmbedder();
        builtIn.embed(List.of("ready"));
        UploadedFiles uploads = new UploadedFiles(config, new LocalFileRepository(config));
        Vectors vectors = new Vectors(
                (model, texts) -> Uni.createFrom().failure(new IllegalStateException("no server")),
                builtIn,
                config,
                System::nanoTime);
        Ingestion ingestion = new Ingestion(uploads, vectors, config);
        LocalStoreRepository repository = new LocalStoreRepository(config);
        VectorStores stores = new VectorStores(config, uploads, ingestion, repository, repository);
        try {
            String store = stores.create("real", 0, Map.of()).id();
            List<VectorStores.Addition> additions = new ArrayList<>();
            for (Map.Entry<String, byte[]> file : files.files().entrySet()) {
                Path content = Files.write(folder.resolve("upload"), file.getValue());
                String id = uploads.add(content, file.getKey(), "assistants").id();
                additions.add(new VectorStores.Addition(id, Map.of(), 0, 0));
            }
            stores.add(store, additions);
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> stores.get(store).count(StoreFile.Status.IN_PROGRESS) == 0);
            assertEquals(30, stores.get(store).count(StoreFile.Status.COMPLETED), "none is lost");
            List<String> missed = new ArrayList<>();
            int among = 0;
            List<Double> answerable = new ArrayList<>();
            List<Double> unanswerable = new ArrayList<>();
            Map<String, String> ids = new HashMap<>();
            stores.get(store).files().values().forEach(file -> ids.put(file.filename(), file.id()));
            for (RealFiles.Asked asked : files.questions()) {
                Question question = Question.of(asked.question());
                float[] vector = vectors.ofQuestion(question);
                var passages = stores.store(store).passages().orElseThrow();
                Findings found = passages.search(question, vector, 5, Optional.empty());
                List<Hit> hits = found.hits();
                Set<String> others = new HashSet<>(ids.values());
                others.remove(ids.get(asked.file()));
                answerable.add(found.support());
                unanswerable.add(passages.search(question, vector, 5, Optional.of(others))
                        .support());
                if (hits.isEmpty() || !answers(asked, hits.get(0).passage().text())) {
                    missed.add(asked.file() + ": " + asked.question() + " -> "
                            + (hits.isEmpty()
                                    ? "nothing"
                                    : hits.get(0).passage().text()));
                }
                among += hits.stream()
                                .anyMatch(hit -> answers(asked, hit.passage().text()))
                        ? 1
                        : 0;
            }
            System.out.printf(
                    "support %s, without the file %s, AUROC %.3f%n",
                    quartiles(answerable), quartiles(unanswerable), auroc(answerable, unanswerable));
            System.out.printf(
                    "of %d questions %d first, %d among five; missed:%n%s%n",
                    files.questions().size(),
                    files.questions().size() - missed.size(),
                    among,
                    String.join("\n", missed));
            assertEquals(90, files.questions().size());
            assertTrue(auroc(answerable, unanswerable) >= .75);
            assertTrue(90 - missed.size() >= AIM, missed.size() + " missed: " + String.join("\n", missed));
        } finally {
            ingestion.stop(new ShutdownEvent());
            stores.stop(new ShutdownEvent());
        }
    }

    private static String quartiles(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return "%.2f %.2f %.2f"
                .formatted(
                        sorted.get(sorted.size() / 4),
                        sorted.get(sorted.size() / 2),
                        sorted.get(sorted.size() * 3 / 4));
    }

    /** How often an answerable question has more support than another one. */
    private static double auroc(List<Double> answerable, List<Double> others) {
        double above = 0;
        for (double one : answerable) {
            above += others.stream()
                    .mapToDouble(other -> one > other ? 1 : one == other ? .5 : 0)
                    .sum();
        }
        return above / answerable.size() / others.size();
    }

    private static boolean answers(RealFiles.Asked asked, String passage) {
        return passage.replaceAll("\\s+", " ").contains(asked.answer().replaceAll("\\s+", " "));
    }

    @Test
    void eachKindIsAnInlineDocumentToo() throws IOException {
        RealFiles files = new RealFiles();
        InlineDocuments inline = new InlineDocuments(IndexSettings.DEFAULT, new Chunker(300, 45), 1_000_000);
        for (Map.Entry<String, byte[]> file : files.files().entrySet()) {
            Document document =
                    new Document("", "", "", file.getKey(), Base64.getEncoder().encodeToString(file.getValue()));
            for (RealFiles.Asked asked : files.questions()) {
                if (asked.file().equals(file.getKey())) {
                    List<Hit> hits = inline.search(
                                    List.of(document),
                                    Question.of(asked.question()),
                                    50,
                                    new Deadline(System::nanoTime, Duration.ofSeconds(30)))
                            .hits();
                    assertTrue(
                            hits.stream()
                                    .anyMatch(
                                            hit -> answers(asked, hit.passage().text())),
                            asked + " is in none of " + hits);
                }
            }
        }
    }
}
