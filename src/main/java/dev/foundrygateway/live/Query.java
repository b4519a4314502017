package dev.foundrygateway.live;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Outcome;
import dev.foundrygateway.openai.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which exchanges somebody wants to see. An empty text or zero leaves its question open.
 *
 * @param id the request's id, whole
 * @param model the model that was asked for or that answered; letter case doesn't matter
 * @param key the API key's name
 * @param outcome how it ended; none that runs has one
 * @param reason why it went its way
 * @param slowerNanos what it took at least
 * @param limit how many of those that have ended, the last ones first, and how many of those that run, the oldest first
 */
public record Query(String id, String model, String key, String outcome, String reason, long slowerNanos, int limit)
        implements Predicate<Entry> {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final double MOST_MILLIS = 1e12;
    private static final Set<String> NAMES =
            new TreeSet<>(List.of("id", "model", "key", "outcome", "reason", "slower_than", "limit"));

    /**
     * Out of the parameters of a request.
     *
     * @throws GatewayException for a name or a value that is none
     */
    public static Query of(Map<String, String> parameters) {
        parameters.keySet().stream()
                .filter(name -> !NAMES.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw wrong(name, name + " is not a filter; the filters are " + NAMES);
                });
        String outcome = parameters.getOrDefault("outcome", "");
        List<String> outcomes =
                Arrays.stream(Outcome.values()).map(Outcome::label).toList();
        if (!outcome.isEmpty() && !outcomes.contains(outcome)) {
            throw wrong("outcome", "outcome must be one of " + outcomes);
        }
        double millis = number(parameters, "slower_than", 0, MOST_MILLIS, "a number of milliseconds");
        double limit = number(parameters, "limit", USUAL, MOST, "a whole number from 1 to " + MOST);
        if (limit < 1 || limit != Math.rint(limit)) {
            throw wrong("limit", "limit must be a whole number from 1 to " + MOST);
        }
        return new Query(
                parameters.getOrDefault("id", ""),
                parameters.getOrDefault("model", ""),
                parameters.getOrDefault("key", ""),
                outcome,
                parameters.getOrDefault("reason", ""),
                (long) (millis * 1e6),
                (int) limit);
    }

    /** The same, of one key's exchanges alone. */
    public Query ofKey(String only) {
        return new Query(id, model, only, outcome, reason, slowerNanos, limit);
    }

    @Override
    public boolean test(Entry entry) {
        return fits(id, entry.id())
                && (model.isEmpty()
                        || model.equalsIgnoreCase(entry.model())
                        || model.equalsIgnoreCase(entry.answeredBy()))
                && fits(key, entry.key())
                && fits(outcome, entry.outcome())
                && fits(reason, entry.reason())
                && entry.nanos() >= slowerNanos;
    }

    private static boolean fits(String wanted, String is) {
        return wanted.isEmpty() || wanted.equals(is);
    }

    private static double number(Map<String, String> parameters, String name, double usual, double most, String what) {
        String text = parameters.get(name);
        if (text == null) {
            return usual;
        }
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number out of range is.
        }
        throw wrong(name, name + " must be " + what);
    }

    private static GatewayException wrong(String parameter, String message) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, message, parameter);
    }
}
