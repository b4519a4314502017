package dev.foundrygateway.exchange;

import java.time.Instant;
import java.util.List;

/**
 * One limit of one key, and how far it is used up.
 *
 * @param key the key's configured name
 * @param period {@code day}, {@code week} or {@code month}
 * @param unit {@code tokens} or {@code cost}
 * @param limit how many tokens, or how much in the currency of the prices
 * @param used what exchanges that have ended have used
 * @param from when the period began
 * @param until when the next one begins
 */
public record BudgetState(
        String key, String period, String unit, double limit, double used, Instant from, Instant until) {
    /** Where the states of all keys' limits can be read. */
    @FunctionalInterface
    public interface Source {
        /** All limits, at once. Thread-safe. */
        List<BudgetState> states();

        /** Those of one key. */
        default List<BudgetState> states(String key) {
            return states().stream().filter(state -> state.key().equals(key)).toList();
        }
    }

    /** The part that is used, 1 for all. */
    public double share() {
        return used / limit;
    }

    /** What is left; 0 at least. */
    public double left() {
        return Math.max(0, limit - used);
    }
}
