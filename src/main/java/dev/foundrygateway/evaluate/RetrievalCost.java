package dev.foundrygateway.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.Passage;
import dev.foundrygateway.retrieval.index.PassageIndex;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What search and ingest cost, on passages whose words are as common and as rare as in real text (Zipf's law): each of 200 words, ten to a file, on the disk
 * as a store has them. Questions of three to eight of their words, one after the other; beside the time by the clock their CPU time, which other programs on
 * the machine don't lengthen.
 */
final class RetrievalCost {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int VOCABULARY = 100_000;
    private static final int WORDS = 200;
    private static final int PASSAGES_A_FILE = 10;
    private static final int FILES_A_COMMIT = 64;
    private static final int WARM_UP = 2_000;
    private static final int QUESTIONS = 5_000;
    private static final int HITS = 10;

    private final Random random = new Random(42);
    private final double[] shares = new double[VOCABULARY];

    private RetrievalCost() {
        double sum = 0;
        for (int i = 0; i < VOCABULARY; i++) {
            sum += 1.0 / (i + 10);
            shares[i] = sum;
        }
    }

    /** What was measured. */
    @RegisterForReflection
    record Result(
            @JsonProperty("passages") int passages,
            @JsonProperty("megabytes") double megabytes,
            @JsonProperty("index_seconds") double indexSeconds,
            @JsonProperty("index_megabytes_a_second") double indexRate,
            @JsonProperty("search_p50_ms") double p50,
            @JsonProperty("search_p99_ms") double p99,
            @JsonProperty("search_max_ms") double max,
            @JsonProperty("search_cpu_p99_ms") double cpu99) {
        String text() {
            return String.format(
                    Locale.ROOT,
                    "%d passages, %.1f MB: indexed in %.1f s (%.1f MB/s); search p50 %.2f ms, p99 %.2f ms, max %.2f ms; CPU of a search p99 %.2f ms",
                    passages,
                    megabytes,
                    indexSeconds,
                    indexRate,
                    p50,
                    p99,
                    max,
                    cpu99);
        }
    }

    static Result measure(int passages, IndexSettings settings) throws IOException {
        Path folder = Files.createTempDirectory("retrieval-cost");
        try (PassageIndex index = PassageIndex.open(folder, settings)) {
            return new RetrievalCost().measure(passages, index);
        } finally {
            delete(folder);
        }
    }

    private Result measure(int passages, PassageIndex index) throws IOException {
        long bytes = 0;
        long spent = 0;
        int files = Math.max(1, passages / PASSAGES_A_FILE);
        for (int file = 0; file < files; file++) {
            List<Passage> some = new ArrayList<>();
            for (int i = 0; i < PASSAGES_A_FILE; i++) {
                String text = words(WORDS);
                bytes += text.getBytes(StandardCharsets.UTF_8).length;
                some.add(new Passage("f" + file + "#" + i, "f" + file, i, "file " + file, "", text, ""));
            }
            long start = System.nanoTime();
            index.replace("f" + file, some, List.of());
            if (file % FILES_A_COMMIT == FILES_A_COMMIT - 1 || file == files - 1) {
                index.commit();
            }
            spent += System.nanoTime() - start;
        }
        for (int i = 0; i < WARM_UP; i++) {
            search(index);
        }
        double[] millis = new double[QUESTIONS];
        double[] cpu = new double[QUESTIONS];
        for (int i = 0; i < QUESTIONS; i++) {
            long start = THREADS.getCurrentThreadCpuTime();
            millis[i] = search(index);
            cpu[i] = (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        Arrays.sort(cpu);
        double megabytes = bytes / 1e6;
        double seconds = spent / 1e9;
        return new Result(
                files * PASSAGES_A_FILE,
                megabytes,
                seconds,
                megabytes / seconds,
                millis[QUESTIONS / 2],
                millis[QUESTIONS * 99 / 100],
                millis[QUESTIONS - 1],
                cpu[QUESTIONS * 99 / 100]);
    }

    private double search(PassageIndex index) throws IOException {
        String question = words(3 + random.nextInt(6));
        long start = System.nanoTime();
        index.search(question, new float[0], HITS, Optional.empty());
        return (System.nanoTime() - start) / 1e6;
    }

    private String words(int count) {
        StringBuilder text = new StringBuilder(count * 7);
        for (int i = 0; i < count; i++) {
            int at = Arrays.binarySearch(shares, random.nextDouble() * shares[VOCABULARY - 1]);
            int word = Math.min(VOCABULARY - 1, at < 0 ? -at - 1 : at);
            text.append('w').append(Integer.toString(word, Character.MAX_RADIX)).append(i % 12 == 11 ? ". " : " ");
        }
        return text.toString();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
