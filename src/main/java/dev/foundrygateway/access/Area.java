package dev.foundrygateway.access;

/** What a path belongs to, as far as access goes. */
enum Area {
    /** Asking a model: chat, completions, responses, embeddings, audio, the list of models; and who one talks to. */
    MODELS,
    /** Files, stores, metrics and whatever else the gateway has. */
    STORES,
    /** Loading, unloading, downloading, stopping. */
    MANAGEMENT;

    static Area of(String method, String path) {
        if (path.startsWith("/v1/")) {
            String rest = path.startsWith("/v1/v1/") ? path.substring(3) : path;
            return isModelCall(method, rest) ? MODELS : rest.startsWith("/v1/gateway/") ? MANAGEMENT : STORES;
        }
        if (path.startsWith("/openai/")
                || path.startsWith("/foundry/")
                || path.startsWith("/models/")
                || path.equals("/shutdown")) {
            return MANAGEMENT;
        }
        return path.equals("/") || path.equals("/health") ? MODELS : STORES;
    }

    private static boolean isModelCall(String method, String path) {
        return path.startsWith("/v1/chat/")
                || path.equals("/v1/completions")
                || path.equals("/v1/embeddings")
                || path.equals("/v1/health")
                || path.equals("/v1/models")
                || path.startsWith("/v1/models/")
                // Those that are stored hold what others asked.
                || (path.equals("/v1/responses") && method.equals("POST"))
                || path.startsWith("/v1/audio/");
    }

    /** Whether a GET of this path changes something: Foundry Local loads and unloads models that way. */
    static boolean getHasEffect(String path) {
        return path.startsWith("/openai/load/")
                || path.startsWith("/openai/unload")
                || path.startsWith("/models/load/")
                || path.startsWith("/models/unload/")
                || path.startsWith("/openai/setgpudevice/");
    }
}
