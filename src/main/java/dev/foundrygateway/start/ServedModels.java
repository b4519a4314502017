package dev.foundrygateway.start;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a gateway tells of its models. Names are compared without case.
 *
 * @param names all that it serves
 * @param contexts how many tokens they can read; without those of which nobody tells
 * @param loaded what is loaded, in lower case and without versions; empty where nobody tells, which is another thing than an empty set
 */
record ServedModels(Set<String> names, Map<String, Long> contexts, Optional<Set<String>> loaded) {
    /** What Foundry Local appends to an alias: the tuning, who made the device, and the device. */
    private static final String VARIANT = "(?:-(?:instruct|chat|it))?-(?:tensorrt-)?[a-z0-9_]+-(?:cpu|gpu|npu)";

    private static final Pattern DEVICE = Pattern.compile("(.+?)-(?:tensorrt-)?[a-z0-9_]+-(cpu|gpu|npu)");

    /**
     * Reads the two lists; what is no list or no entry in one is left out.
     *
     * @param models the answer of {@code /v1/models}
     * @param loaded that of {@code /models/loaded}; empty if there was none
     */
    static ServedModels of(String models, Optional<String> loaded) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Map<String, Long> contexts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Object one : array(models, "data").orElse(new JsonArray())) {
            if (one instanceof JsonObject entry && entry.getValue("id") instanceof String id) {
                names.add(id);
                if (entry.getValue("context_length") instanceof Number length) {
                    contexts.put(id, length.longValue());
                }
            }
        }
        return new ServedModels(
                names,
                contexts,
                loaded.flatMap(body -> array("{\"names\":" + body + "}", "names"))
                        .map(all -> all.stream()
                                .map(name -> unversioned(String.valueOf(name)))
                                .collect(Collectors.toSet())));
    }

    private static Optional<JsonArray> array(String body, String name) {
        return Checkup.object(body).getValue(name) instanceof JsonArray array ? Optional.of(array) : Optional.empty();
    }

    /** Whether it is known that no variant of this model is loaded. */
    boolean lacks(String model) {
        String wanted = unversioned(model);
        return loaded.filter(all -> all.stream()
                        .noneMatch(name -> name.equals(wanted)
                                || (name.startsWith(wanted)
                                        && name.substring(wanted.length()).matches(VARIANT))))
                .isPresent();
    }

    /** What a loaded variant answers on, {@code cpu}, {@code gpu} or {@code npu}; empty if its name doesn't tell. */
    static String device(String loaded) {
        Matcher variant = DEVICE.matcher(unversioned(loaded));
        return variant.matches() ? variant.group(2) : "";
    }

    /** The listed variant of the same model for another device than the processor; empty if there is none. */
    Optional<String> faster(String loaded) {
        Matcher one = DEVICE.matcher(unversioned(loaded));
        return names.stream()
                .filter(name -> {
                    Matcher other = DEVICE.matcher(unversioned(name));
                    return one.matches()
                            && other.matches()
                            && other.group(1).equals(one.group(1))
                            && !other.group(2).equals("cpu");
                })
                .findFirst();
    }

    private static String unversioned(String name) {
        return name.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
    }
}
