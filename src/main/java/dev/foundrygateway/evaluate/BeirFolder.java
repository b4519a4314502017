package dev.foundrygateway.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.evaluate.TestCollection.Document;
import dev.foundrygateway.openai.json.TypedJson;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A folder in BEIR's manner: {@code corpus.jsonl}, {@code queries.jsonl}, and {@code qrels/test.tsv} with a header line. */
final class BeirFolder {
    private static final String CORPUS = "corpus.jsonl";

    private BeirFolder() {}

    /** A line of the corpus or of the questions. */
    @RegisterForReflection
    record Line(
            @JsonProperty("_id") String id,
            @JsonProperty("title") @Nullable String title,
            @JsonProperty("text") @Nullable String text) {}

    static boolean is(Path folder) {
        return Files.isRegularFile(folder.resolve(CORPUS));
    }

    static TestCollection read(Path folder) throws IOException {
        List<Document> documents = new ArrayList<>();
        for (Line line : lines(folder.resolve(CORPUS))) {
            documents.add(new Document(line.id(), orEmpty(line.title()), orEmpty(line.text())));
        }
        Map<String, String> questions = new LinkedHashMap<>();
        for (Line line : lines(folder.resolve("queries.jsonl"))) {
            questions.put(line.id(), orEmpty(line.text()));
        }
        Map<String, Map<String, Integer>> judgements = new LinkedHashMap<>();
        List<String> rows = Files.readAllLines(folder.resolve("qrels").resolve("test.tsv"));
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split("\t", -1);
            if (cells.length >= 3 && Integer.parseInt(cells[2].strip()) > 0) {
                judgements
                        .computeIfAbsent(cells[0], key -> new LinkedHashMap<>())
                        .put(cells[1], Integer.parseInt(cells[2].strip()));
            }
        }
        return new TestCollection(documents, questions, judgements);
    }

    private static List<Line> lines(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            reader.lines().filter(line -> !line.isBlank()).forEach(line -> lines.add(TypedJson.read(line, Line.class)));
        }
        return lines;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
