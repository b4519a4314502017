package dev.foundrygateway.hybrid;

import dev.foundrygateway.hybrid.ScoreModel.Stage;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/**
 * Keeps "at most such a share is escalated" true. Each request earns the share's part of an escalation, and an escalation costs a whole one; what was earned
 * and not used lapses beyond a few, so that a quiet day pays for no storm. At any time the escalations are at most {@code share × requests + 1}.
 *
 * <p>Its thresholds, one for each stage, follow the scores that come in: up after one above, down after one below, so that in the long run the wanted share
 * lies above them even when the questions are others than the calibration's. Thread-safe, without locks.
 */
class Share {
    private static final long ONE = 1_000_000;
    private static final long MOST_EARNED = 5 * ONE;
    private static final double STEP = 0.02;

    private final double share;
    private final long earnedByRequest;
    private final AtomicLong earned = new AtomicLong(ONE);
    private final ToDoubleFunction<Stage> start;
    private final Map<Stage, AtomicLong> thresholds = new EnumMap<>(Stage.class);

    private Share(double share, ToDoubleFunction<Stage> threshold) {
        this.share = share;
        this.earnedByRequest = Math.round(share * ONE);
        this.start = threshold;
        for (Stage stage : Stage.values()) {
            thresholds.put(stage, new AtomicLong(Double.doubleToLongBits(threshold.applyAsDouble(stage))));
        }
    }

    /** No limit, and a threshold that stays. */
    static Share unlimited(double threshold) {
        return new Share(1, stage -> threshold) {
            @Override
            void scored(Stage stage, double score) {
                // A threshold that was set is no aim to follow.
            }

            @Override
            boolean earned() {
                return true;
            }

            @Override
            boolean spend() {
                return true;
            }
        };
    }

    /** At most that share, each stage from its threshold on. */
    static Share atMost(double share, ToDoubleFunction<Stage> threshold) {
        return new Share(share, threshold);
    }

    /** The score from which on to escalate, for the time being. */
    double threshold(Stage stage) {
        return Double.longBitsToDouble(bits(stage).get());
    }

    private AtomicLong bits(Stage stage) {
        AtomicLong bits = thresholds.get(stage);
        if (bits == null) {
            throw new IllegalStateException("no threshold for " + stage);
        }
        return bits;
    }

    /** The score is another from now on: its thresholds begin anew, and what was earned stays. */
    void renew() {
        thresholds.forEach((stage, bits) -> bits.set(Double.doubleToLongBits(start.applyAsDouble(stage))));
    }

    /** A request has come. */
    void arrived() {
        earned.updateAndGet(before -> Math.min(MOST_EARNED, before + earnedByRequest));
    }

    /** A draft got this score at that stage. */
    void scored(Stage stage, double score) {
        bits(stage).updateAndGet(bits -> {
            double now = Double.longBitsToDouble(bits);
            if (Double.isInfinite(now)) {
                return bits;
            }
            double moved = score >= now ? now + STEP * (1 - share) : now - STEP * share;
            return Double.doubleToLongBits(Math.max(0, Math.min(1, moved)));
        });
    }

    /** Whether the price of one escalation is earned. */
    boolean earned() {
        return share > 0 && earned.get() >= ONE;
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
