package dev.foundrygateway.access;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a call is about, as far as access goes. A path that stands in no list is {@link #UNKNOWN}: a route of ours that was forgotten here does not exist
 * for pages without an origin.
 */
enum Area {
    /** Model calls, the list of models and the health pages. */
    OPEN,
    /** Files, stores, stored answers, comparisons, metrics and what can be read of the model server. */
    PROTECTED,
    /** Calls that change the model server: load, unload, download, shutdown. */
    EFFECT,
    /** No route of ours. */
    UNKNOWN;

    private static final Set<String> OPEN_UNDER_V1 =
            Set.of("chat", "completions", "embeddings", "responses", "audio", "models", "health");
    private static final Set<String> PROTECTED_UNDER_V1 = Set.of("files", "vector_stores", "gateway");
    private static final Set<String> MANAGEMENT = Set.of("openai", "foundry", "models", "status");
    private static final Set<String> OPERATION = Set.of("metrics", "q");

    private static final Pattern PATH_PARAMETERS = Pattern.compile(";[^/]*");

    /** The area of a call; letter case, path parameters and a trailing slash don't matter, since some model servers overlook them. */
    static Area of(String method, String path) {
        String lower = PATH_PARAMETERS.matcher(path.toLowerCase(Locale.ROOT)).replaceAll("");
        // Some clients add /v1 to a base that ends in it; the router forgives that.
        while (lower.startsWith("/v1/v1/")) {
            lower = lower.substring(3);
        }
        String first = segment(lower, 0);
        String second = segment(lower, first.length() + 1);
        boolean reads = method.equals("GET") || method.equals("HEAD");
        if (first.isEmpty() || first.equals("health")) {
            return second.isEmpty() ? OPEN : UNKNOWN;
        } else if (first.equals("v1")) {
            return underV1(method, lower, second);
        } else if (first.equals("shutdown")) {
            return EFFECT;
        } else if (MANAGEMENT.contains(first)) {
            return reads && !changes(second) ? PROTECTED : EFFECT;
        }
        return OPERATION.contains(first) ? PROTECTED : UNKNOWN;
    }

    private static Area underV1(String method, String path, String second) {
        if (PROTECTED_UNDER_V1.contains(second)) {
            return PROTECTED;
        }
        // What is stored holds what others asked.
        if (second.equals("responses")
                && !(method.equals("POST")
                        && segment(path, "/v1/responses".length()).isEmpty())) {
            return PROTECTED;
        }
        return OPEN_UNDER_V1.contains(second) ? OPEN : UNKNOWN;
    }

    /** Foundry Local loads, unloads and chooses a device by GET. */
    private static boolean changes(String operation) {
        return (operation.startsWith("load") && !operation.startsWith("loaded"))
                || operation.startsWith("unload")
                || operation.startsWith("set");
    }

    /** Whether a path's POST may carry a form with a file. */
    static boolean takesForms(String path) {
        return path.startsWith("/v1/files") || path.startsWith("/v1/audio/") || path.startsWith("/v1/v1/");
    }

    /** The segment after the slash at this place; empty if there is none. */
    private static String segment(String path, int slash) {
        if (slash >= path.length()) {
            return "";
        }
        int end = path.indexOf('/', slash + 1);
        return path.substring(slash + 1, end < 0 ? path.length() : end);
    }
}
