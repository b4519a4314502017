package dev.foundrygateway.hybrid;

import java.util.ArrayDeque;
import java.util.Deque;

/** What the large model used within the last minute. Thread-safe: its lock is held for a few instructions. */
final class Budget {
    private static final long MINUTE = 60_000_000_000L;

    private record Use(long nanos, long tokens, double cost) {}

    private final long tokensPerMinute;
    private final double costPerMinute;
    private final Deque<Use> uses = new ArrayDeque<>();
    private long tokens;
    private double cost;

    Budget(long tokensPerMinute, double costPerMinute) {
        this.tokensPerMinute = tokensPerMinute;
        this.costPerMinute = costPerMinute;
    }

    /** Whether something is left at this time. */
    synchronized boolean allows(long now) {
        forget(now);
        return tokens < tokensPerMinute && cost < costPerMinute;
    }

    /** Notes a use. */
    synchronized void used(long now, long spentTokens, double spentCost) {
        if (tokensPerMinute == Long.MAX_VALUE && costPerMinute == Double.POSITIVE_INFINITY) {
            return;
        }
        forget(now);
        uses.add(new Use(now, spentTokens, spentCost));
        tokens += spentTokens;
        cost += spentCost;
    }

    private void forget(long now) {
        while (!uses.isEmpty() && now - uses.getFirst().nanos() >= MINUTE) {
            Use old = uses.removeFirst();
            tokens -= old.tokens();
            cost = uses.isEmpty() ? 0 : cost - old.cost();
        }
    }
}
