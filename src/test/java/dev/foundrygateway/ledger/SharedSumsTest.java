package dev.foundrygateway.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.SharedUsage;
import dev.foundrygateway.exchange.Spending;
import dev.foundrygateway.exchange.Troubles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What gateways know of each other's usage, round by round, over a store that can be told to fail. */
class SharedSumsTest {
    private static final LocalDate DAY = LocalDate.parse("2026-02-28");

    private final Troubles troubles = new Troubles();

    @TempDir
    private Path folder = Path.of("");

    private final Store store = new Store();
    private LocalDate today = DAY;

    /** Numbers what is put; what it was asked stands in its list. */
    private static final class Store implements SharedUsage {
        private final Map<String, Part> parts = new LinkedHashMap<>();
        private final Map<String, Long> numbers = new LinkedHashMap<>();
        private final List<String> asked = new ArrayList<>();
        private long next;
        private boolean out;
        private boolean full;
        private Runnable atPut = () -> {};

        private void ask(String what) {
            asked.add(what);
            if (out) {
                throw new IllegalStateException("no OpenSearch");
            }
        }

        @Override
        public void put(Part part) {
            ask("put " + part.gateway() + " " + part.day());
            if (full) {
                throw new IllegalStateException("no place");
            }
            atPut.run();
            parts.put(part.gateway() + part.day(), part);
            numbers.put(part.gateway() + part.day(), next++);
        }

        @Override
        public News since(long position) {
            ask("since " + position);
            return new News(
                    parts.entrySet().stream()
                            .filter(one -> numbers.getOrDefault(one.getKey(), 0L) >= position)
                            .map(Map.Entry::getValue)
                            .toList(),
                    next);
        }

        @Override
        public void forget(LocalDate before) {
            ask("forget " + before);
            parts.values().removeIf(part -> part.day().isBefore(before));
        }

        void lose() {
            parts.clear();
            numbers.clear();
            next = 0;
        }
    }

    /** A gateway without a timer. */
    private final class Gateway {
        private final Sums own = new Sums();
        private final SharedSums shared;

        Gateway(String id, UsageRow... rows) {
            for (UsageRow row : rows) {
                own.add(row, LocalDate.MIN);
            }
            shared = new SharedSums(store, id, own, () -> today.minusDays(400), () -> today, troubles);
        }

        void uses(UsageRow row) {
            own.add(row, LocalDate.MIN);
            shared.counted(row.day());
        }

        long tokens(String key) {
            return own.of(key, DAY.minusDays(27), today).tokens()
                    + shared.others().of(key, DAY.minusDays(27), today).tokens();
        }
    }

    @Test
    void eachKnowsTheSumOfAllAfterOneRoundOfBoth() {
        Gateway one = new Gateway("one");
        Gateway other = new Gateway("other");
        one.uses(row(DAY, "ann", "m", 5));
        one.uses(row(DAY, "ann", "n", 7));
        other.uses(row(DAY.minusDays(1), "ann", "m", 100));
        other.uses(row(DAY, "bob", "m", 1));
        one.shared.round();
        other.shared.round();
        assertEquals(112, other.tokens("ann"));
        assertEquals(12, one.tokens("ann"), "it asked before the other told");
        one.shared.round();
        assertEquals(112, one.tokens("ann"));
        assertEquals(1, one.tokens("bob"));
        one.uses(row(DAY, "ann", "m", 50));
        one.shared.round();
        other.shared.round();
        other.shared.round();
        assertEquals(162, other.tokens("ann"), "sums take the place of sums");
    }

    @Test
    void nothingIsToldTwice() {
        Gateway one = new Gateway("one", row(DAY, "ann", "m", 5), row(DAY.minusDays(3), "ann", "m", 5));
        one.shared.round();
        one.shared.round();
        assertEquals(
                List.of(
                        "since 0",
                        "put one " + DAY.minusDays(3),
                        "put one " + DAY,
                        "since 0",
                        "forget " + DAY.minusDays(400),
                        "since 2"),
                store.asked);
        today = DAY.plusDays(1);
        one.shared.round();
        assertEquals("forget " + DAY.minusDays(399), store.asked.get(store.asked.size() - 1));
    }

    @Test
    void anOutageKeepsWhatWasHeardAndIsMadeUpFor() {
        Gateway one = new Gateway("one");
        Gateway other = new Gateway("other", row(DAY, "ann", "m", 100));
        other.shared.round();
        one.shared.round();
        store.out = true;
        one.uses(row(DAY, "ann", "m", 5));
        other.uses(row(DAY.plusDays(1), "ann", "m", 1_000));
        for (int i = 0; i < 3; i++) {
            one.shared.round();
            other.shared.round();
        }
        today = DAY.plusDays(1);
        assertEquals(105, one.tokens("ann"));
        assertEquals(
                List.of(
                        "the gateways' accounts of usage can't be shared now: budgets count what this one uses and what it"
                                + " last heard of the others, until OpenSearch answers"),
                troubles.all());
        store.out = false;
        one.shared.round();
        other.shared.round();
        one.shared.round();
        assertEquals(1_105, one.tokens("ann"));
        assertEquals(List.of(), troubles.all());
        assertEquals(1_105, other.tokens("ann"));
    }

