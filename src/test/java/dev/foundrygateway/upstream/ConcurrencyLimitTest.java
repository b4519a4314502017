package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
    /** Foundry Local as its issue 637 measured it: four at once take 1.22 times as long as one after the other. */
    private static double oneUser(int running) {
        return 15 / (1 + 0.0733 * (running - 1));
    }

    /** A server that batches: each of up to eight adds three fifths of a first one's speed. */
    private static double batching(int running) {
        return 15 * (1 + 0.6 * (Math.min(running, 8) - 1));
    }

    /** A server with four slots: more wait inside it. */
    private static double fourSlots(int running) {
        return 15 * (1 + 0.5 * (Math.min(running, 4) - 1));
    }

    /** The limit after some spans of two seconds, and how many of the second half of them were not at the size expected. */
    private record Run(ConcurrencyLimit limit, double strayed) {
        static Run of(IntToDoubleFunction server, int bound, double noise, int spans, int expected) {
            Random random = new Random(7);
            ConcurrencyLimit limit = ConcurrencyLimit.measured(bound);
            int strayed = 0;
            for (int i = 0; i < spans; i++) {
                int size = limit.size();
                double rate = server.applyAsDouble(size) * Math.exp(noise * random.nextGaussian());
                limit = limit.after(size, 2, 2 * rate);
                strayed += i >= spans / 2 && size != expected ? 1 : 0;
            }
            return new Run(limit, strayed / (spans / 2.0));
        }
    }

    @Test
    void aServerForOneUserGetsOneAtATime() {
        Run run = Run.of(ConcurrencyLimitTest::oneUser, 8, 0, 400, 1);
        assertTrue(run.strayed() < 0.12, "at another size for a share of " + run.strayed());
        assertEquals(15, run.limit().rate(1), 1e-9);
        assertEquals(15 / 1.0733, run.limit().rate(2), 1e-9);
    }

    @Test
    void aServerThatBatchesGetsAsManyAsTheBoundAllows() {
        assertTrue(Run.of(ConcurrencyLimitTest::batching, 8, 0, 400, 8).strayed() < 0.12);
        assertTrue(
                Run.of(ConcurrencyLimitTest::batching, 6, 0, 400, 6).strayed() < 0.12,
                "a bound that is no power of two");
    }

    @Test
    void aServerWithFourSlotsGetsFour() {
        assertTrue(Run.of(ConcurrencyLimitTest::fourSlots, 32, 0, 400, 4).strayed() < 0.2);
    }

    @Test
    void noiseOfAThirdDoesNotDriveItAway() {
        for (Object[] row : new Object[][] {
            {(IntToDoubleFunction) ConcurrencyLimitTest::oneUser, 1},
            {(IntToDoubleFunction) ConcurrencyLimitTest::batching, 8},
            {(IntToDoubleFunction) ConcurrencyLimitTest::fourSlots, 4}
        }) {
            Run run = Run.of((IntToDoubleFunction) row[0], 8, 0.33, 4_000, (Integer) row[1]);
            assertTrue(run.strayed() < 0.35, row[1] + ": at another size for a share of " + run.strayed());
        }
    }

    @Test
    void aServerThatChangesIsFollowed() {
        ConcurrencyLimit limit =
                Run.of(ConcurrencyLimitTest::batching, 8, 0, 200, 8).limit();
        int alone = 0;
        for (int i = 0; i < 800; i++) {
            int size = limit.size();
            limit = limit.after(size, 2, 2 * oneUser(size));
            alone += i >= 400 && size == 1 ? 1 : 0;
        }
        assertTrue(alone > 340, "alone for " + alone + " of 400 spans");
    }

    @Test
    void aFixedLimitAndASpanThatSaysNothingChangeNothing() {
        ConcurrencyLimit fixed = ConcurrencyLimit.fixed(4);
        assertEquals(4, fixed.after(4, 1_000, 1).size());
        ConcurrencyLimit measured = ConcurrencyLimit.measured(8);
        assertEquals(2, measured.size());
        assertEquals(-1, measured.after(4, 1_000, 1).rate(4), "of a size that is not today's");
        assertEquals(-1, measured.after(2, 0, 1).rate(2), "no time");
        assertEquals(1, ConcurrencyLimit.measured(1).size());
    }
}
