package dev.foundrygateway.hybrid;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** What the large model used within the last minute. Thread-safe without locks, since event loops share it; each use counts at most once and is forgotten once. */
final class Budget {
    private static final long MINUTE = 60_000_000_000L;
    /** Costs are summed in whole billionths, so that what is taken away again leaves nothing behind. */
    private static final double BILLION = 1e9;

    private record Use(long nanos, long tokens, long cost) {}

    private final long tokensPerMinute;
    private final double costPerMinute;
    private final boolean unlimited;
    private final Queue<Use> uses = new ConcurrentLinkedQueue<>();
    private final AtomicLong tokens = new AtomicLong();
    private final AtomicLong cost = new AtomicLong();

    Budget(long tokensPerMinute, double costPerMinute) {
        this.tokensPerMinute = tokensPerMinute;
        this.costPerMinute = costPerMinute;
        this.unlimited = tokensPerMinute == Long.MAX_VALUE && costPerMinute == Double.POSITIVE_INFINITY;
    }

    /** Whether something is left at this time. */
    boolean allows(long now) {
        if (unlimited) {
            return true;
        }
        forget(now);
        return tokens.get() < tokensPerMinute && cost.get() / BILLION < costPerMinute;
    }

    /** Notes a use. */
    void used(long now, long spentTokens, double spentCost) {
        if (unlimited) {
            return;
        }
        Use use = new Use(now, spentTokens, Math.round(spentCost * BILLION));
        tokens.addAndGet(use.tokens());
        cost.addAndGet(use.cost());
        uses.add(use);
        forget(now);
    }

    /** Two event loops may see the same oldest use; the one that removes it takes it off the sums. */
    private void forget(long now) {
        for (Use old = uses.peek(); old != null && now - old.nanos() >= MINUTE; old = uses.peek()) {
            if (uses.remove(old)) {
                tokens.addAndGet(-old.tokens());
                cost.addAndGet(-old.cost());
            }
        }
    }
}