    @Test
    void oneThatIsNeverIdleTellsOncePerRoundAndHearsTheOthers() {
        Gateway one = new Gateway("one", row(DAY, "ann", "m", 5));
        store.put(new SharedUsage.Part("other", DAY, row(DAY, "ann", "m", 100).line()));
        store.asked.clear();
        store.atPut = () -> one.uses(row(DAY, "ann", "m", 1));
        one.shared.round();
        assertEquals(
                1, store.asked.stream().filter(call -> call.startsWith("put")).count());
        assertEquals(106, one.tokens("ann"));
        one.shared.round();
        assertEquals(
                2, store.asked.stream().filter(call -> call.startsWith("put")).count());
    }

    @Test
    void oneThatCannotTellStillHears() {
        store.put(new SharedUsage.Part("other", DAY, row(DAY, "ann", "m", 100).line()));
        Gateway one = new Gateway("one", row(DAY, "ann", "m", 5));
        store.full = true;
        one.shared.round();
        assertEquals(105, one.tokens("ann"));
        store.parts.clear();
        store.full = false;
        store.put(new SharedUsage.Part("other", DAY, row(DAY, "ann", "m", 200).line()));
        store.full = true;
        one.shared.round();
        assertEquals(205, one.tokens("ann"));
        store.full = false;
        one.shared.round();
        Gateway fresh = new Gateway("fresh");
        fresh.shared.round();
        assertEquals(205, fresh.tokens("ann"));
    }

    @Test
    void aStoreThatWasEmptiedIsToldAllAgain() {
        Gateway one = new Gateway("one", row(DAY, "ann", "m", 5), row(DAY.minusDays(1), "ann", "m", 5));
        one.shared.round();
        store.lose();
        one.shared.round();
        one.shared.round();
        Gateway fresh = new Gateway("fresh");
        fresh.shared.round();
        assertEquals(10, fresh.tokens("ann"));
    }

    @Test
    void aRestartedGatewayIsOneAndALostOneStillCounts() {
        new Gateway("one", row(DAY, "ann", "m", 5)).shared.round();
        Gateway again = new Gateway("one", row(DAY, "ann", "m", 5));
        again.uses(row(DAY, "ann", "m", 2));
        again.shared.round();
        assertEquals(7, again.tokens("ann"));
        Gateway other = new Gateway("other");
        other.shared.round();
        assertEquals(7, other.tokens("ann"));
    }

    @Test
    void whatIsWrongOrTooOldOrToComeIsNotCounted() {
        store.put(new SharedUsage.Part("a", DAY, "{\"no\":1}"));
        store.put(new SharedUsage.Part(
                "b", DAY.minusDays(401), row(DAY, "ann", "m", 5).line()));
        store.put(new SharedUsage.Part(
                "c", DAY.plusDays(2), row(DAY, "ann", "m", 5).line()));
        store.put(new SharedUsage.Part(
                "d", DAY, row(DAY.minusDays(1), "ann", "m", 5).line()));
        store.put(new SharedUsage.Part("e", DAY, row(DAY, "ann", "m", 3).line()));
        Gateway one = new Gateway("one");
        one.shared.round();
        assertEquals(3, one.tokens("ann"));
        today = DAY.plusDays(401);
        one.shared.round();
        assertEquals(0, one.shared.others().rows(LocalDate.MIN, LocalDate.MAX).count());
    }

    @Test
    void theLastOfItIsToldAtTheEndUnlessNobodyAnswers() {
        Gateway one = new Gateway("one");
        one.uses(row(DAY, "ann", "m", 5));
        one.shared.close();
        assertEquals(List.of("put one " + DAY), store.asked);
        store.out = true;
        Gateway late = new Gateway("late", row(DAY, "ann", "m", 5), row(DAY.minusDays(1), "ann", "m", 5));
        late.shared.close();
        assertEquals(2, store.asked.size(), "it tries once");
    }

    @Test
    void anAccountKeepsItsIdAsLongAsItsFolder() throws IOException {
        Path data = folder.resolve("data");
        String id = LedgerFiles.id(data);
        assertEquals(id, LedgerFiles.id(data));
        assertNotEquals(id, LedgerFiles.id(folder.resolve("other")));
        Files.writeString(data.resolve("usage.id"), "../torn");
        assertTrue(LedgerFiles.id(data).matches("[0-9a-f-]{36}"));
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertNotEquals(LedgerFiles.id(file), LedgerFiles.id(file), "it goes on without");
    }

    private static UsageRow row(LocalDate day, String key, String model, long tokens) {
        return new UsageRow(day, key, model, 1, new Spending(tokens, 0, 0, 0));
    }
}
