package dev.foundrygateway.openai;

/**
 * The gateway's own error codes: the one table from a code to its HTTP status, its OpenAI error {@code type} and, where waiting helps,
 * the seconds of {@code Retry-After}.
 *
 * @see <a href="https://platform.openai.com/docs/guides/error-codes">OpenAI error codes</a>
 */
public enum ErrorCode {
    INVALID_REQUEST(400, "invalid_request_error"),
    INVALID_JSON(400, "invalid_request_error"),
    INVALID_SCHEMA(400, "invalid_request_error"),
    CONTEXT_LENGTH_EXCEEDED(400, "invalid_request_error"),
    PREVIOUS_RESPONSE_NOT_FOUND(400, "invalid_request_error"),
    INVALID_API_KEY(401, "authentication_error"),
    ORIGIN_DENIED(403, "permission_error"),
    HOST_DENIED(403, "permission_error"),
    KEY_DENIED(403, "permission_error"),
    NOT_FOUND(404, "invalid_request_error"),
    MODEL_NOT_FOUND(404, "invalid_request_error"),
    FILE_NOT_FOUND(404, "invalid_request_error"),
    VECTOR_STORE_NOT_FOUND(404, "invalid_request_error"),
    METHOD_NOT_ALLOWED(405, "invalid_request_error"),
    REQUEST_TIMEOUT(408, "invalid_request_error"),
    BODY_TOO_LARGE(413, "invalid_request_error"),
    URI_TOO_LONG(414, "invalid_request_error"),
    UNSUPPORTED_MEDIA_TYPE(415, "invalid_request_error"),
    OVERLOADED(429, "rate_limit_error", 1),
    RATE_LIMIT_EXCEEDED(429, "rate_limit_error", 1),
    HEADERS_TOO_LARGE(431, "invalid_request_error"),
    /** By the gateway's operator. A status of its own, as other proxies have it: clients try again on each of 5xx. */
    CANCELLED(499, "invalid_request_error"),
    INTERNAL_ERROR(500, "server_error"),
    UNSUPPORTED(501, "invalid_request_error"),
    UPSTREAM_UNREACHABLE(502, "server_error"),
    UPSTREAM_ERROR(502, "server_error"),
    SCHEMA_VIOLATION(502, "server_error"),
    CIRCUIT_OPEN(503, "server_error", 1),
    OUT_OF_MEMORY(503, "server_error", 1),
    RETRIEVAL_UNAVAILABLE(503, "server_error", 5),
    SHUTTING_DOWN(503, "server_error", 1),
    UPSTREAM_TIMEOUT(504, "server_error"),
    INSUFFICIENT_STORAGE(507, "server_error");

    private final int status;
    private final String type;
    private final int retrySeconds;
    private final String code;

    ErrorCode(int status, String type) {
        this(status, type, 0);
    }

    ErrorCode(int status, String type, int retrySeconds) {
        this.status = status;
        this.type = type;
        this.retrySeconds = retrySeconds;
        this.code = name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The HTTP status that goes with this code. */
    public int status() {
        return status;
    }

    /** After how many seconds the same request may go better, where nothing more is known; zero if waiting doesn't help. */
    public int retrySeconds() {
        return retrySeconds;
    }

    /** OpenAI's {@code error.type}. */
    public String type() {
        return type;
    }

    /** OpenAI's {@code error.code}: the constant's name in lower case. */
    public String code() {
        return code;
    }
}
