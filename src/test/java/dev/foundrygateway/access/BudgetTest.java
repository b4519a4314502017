package dev.foundrygateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.BudgetState;
import dev.foundrygateway.exchange.Spending;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A key's budgets, on a calendar that the test turns. */
class BudgetTest {
    private static final Spending THIRTY = new Spending(10, 0, 20, 0.5);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-02-28T23:59:58Z"));
    private final List<LocalDate> asked = new ArrayList<>();
    private final AtomicReference<Spending> used = new AtomicReference<>(Spending.NONE);
    private final Budget budget = new Budget(
                    "alice",
                    (key, day) -> {
                        asked.add(day);
                        return Objects.requireNonNull(used.get());
                    },
                    now::get)
            .with(BudgetPeriod.DAY, new Allowances(100, 0).day(), new Allowances(5, 0).day())
            .with(BudgetPeriod.WEEK, new Allowances(0, 0).day(), new Allowances(200, 0).day())
            .with(BudgetPeriod.MONTH, new Allowances(0, 0).month(), new Allowances(0, 1.2).month());

    @Test
    void whatIsReservedIsNotThereForOthers() {
        assertTrue(budget.reserve(THIRTY).isEmpty());
        assertEquals(70, budget.tokensLeft());
        assertTrue(budget.reserve(THIRTY).isEmpty());
        BudgetState inTheWay = budget.reserve(THIRTY).orElseThrow();
        assertEquals("month", inTheWay.period());
        assertEquals("cost", inTheWay.unit());
        assertEquals(Instant.parse("2026-02-01T00:00:00Z"), inTheWay.from());
        assertEquals(Instant.parse("2026-03-01T00:00:00Z"), inTheWay.until());
        budget.release(THIRTY);
        assertTrue(budget.reserve(THIRTY).isEmpty());
    }

    @Test
    void whatIsUsedUpIsToldBeforeWhatIsOnlyReserved() {
        used.set(new Spending(0, 0, 180, 0));
        Budget both = new Budget("alice", (key, day) -> Objects.requireNonNull(used.get()), now::get)
                .with(BudgetPeriod.DAY, new Allowances(240, 0).day(), new Allowances(0, 0).day())
                .with(BudgetPeriod.WEEK, new Allowances(0, 0).day(), new Allowances(200, 0).day());
        assertTrue(both.reserve(new Spending(10, 0, 10, 0)).isEmpty());
        assertEquals(
                "week", both.reserve(new Spending(10, 0, 20, 0)).orElseThrow().period());
        BudgetState reserved = both.reserve(new Spending(10, 0, 5, 0)).orElseThrow();
        assertTrue(reserved.used() + 15 <= reserved.limit(), reserved::toString);
    }

    @Test
    void eachPeriodBeginsAtItsOwnMidnight() {
        used.set(new Spending(60, 0, 35, 0));
        BudgetState day = budget.reserve(THIRTY).orElseThrow();
        assertEquals("day", day.period());
        assertEquals(95, day.used());
        assertEquals(0.95, day.share());
        assertEquals(Instant.parse("2026-03-01T00:00:00Z"), day.until());
        // The 28th is a Saturday.
        assertEquals(List.of(LocalDate.parse("2026-02-28"), LocalDate.parse("2026-02-28")), asked);
        asked.clear();
        budget.states();
        assertEquals(
                List.of(LocalDate.parse("2026-02-28"), LocalDate.parse("2026-02-23"), LocalDate.parse("2026-02-01")),
                asked);
        now.set(Instant.parse("2026-03-01T00:00:00Z"));
        asked.clear();
        assertEquals(
                List.of("2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z", "2026-04-01T00:00:00Z"),
                budget.states().stream().map(state -> state.until().toString()).toList());
        assertEquals(
                List.of(LocalDate.parse("2026-03-01"), LocalDate.parse("2026-02-23"), LocalDate.parse("2026-03-01")),
                asked);
    }

    @Test
    void manyAtOnceGetNoMoreThanThereIs() throws InterruptedException {
        AtomicInteger got = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        Budget tokens = new Budget("bob", (key, day) -> Spending.NONE, now::get)
                .with(BudgetPeriod.DAY, new Allowances(1_000, 0).day(), new Allowances(0, 0).day());
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> {
                for (int n = 0; n < 100; n++) {
                    if (tokens.reserve(new Spending(3, 0, 4, 0)).isEmpty()) {
                        got.incrementAndGet();
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(1_000 / 7, got.get());
    }
}
