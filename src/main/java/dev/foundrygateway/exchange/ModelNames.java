package dev.foundrygateway.exchange;

import java.util.Locale;
import java.util.Set;

/** The closed set of model names that are configured or that an upstream lists. */
@FunctionalInterface
public interface ModelNames {
    /** What stands for every name outside the set. */
    String OTHER = "other";

    /** The name itself if it belongs to the set, else {@link #OTHER}: safe as a metric label. */
    String label(String model);

    /**
     * Whether a name leads to a model that one of these names stands for, too: aliases, ids with and without their version. A virtual model is known by its
     * own name alone.
     *
     * @param names in lower case
     */
    default boolean isOneOf(String model, Set<String> names) {
        return names.contains(model.toLowerCase(Locale.ROOT));
    }

    /** Whether a caller's key lets it ask and see the model of that name. */
    default boolean mayAsk(Caller caller, String model) {
        return caller.grant().models().map(names -> isOneOf(model, names)).orElse(true);
    }

    /**
     * Refuses a model that the caller's key does not let it ask.
     *
     * @throws GatewayException {@code model_not_found}, naming those that it may ask
     */
    default void check(Caller caller, String model) {
        if (!mayAsk(caller, model)) {
            throw caller.grant().refusal(caller.key(), model);
        }
    }
}
