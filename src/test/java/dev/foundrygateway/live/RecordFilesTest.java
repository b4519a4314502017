package dev.foundrygateway.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Troubles;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files hold after an orderly end, a torn one, and a program that was killed; and that they stay small and young. */
class RecordFilesTest {
    private static final Duration TICK = Duration.ofMillis(5);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final int KILLS = Integer.getInteger("ledger.kills", 2);
    private static final long MUCH = 64 << 20;

    private final Troubles troubles = new Troubles();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theLastOnesAreReadAgainTheOldestOfThemFirst() throws IOException {
        RecordFiles files = files(folder, MUCH);
        assertEquals(List.of(), start(files, 10));
        for (int i = 0; i < 5; i++) {
            files.add(line("a" + i));
        }
        files.close();
        String torn = json("torn").encode();
        Files.writeString(
                folder.resolve("exchanges-2.jsonl"),
                json("b0").encode() + "\n\0\0" + json("b1").encode() + "\n" + torn.substring(0, torn.length() - 3));
        assertEquals(List.of("a0", "a1", "a2", "a3", "a4", "b0", "b1"), ids(10));
        assertEquals(List.of("a4", "b0", "b1"), ids(3));
    }

    @Test
    void theOldestFilesGoWhereAllAreTooLarge() {
        RecordFiles files = files(folder, 1_000);
        start(files, 10);
        for (int i = 0; i < 60; i++) {
            files.add(line("id" + i));
            long periods = files.periods();
            Awaitility.await().pollInterval(TICK).until(() -> files.periods() > periods + 1);
        }
        files.close();
        assertTrue(size() <= 1_000, () -> size() + " bytes");
        List<String> kept = ids(1_000);
        assertEquals("id59", kept.get(kept.size() - 1));
        assertTrue(kept.size() > 10 && !kept.contains("id0"), kept::toString);
    }

