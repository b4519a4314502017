package dev.foundrygateway.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Spending;
import dev.foundrygateway.exchange.Troubles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files hold after an orderly end, a torn one, and a program that was killed. */
class LedgerFilesTest {
    private static final LocalDate DAY = LocalDate.parse("2026-02-28");
    private static final Duration TICK = Duration.ofMillis(20);
    private static final int KILLS = Integer.getInteger("ledger.kills", 4);

    private final Troubles troubles = new Troubles();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatWasAddedIsThereAfterwardsAddedUp() throws IOException {
        LedgerFiles files = files(folder, 1_000_000);
        assertEquals(List.of(), files.start());
        for (int i = 0; i < 10; i++) {
            files.add(row(DAY, "alice", "m"));
            files.add(row(DAY.plusDays(1), "", "é\"\n"));
        }
        files.close();
        List<UsageRow> rows = read(DAY);
        assertEquals(2, rows.size());
        for (UsageRow row : rows) {
            assertEquals(10, row.requests());
            assertEquals(new Spending(30, 10, 40, 2.5), row.spent());
        }
        assertEquals(
                List.of("é\"\n"),
                read(DAY.plusDays(1)).stream().map(UsageRow::model).toList());
    }

    @Test
    void whatIsTornOrNotOursIsLeftOut() throws IOException {
        String line = row(DAY, "alice", "m").line();
        Files.writeString(
                folder.resolve("usage-7.jsonl"),
                line + "\n{\"no\":1}\n\0\0\0\n\0\0" + line + "\n" + line.substring(0, 40) + "\0\0\n"
                        + line.replace("\"key\":\"alice\",", "") + "\n" + line.replace(":1,", ":-9,") + "\n"
                        + line.substring(0, 40));
        Files.writeString(folder.resolve("usage-old.jsonl"), line + "\n");
        LedgerFiles files = files(folder, 1_000);
        assertEquals(2, files.start().get(0).requests());
        files.add(row(DAY, "alice", "m"));
        files.close();
        assertEquals(3, read(DAY).get(0).requests());
        assertTrue(Files.exists(folder.resolve("usage-8.jsonl")));
    }

    @Test
    void sumsTakeThePlaceOfWhatIsBeforeThem() throws IOException {
        Files.writeString(
                folder.resolve("usage-3.sums"), row(DAY, "alice", "sums").line());
        for (int n = 1; n < 5; n++) {
            Files.writeString(
                    folder.resolve("usage-" + n + ".jsonl"),
                    row(DAY, "alice", "m" + n).line());
        }
        Files.writeString(
                folder.resolve("usage-2.sums"), row(DAY, "alice", "older").line());
        assertEquals(
                List.of("m3", "m4", "sums"),
                read(DAY).stream().map(UsageRow::model).sorted().toList());
    }

