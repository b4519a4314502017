package dev.foundrygateway.exchange;

/** The model calls that the gateway relays. */
public enum Operation {
    CHAT("/chat/completions", "chat"),
    COMPLETION("/completions", "text_completion"),
    EMBEDDINGS("/embeddings", "embeddings"),
    RESPONSES("/responses", "responses"),
    TRANSCRIPTION("/audio/transcriptions", "transcription");

    private final String path;
    private final String metricName;

    Operation(String path, String metricName) {
        this.path = path;
        this.metricName = metricName;
    }

    /** The path below {@code /v1}. */
    public String path() {
        return path;
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
