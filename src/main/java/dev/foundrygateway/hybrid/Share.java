package dev.foundrygateway.hybrid;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps "at most such a share is escalated" true. Each request earns the share's part of an escalation, and an escalation costs a whole one; what was earned
 * and not used lapses beyond a few, so that a quiet day pays for no storm. At any time the escalations are at most {@code share × requests + 1}.
 *
 * <p>Its threshold follows the scores that come in: up after one above, down after one below, so that in the long run the wanted share lies above it even
 * when the questions are others than the calibration's. Thread-safe, without locks.
 */
class Share {
    private static final long ONE = 1_000_000;
    private static final long MOST_EARNED = 5 * ONE;
    private static final double STEP = 0.02;

    private final double share;
    private final long earnedByRequest;
    private final AtomicLong earned = new AtomicLong(ONE);
    private final AtomicLong threshold;

    private Share(double share, double threshold) {
        this.share = share;
        this.earnedByRequest = Math.round(share * ONE);
        this.threshold = new AtomicLong(Double.doubleToLongBits(threshold));
    }

    /** No limit, and a threshold that stays. */
    static Share unlimited(double threshold) {
        return new Share(1, threshold) {
            @Override
            void scored(double score) {
                // A threshold that was set is no aim to follow.
            }

            @Override
            boolean spend() {
                return true;
            }
        };
    }

    /** At most that share, from that threshold on. */
    static Share atMost(double share, double threshold) {
        return new Share(share, threshold);
    }

    /** The score from which on to escalate, for the time being. */
    double threshold() {
        return Double.longBitsToDouble(threshold.get());
    }

    /** A request has come. */
    void arrived() {
        earned.updateAndGet(before -> Math.min(MOST_EARNED, before + earnedByRequest));
    }

    /** A draft got this score. */
    void scored(double score) {
        threshold.updateAndGet(bits -> {
            double now = Double.longBitsToDouble(bits);
            if (Double.isInfinite(now)) {
                return bits;
            }
            double moved = score >= now ? now + STEP * (1 - share) : now - STEP * share;
            return Double.doubleToLongBits(Math.max(0, Math.min(1, moved)));
        });
    }

    /** Takes the price of one escalation; false if it is not earned. */
    boolean spend() {
        if (share == 0) {
            return false;
        }
        long before = earned.getAndUpdate(now -> now >= ONE ? now - ONE : now);
        return before >= ONE;
    }
}