    @Test
    void manyAtOnceWhileFilesAreAddedUpLoseNothing() throws Exception {
        LedgerFiles files = files(folder, 1_000);
        files.start();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String key = "key" + t;
            Thread thread = new Thread(() -> {
                // Until files were added up behind them.
                for (int i = 0; i < 2_000 || !(hasSums() || i > 2_000_000); i++) {
                    files.add(row(DAY, key, i < 2_000 ? "counted" : "more"));
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        files.close();
        assertTrue(hasSums());
        assertEquals(
                List.of(2_000L, 2_000L, 2_000L, 2_000L),
                read(DAY).stream()
                        .filter(row -> row.model().equals("counted"))
                        .map(UsageRow::requests)
                        .toList());
    }

    @Test
    void aFolderThatCantBeWrittenStopsNobodyAndIsTriedAgain() throws IOException {
        Path file = folder.resolve("file");
        Files.writeString(file, "x");
        LedgerFiles files =
                new LedgerFiles(file.resolve("usage"), 10_000, TICK, InstantSource.system(), () -> DAY, troubles);
        assertEquals(List.of(), files.start());
        files.add(row(DAY, "alice", "m"));
        files.add(row(DAY, "alice", "m"));
        assertEquals(
                List.of("the account of usage can't be written to " + file.resolve("usage")
                        + ": it is kept in memory until it can; free the disk, or set gateway.usage.directory"),
                troubles.all());
        Files.delete(file);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(file.resolve("usage").resolve("usage-1.jsonl")));
        Awaitility.await().until(() -> troubles.all().isEmpty());
        files.close();
        assertEquals(2, files(file.resolve("usage"), 10).start().get(0).requests());
    }

    /** Eight clients ask, get their answers and ask again; then the program is killed. What is missing or too much was under way. */
    @Test
    void aKilledProgramIsOffByNoMoreThanWhatWasUnderWay() throws Exception {
        int clients = 8;
        Random random = new Random(20);
        long counted = 0;
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
            long answered = counted;
            int rounds = (kill == 0 ? 500 : 50) + random.nextInt(500);
            for (int round = 0; round < rounds; round++) {
                ask.write(new byte[clients]);
                ask.flush();
                answered += answers.readNBytes(clients).length;
            }
            if (kill == 0) {
                // So that the other kills come upon sums, however slow the machine.
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::hasSums);
            }
            ask.write(new byte[clients]);
            ask.flush();
            process.destroyForcibly().waitFor();
            counted = read(DAY).stream().mapToLong(UsageRow::requests).sum();
            String story = "kill " + kill + ": " + counted + " of " + answered + " that were answered";
            assertTrue(counted >= answered, story);
            assertTrue(counted <= answered + clients, story);
        }
        assertTrue(counted > 50L * clients * KILLS, "it was under load");
        assertTrue(hasSums());
    }

    /** The program that is killed: for each byte that it reads an exchange ends, and its client is answered. */
    static final class Killed {
        private Killed() {}

        /** With the folder. */
        public static void main(String... args) throws IOException {
            LedgerFiles files = files(Path.of(args[0]), 3_000);
            files.start();
            byte[] asked = new byte[64];
            for (int n = System.in.read(asked); n > 0; n = System.in.read(asked)) {
                for (int i = 0; i < n; i++) {
                    files.add(row(DAY, "alice", "m" + i));
                }
                System.out.write(asked, 0, n);
                System.out.flush();
            }
        }
    }

    /** What is older than the days that are kept goes with the next sums, and those are made once a day at least. */
    @Test
    void oldDaysLeaveTheDiskWhileTheProgramRuns() throws IOException {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-02-28T12:00:00Z"));
        LedgerFiles files = new LedgerFiles(
                folder,
                Long.MAX_VALUE,
                TICK,
                now::get,
                () -> LocalDate.ofInstant(now.get(), ZoneOffset.UTC).minusDays(1),
                new Troubles());
        assertEquals(List.of(), files.start());
        files.add(row(DAY.minusDays(1), "alice", "m"));
        files.add(row(DAY, "alice", "m"));
        now.set(Instant.parse("2026-03-01T12:00:01Z"));
        Awaitility.await().until(this::hasSums);
        files.close();
        assertEquals(
                List.of(DAY), read(LocalDate.MIN).stream().map(UsageRow::day).toList());
    }

    private static LedgerFiles files(Path folder, long mostBytes) {
        return new LedgerFiles(folder, mostBytes, TICK, InstantSource.system(), () -> DAY, new Troubles());
    }

    private boolean hasSums() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.anyMatch(file -> file.toString().endsWith(".sums"));
        } catch (IOException e) {
            return false;
        }
    }

    private List<UsageRow> read(LocalDate first) throws IOException {
        LedgerFiles files =
                new LedgerFiles(folder, Long.MAX_VALUE, TICK, InstantSource.system(), () -> first, new Troubles());
        List<UsageRow> rows = files.start();
        files.close();
        return rows;
    }

    private static UsageRow row(LocalDate day, String key, String model) {
        return new UsageRow(day, key, model, 1, new Spending(3, 1, 4, 0.25));
    }
}
