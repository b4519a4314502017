package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.ErrorCode;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which models and stores a caller's API key reaches. Immutable.
 *
 * @param models names of the models that it may ask and see, in lower case; empty for all
 * @param stores ids of the stores that it may open; empty for all
 */
public record Grant(Optional<Set<String>> models, Optional<Set<String>> stores) {
    /** Everything. */
    public static final Grant ALL = new Grant(Optional.empty(), Optional.empty());

    private static final Optional<Set<String>> NOTHING = Optional.of(Set.of());

    /** One of these models, given in any case, and stores. */
    public static Grant of(Optional<Set<String>> models, Optional<Set<String>> stores) {
        return new Grant(
                models.map(names -> names.stream()
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet())),
                stores.map(ids -> ids.stream().map(String::strip).collect(Collectors.toUnmodifiableSet())));
    }

    /** The same without any store. */
    public Grant withoutStores() {
        return new Grant(models, NOTHING);
    }

    /** Whether the store of that id is among them. */
    public boolean opens(String store) {
        return stores.map(ids -> ids.contains(store)).orElse(true);
    }

    /** The error for a model that is none of them, whether or not there is such a model. */
    GatewayException refusal(String key, String model) {
        String names = String.join(", ", new TreeSet<>(models.orElse(Set.of())));
        return new GatewayException(
                ErrorCode.MODEL_NOT_FOUND,
                (model.isEmpty()
                                ? "the request names no model"
                                : "the model '" + model + "' does not exist for API key " + key)
                        + "; the key may use: " + names,
                "model");
    }
}
