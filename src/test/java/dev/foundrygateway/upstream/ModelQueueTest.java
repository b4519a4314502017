package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.upstream.ModelQueue.Entry;
import dev.foundrygateway.upstream.ModelQueue.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ModelQueueTest {
    private final List<String> granted = new ArrayList<>();
    private final AtomicLong now = new AtomicLong(1);

    private ModelQueue queue(int slots, int places) {
        return new ModelQueue(ConcurrencyLimit.fixed(slots), places, now::get);
    }

    private Waiter waiter(String name) {
        return new Waiter(() -> granted.add(name));
    }

    @Test
    void whoComesFirstIsServedFirst() {
        ModelQueue queue = queue(1, 2);
        assertEquals(Entry.RUNS, queue.enter(waiter("a")));
        assertEquals(Entry.WAITS, queue.enter(waiter("b")));
        assertEquals(Entry.WAITS, queue.enter(waiter("c")));
        assertEquals(Entry.REFUSED, queue.enter(waiter("d")));
        assertEquals(2, queue.waiting());
        queue.leave(0);
        assertEquals(List.of("b"), granted);
        assertFalse(queue.tryEnter());
        queue.leave(0);
        queue.leave(0);
        assertEquals(List.of("b", "c"), granted);
        assertEquals(0, queue.running());
        assertEquals(0, queue.waiting());
    }

    @Test
    void whoGivesUpIsPassedOverAndFreesItsPlace() {
        ModelQueue queue = queue(1, 1);
        queue.enter(waiter("a"));
        Waiter impatient = waiter("b");
        queue.enter(impatient);
        assertTrue(queue.withdraw(impatient));
        assertEquals(Entry.WAITS, queue.enter(waiter("c")));
        queue.leave(0);
        assertEquals(List.of("c"), granted);
    }

    @Test
    void whoWasGrantedASlotCannotGiveUpAnyMore() {
        ModelQueue queue = queue(1, 1);
        queue.enter(waiter("a"));
        Waiter late = waiter("b");
        queue.enter(late);
        queue.leave(0);
        assertFalse(queue.withdraw(late));
        assertEquals(1, queue.running());
    }

    @Test
    void theTimeToTryAgainFollowsFromHowLongCallsTook() {
        ModelQueue queue = queue(2, 1);
        assertEquals(Duration.ZERO, queue.retryAfter());
        queue.enter(waiter("a"));
        queue.leave(Duration.ofSeconds(8).toNanos());
        assertEquals(Duration.ofSeconds(4), queue.retryAfter());
        queue.enter(waiter("b"));
        queue.enter(waiter("c"));
        queue.enter(waiter("d"));
        assertEquals(Duration.ofSeconds(8), queue.retryAfter());
    }

    @Test
    void manyThreadsNeverExceedTheSlotsAndAllGetTheirs() throws InterruptedException {
        int calls = 2_000;
        ModelQueue queue = queue(3, calls);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(calls);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int i = 0; i < calls; i++) {
                threads.execute(() -> {
                    Runnable call = () -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        threads.execute(() -> {
                            running.decrementAndGet();
                            queue.leave(1);
                            done.countDown();
                        });
                    };
                    if (queue.enter(new Waiter(call)) == Entry.RUNS) {
                        call.run();
                    }
                });
            }
            assertTrue(done.await(20, TimeUnit.SECONDS), "some were never served");
        } finally {
            threads.shutdownNow();
        }
        assertTrue(most.get() <= 3, "ran at a time: " + most);
        assertEquals(0, queue.running());
        assertEquals(0, queue.waiting());
    }

    /** Ten spans in which both slots are taken: two at a time bring no more than one, as an unlimited second could tell. */
    @Test
    void onlySpansInWhichAllSlotsAreTakenAreMeasured() {
        ModelQueue queue = new ModelQueue(ConcurrencyLimit.measured(2), 8, now::get);
        assertTrue(queue.tryEnter());
        now.addAndGet(60_000_000_000L);
        queue.arrived(1_000_000);
        assertTrue(queue.tryEnter());
        now.addAndGet(5_000_000_000L);
        queue.arrived(500);
        queue.leave(0);
        assertTrue(queue.tryEnter());
        now.addAndGet(5_000_000_000L);
        queue.arrived(500);
        queue.leave(0);
        assertEquals(1, queue.slots(), "ten seconds at two: one is tried");
        assertFalse(queue.tryEnter());
        queue.leave(0);
        assertTrue(queue.tryEnter());
        now.addAndGet(10_000_000_000L);
        queue.arrived(1_900);
        queue.leave(0);
        assertEquals(
                1,
                queue.slots(),
                "alone 190 a second, together 100: the million of the unlimited minute did not count");
    }
}
