package dev.foundrygateway.access;

import dev.foundrygateway.access.ApiKeysConfig.KeyArea;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a call is about, as far as access goes. A path that stands in no list is {@link #UNKNOWN}: a route of ours that was forgotten here does not exist
 * for pages without an origin.
 */
public enum Area {
    /** Model calls, the list of models and the health pages. */
    OPEN,
    /** Files, stores, stored answers, comparisons, metrics and what can be read of the model server. */
    PROTECTED,
    /** Calls that change the model server or what it does for others: load, unload, download, shutdown, cancel. */
    EFFECT,
    /** No route of ours. */
    UNKNOWN;

    private static final Set<String> OPEN_UNDER_V1 = Set.of(
            "chat",
            "completions",
            "embeddings",
            "rerank",
            "reranking",
            "responses",
            "messages",
            "audio",
            "models",
            "health");
    private static final Set<String> STORES = Set.of("files", "vector_stores", "uploads");
    private static final Set<String> PROTECTED_UNDER_V1 = Set.of("files", "vector_stores", "uploads", "gateway");
    private static final Set<String> MANAGEMENT = Set.of("openai", "foundry", "models", "status");
    private static final Set<String> UNVERSIONED =
            Set.of("chat", "completions", "embeddings", "rerank", "reranking", "responses", "audio");
    private static final String AZURE = "/openai/deployments";
    private static final Set<String> OPERATION = Set.of("metrics", "q");

    private static final Pattern PATH_PARAMETERS = Pattern.compile(";[^/]*");

    /** Whether calls of this path reach a model server, or what is stored here: those that need an API key where there are keys. */
    static boolean reachesModels(String path) {
        String lower = plain(path);
        String first = segment(lower, 0);
        return first.equals("v1")
                ? !segment(lower, "/v1".length()).equals("health")
                : MANAGEMENT.contains(first) || first.equals("shutdown");
    }

    /** The area of a call; letter case, path parameters and a trailing slash don't matter, since some model servers overlook them. */
    public static Area of(String method, String path) {
        String lower = plain(path);
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

    /** What a key must be allowed for a call of this path. */
    static KeyArea keyArea(String method, String path) {
        String lower = plain(path);
        String first = segment(lower, 0);
        if (!first.equals("v1")) {
            return of(method, path) == EFFECT ? KeyArea.MANAGE : KeyArea.MODELS;
        }
        return STORES.contains(segment(lower, first.length() + 1)) ? KeyArea.STORES : KeyArea.MODELS;
    }

    /** Whether a path is one of those whose bodies are JSON, or a form where {@link #takesForms} says so. */
    static boolean takesJson(String path) {
        return plain(path).startsWith("/v1/");
    }

    private static String plain(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.indexOf(';') >= 0) {
            lower = PATH_PARAMETERS.matcher(lower).replaceAll("");
        }
        // Some clients add /v1 to a base that ends in it; the router forgives that.
        while (lower.startsWith("/v1/v1/")) {
            lower = lower.substring(3);
        }
        return canonical(lower);
    }

    /** OpenAI's calls are answered under other paths too: without a version, and where Azure's clients look for them. */
    private static String canonical(String path) {
        String first = segment(path, 0);
        String second = segment(path, first.length() + 1);
        if (first.equals("openai") && second.equals("v1")) {
            return path.substring("/openai".length());
        }
        if (first.equals("openai") && second.equals("deployments")) {
            String name = segment(path, AZURE.length());
            return "/v1" + path.substring(AZURE.length() + 1 + name.length());
        }
        // Foundry Local's own stand below /models too; a name that could be one of them is taken for it.
        boolean model = first.equals("models") && !second.startsWith("load") && !changes(second);
        return UNVERSIONED.contains(first) || model ? "/v1" + path : path;
    }

    private static Area underV1(String method, String path, String second) {
        if (PROTECTED_UNDER_V1.contains(second)) {
            // To cancel what others asked.
            return second.equals("gateway") && method.equals("DELETE") ? EFFECT : PROTECTED;
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
        String plain = plain(path);
        return plain.startsWith("/v1/files") || plain.startsWith("/v1/uploads/") || plain.startsWith("/v1/audio/");
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
