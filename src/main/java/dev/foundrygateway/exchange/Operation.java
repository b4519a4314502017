package dev.foundrygateway.exchange;

/** The calls that the gateway relays: each of them is an exchange. */
public enum Operation {
    CHAT("POST", "/chat/completions", "chat", true),
    COMPLETION("POST", "/completions", "text_completion", true),
    EMBEDDINGS("POST", "/embeddings", "embeddings", true),
    RERANK("POST", "/rerank", "rerank", true),
    /** A question to a decision model; the gateway asks, and offers no such path. */
    SYSTEM_ONE("POST", "/systemone", "decision", true),
    /** The same in another shape. */
    DECISIONS("POST", "/decisions", "decision", true),
    RESPONSES("POST", "/responses", "responses", true),
    TRANSCRIPTION("POST", "/audio/transcriptions", "transcription", true),
    MODELS("GET", "/models", "list_models", false),
    MODEL("GET", "/models/{id}", "retrieve_model", false),
    RESPONSE_LIST("GET", "/responses", "list_responses", false),
    RESPONSE_READ("GET", "/responses/{id}", "retrieve_response", false),
    RESPONSE_DELETE("DELETE", "/responses/{id}", "delete_response", false),
    RESPONSE_CANCEL("POST", "/responses/{id}/cancel", "cancel_response", false),
    RESPONSE_INPUT_ITEMS("GET", "/responses/{id}/input_items", "list_input_items", false);

    /** What stands for the thing that a path names. */
    public static final String ID = "{id}";

    private final String method;
    private final String path;
    private final String metricName;
    private final boolean asksModel;

    Operation(String method, String path, String metricName, boolean asksModel) {
        this.method = method;
        this.path = path;
        this.metricName = metricName;
        this.asksModel = asksModel;
    }

    /** The HTTP method; a {@code HEAD} is a {@code GET} whose body is left out. */
    public String method() {
        return method;
    }

    /** The path below {@code /v1}; {@value #ID} in it stands for what {@link Payload.None#id} names. */
    public String path() {
        return path;
    }

    /** Whether a model is asked, by a body; else something is read, deleted or cancelled, without a body. */
    public boolean asksModel() {
        return asksModel;
    }

    /**
     * The value of {@code gen_ai.operation.name}.
     *
     * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">GenAI metrics</a>
     */
    public String metricName() {
        return metricName;
    }
}