    @Test
    void whatIsTooOldIsNotReadAndLeavesTheDisk() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        RecordFiles files = new RecordFiles(folder, "exchanges", MUCH, WEEK, TICK, now::get, troubles);
        start(files, 10);
        files.add(line("old"));
        Awaitility.await().until(() -> size() > 0);
        assertEquals(List.of("old"), ids(10));
        now.updateAndGet(before -> Objects.requireNonNull(before).plus(WEEK).plus(WEEK));
        files.add(line("new"));
        Awaitility.await().until(() -> !Files.exists(folder.resolve("exchanges-1.jsonl")));
        files.close();
        RecordFiles late = new RecordFiles(folder, "exchanges", MUCH, WEEK, TICK, now::get, troubles);
        assertEquals(List.of(), start(late, 10), "both lines say when they came");
        late.close();
    }

    @Test
    void aFolderThatCantBeWrittenStopsNobodyAndIsTriedAgain() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        RecordFiles files =
                new RecordFiles(file.resolve("below"), "exchanges", MUCH, WEEK, TICK, InstantSource.system(), troubles);
        start(files, 10);
        files.add(line("kept"));
        Awaitility.await().until(() -> !troubles.all().isEmpty());
        assertEquals(
                List.of("exchanges-*.jsonl in " + file.resolve("below")
                        + " can't be written or read: records are kept in memory only until this works again;"
                        + " free disk space, or set gateway.records.directory"),
                troubles.all());
        Files.delete(file);
        Awaitility.await().until(() -> Files.exists(file.resolve("below").resolve("exchanges-1.jsonl")));
        Awaitility.await().until(() -> troubles.all().isEmpty());
        files.close();
        RecordFiles again = files(file.resolve("below"), MUCH);
        assertEquals(List.of("kept"), start(again, 10));
        again.close();
    }

    @Test
    void aDiskThatTakesNothingCostsBoundedMemoryAndWhatWaitsIsWrittenOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        RecordFiles files = files(file, MUCH);
        start(files, 10);
        String half = "x".repeat(1 << 19);
        for (int i = 0; i < 40; i++) {
            files.add(new Big(json("id" + i).put("text", half)));
        }
        Files.delete(file);
        Awaitility.await().until(() -> files.periods() > 0);
        files.close();
        RecordFiles again = files(file, MUCH);
        List<String> kept = start(again, 100);
        again.close();
        // What is being written doesn't wait any more.
        assertTrue(kept.size() >= 15 && kept.size() <= 20, kept::toString);
        assertEquals("id0", kept.get(0));
        assertEquals(kept.size(), Set.copyOf(kept).size());
        RecordFiles few = files(file, MUCH);
        assertEquals(
                kept.subList(kept.size() - 2, kept.size()),
                few.start(100, 5L << 18, Big::new).stream()
                        .map(line -> line.json().getString("id"))
                        .toList());
        few.close();
    }

    @Test
    void theLastFileOfAnEarlierRunGoesWhenItIsOld() {
        RecordFiles first = files(folder, MUCH);
        start(first, 10);
        first.add(line("old"));
        first.close();
        Instant late = Instant.now().plus(WEEK).plus(Duration.ofHours(1));
        RecordFiles second = new RecordFiles(folder, "exchanges", MUCH, WEEK, TICK, () -> late, troubles);
        start(second, 10);
        Awaitility.await().until(() -> size() == 0);
        second.close();
    }

    /** Of the rounds whose answers have come all is there; of the one under way anything, but no line that is torn. */
    @Test
    void aKilledProgramLosesNoMoreThanOnePeriod() throws Exception {
        Random random = new Random(20);
        long answered = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Killed.class.getName(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            OutputStream ask = process.getOutputStream();
            InputStream answers = process.getInputStream();
            int rounds = 10 + random.nextInt(40);
            for (int round = 0; round < rounds; round++) {
                ask.write(8);
                ask.flush();
                answered += answers.readNBytes(1)[0];
            }
            ask.write(8);
            ask.flush();
            process.destroyForcibly().waitFor();
            int counted = ids(1_000_000).size();
            String story = "kill " + kill + ": " + counted + " of " + answered + " that were answered";
            assertTrue(counted >= answered && counted <= answered + 8, story);
            answered = counted;
        }
        assertTrue(answered > 8L * 10 * KILLS, "it was under load");
    }

    /** The program that is killed: as many exchanges end as the byte that it reads says, and a period later its client is answered. */
    static final class Killed {
        private Killed() {}

        /** With the folder. */
        public static void main(String... args) throws IOException {
            RecordFiles files = files(Path.of(args[0]), MUCH);
            start(files, 1);
            for (int n = System.in.read(); n > 0; n = System.in.read()) {
                long periods = files.periods();
                for (int i = 0; i < n; i++) {
                    files.add(line("killed"));
                }
                // The period that is under way may have begun before.
                while (files.periods() < periods + 2) {
                    Thread.onSpinWait();
                }
                System.out.write(n);
                System.out.flush();
            }
        }
    }

    private record Big(JsonObject json) implements RecordFiles.Line {
        @Override
        public long characters() {
            return json.getString("text").length();
        }
    }

    private static RecordFiles files(Path folder, long mostBytes) {
        return new RecordFiles(folder, "exchanges", mostBytes, WEEK, TICK, InstantSource.system(), new Troubles());
    }

    private static List<String> start(RecordFiles files, int most) {
        return files.<RecordFiles.Line>start(most, Long.MAX_VALUE, json -> () -> json).stream()
                .map(line -> line.json().getString("id"))
                .toList();
    }

    private static RecordFiles.Line line(String id) {
        return () -> json(id);
    }

    private static JsonObject json(String id) {
        return new JsonObject().put("id", id).put("created_at", System.currentTimeMillis() / 1e3);
    }

    private List<String> ids(int most) {
        RecordFiles files = files(folder, MUCH);
        List<String> ids = start(files, most);
        files.close();
        return ids;
    }

    private long size() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
