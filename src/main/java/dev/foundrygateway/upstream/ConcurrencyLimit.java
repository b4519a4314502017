package dev.foundrygateway.upstream;

import java.util.Arrays;

/**
 * How many calls of one model run best at a time, found out by trying 1, 2, 4, 8 … up to a bound. Foundry Local takes longer for four chats at once than for
 * one after the other; a server that batches takes less. What counts is the work that came back a second while all slots were taken.
 *
 * <p>The rule: one size more is worth it from {@link #GAIN} on; one size less is taken where at most {@link #LOSS} is lost, since an answer that runs with
 * fewer others is done sooner. Between the two it stays, so that noise doesn't move it. A size is judged after {@link #VISIT_SECONDS} of work at it; every
 * {@link #STAYS} such visits a neighbour is measured anew, since servers and prompts change.
 *
 * <p>A value without clock or thread: {@link #after} makes the next one. The rule is apart from what enforces it ({@link ModelQueue}), as in Netflix's
 * <a href="https://github.com/Netflix/concurrency-limits">concurrency-limits</a>.
 */
final class ConcurrencyLimit {
    /** What one size more must bring. */
    static final double GAIN = 1.10;

    /** What one size less must still bring. */
    static final double LOSS = 0.97;

    /** How long a size is tried before it is judged, in seconds with all slots taken. */
    static final double VISIT_SECONDS = 10;

    /** After how many visits without a move a neighbour is measured anew. */
    static final int STAYS = 12;

    /** What was measured longer ago counts less: the most seconds that a size remembers. */
    private static final double MEMORY_SECONDS = 60;

    private static final double UNKNOWN = -1;

    private final int[] sizes;
    private final double[] seconds;
    private final double[] work;
    private final int at;
    private final double visited;
    private final int stays;

    private ConcurrencyLimit(int[] sizes, double[] seconds, double[] work, int at, double visited, int stays) {
        this.sizes = sizes;
        this.seconds = seconds;
        this.work = work;
        this.at = at;
        this.visited = visited;
        this.stays = stays;
    }

    /** A limit that never moves. */
    static ConcurrencyLimit fixed(int size) {
        return new ConcurrencyLimit(new int[] {size}, new double[1], new double[1], 0, 0, 0);
    }

    /** A limit that is measured, and begins with two: one caller more than one doesn't wait for a whole answer before anything is known. */
    static ConcurrencyLimit measured(int bound) {
        int count = 1;
        while (1 << (count - 1) < bound) {
            count++;
        }
        int[] sizes = new int[count];
        for (int i = 0; i < count; i++) {
            sizes[i] = Math.min(bound, 1 << i);
        }
        return new ConcurrencyLimit(sizes, new double[count], new double[count], Math.min(1, count - 1), 0, 0);
    }

    /** How many may run now. */
    int size() {
        return sizes[at];
    }

    /** Whether it can move at all. */
    boolean moves() {
        return sizes.length > 1;
    }

    /** What came back a second while so many ran, in the unit of {@link #after}; negative if that was not tried. */
    double rate(int size) {
        int index = Arrays.binarySearch(sizes, size);
        return index < 0 ? UNKNOWN : rateAt(index);
    }

    /**
     * The limit after some time in which all slots were taken.
     *
     * @param size how many slots that were; a span of another size than today's says nothing any more
     * @param span its seconds
     * @param done the work that came back in it, in any unit that stays the same
     */
    ConcurrencyLimit after(int size, double span, double done) {
        if (!moves() || size != size() || !(span > 0)) {
            return this;
        }
        double[] newSeconds = seconds.clone();
        double[] newWork = work.clone();
        newSeconds[at] += span;
        newWork[at] += done;
        if (newSeconds[at] > MEMORY_SECONDS) {
            double keep = MEMORY_SECONDS / newSeconds[at];
            newSeconds[at] *= keep;
            newWork[at] *= keep;
        }
        ConcurrencyLimit next = new ConcurrencyLimit(sizes, newSeconds, newWork, at, visited + span, stays);
        return next.visited < VISIT_SECONDS ? next : next.judged();
    }

    private ConcurrencyLimit judged() {
        double here = rateAt(at);
        double fewer = at > 0 ? rateAt(at - 1) : 0;
        double more = at < sizes.length - 1 ? rateAt(at + 1) : 0;
        if (fewer == UNKNOWN) {
            return moved(at - 1);
        }
        if (at > 0 && fewer >= here * LOSS) {
            return moved(at - 1);
        }
        if (more == UNKNOWN || more >= here * GAIN) {
            return moved(at + 1);
        }
        if (stays + 1 < STAYS) {
            return new ConcurrencyLimit(sizes, seconds, work, at, 0, stays + 1);
        }
        // In turn the larger and the smaller neighbour, by which of the two was measured less.
        boolean up = at == 0 || (at < sizes.length - 1 && seconds[at + 1] <= seconds[at - 1]);
        return forgotten(up ? at + 1 : at - 1);
    }

    private ConcurrencyLimit moved(int to) {
        return new ConcurrencyLimit(sizes, seconds, work, to, 0, 0);
    }

    private ConcurrencyLimit forgotten(int to) {
        double[] newSeconds = seconds.clone();
        double[] newWork = work.clone();
        newSeconds[to] /= 4;
        newWork[to] /= 4;
        return new ConcurrencyLimit(sizes, newSeconds, newWork, to, 0, 0);
    }

    private double rateAt(int index) {
        return seconds[index] == 0 ? UNKNOWN : work[index] / seconds[index];
    }
}
