package dev.foundrygateway.retrieval;

import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.VirtualModels;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long the models' contexts are: as an upstream said when a prompt did not fit, else as configured for the model, else as configured for all. A virtual
 * model has its smallest tier's. Thread-safe.
 */
final class ContextLimits {
    private static final int MAX_MODELS = 1_000;
    /** A refusal says what it has to say in its first characters. */
    private static final int MAX_REFUSAL = 16_384;

    private static final Pattern OVERFLOW = Pattern.compile(
            "context_length_exceeded|context (?:length|size|window)|max(?:imum)?[ _](?:context|length|sequence)|n_ctx|too (?:many tokens|long)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern LIMIT = Pattern.compile(
            "(?:maximum context length is|context (?:length|size|window)(?: of| is)?|available context size \\(|n_ctx\"?[:= ]{1,9}|max_length\\D{0,20}|maximum (?:length|sequence length)\\D{0,20})\\s{0,9}\\(?(\\d{3,7})",
            Pattern.CASE_INSENSITIVE);

    private final int unknown;
    private final ModelFacts facts;
    private final VirtualModels virtual;
    private final Map<String, Integer> learned = new ConcurrentHashMap<>();

    ContextLimits(int unknown, ModelFacts facts, VirtualModels virtual) {
        this.unknown = unknown;
        this.facts = facts;
        this.virtual = virtual;
    }

    /** Whether an upstream's refusal means that the prompt was too long. */
    static boolean isOverflow(String refusal) {
        return OVERFLOW.matcher(beginning(refusal)).find();
    }

    /** The limit that a refusal names; empty if it names none. */
    static OptionalInt named(String refusal) {
        Matcher limit = LIMIT.matcher(beginning(refusal));
        return limit.find() ? OptionalInt.of(Integer.parseInt(limit.group(1))) : OptionalInt.empty();
    }

    /** The model's limit in tokens. */
    int of(String model) {
        Integer known = learned.get(key(model));
        if (known != null) {
            return known;
        }
        return virtual.tiers(model).stream()
                .mapToInt(tier -> learned.getOrDefault(key(tier), configured(tier)))
                .min()
                .orElseGet(() -> configured(model));
    }

    private int configured(String model) {
        return (int) Math.min(Integer.MAX_VALUE, facts.of(model).contextLength().orElse(unknown));
    }

    /** Notes what a refusal says; where it names no limit, that it lies below what was tried. */
    void learn(String model, String refusal, int tried) {
        if (learned.size() < MAX_MODELS) {
            OptionalInt named = named(refusal);
            // Where our estimate let through what did not fit, the named limit alone would let it through again.
            learned.put(key(model), named.isPresent() && named.getAsInt() < tried ? named.getAsInt() : tried * 3 / 4);
        }
    }

    private static String beginning(String refusal) {
        return refusal.length() <= MAX_REFUSAL ? refusal : refusal.substring(0, MAX_REFUSAL);
    }

    private static String key(String model) {
        return model.toLowerCase(Locale.ROOT);
    }
}
