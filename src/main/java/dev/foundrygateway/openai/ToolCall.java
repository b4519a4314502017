package dev.foundrygateway.openai;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A function that the model wants called.
 *
 * @param id the call's id
 * @param name the function's name
 * @param arguments its arguments, as JSON text
 */
public record ToolCall(String id, String name, String arguments) {
    /** The function that is meant: models write a namespace before its name, or its letters in another case. Empty if there is none, or more than one. */
    public Optional<String> meant(Set<String> known) {
        if (known.contains(name)) {
            return Optional.of(name);
        }
        String bare = name.substring(name.lastIndexOf('.') + 1).strip();
        List<String> meant = known.stream().filter(bare::equalsIgnoreCase).toList();
        return meant.size() == 1 ? Optional.of(meant.get(0)) : Optional.empty();
    }
}
