package dev.foundrygateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * An error as a model server sent it where a status was due: as an event of a stream whose head said 200.
 *
 * @param status the HTTP status that fits it
 * @param body the error in OpenAI's shape
 */
public record UpstreamError(int status, ErrorBody body) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * Reads an error event, or an error body.
     *
     * @param event the bytes of one SSE event or of a JSON body
     * @return what it says; for text that says nothing, a plain {@code upstream_error}
     */
    public static UpstreamError read(Buffer event) {
        String text = event.toString(StandardCharsets.UTF_8);
        int from = text.indexOf('{');
        int to = text.lastIndexOf('}');
        JsonNode error = MAPPER.missingNode();
        try {
            if (from >= 0 && to > from) {
                error = MAPPER.readTree(text.substring(from, to + 1)).path("error");
            }
        } catch (JsonProcessingException e) {
            // Said nothing that can be read: the plain error below tells it.
            error = MAPPER.missingNode();
        }
        String message =
                error.isTextual() ? error.asText() : error.path("message").asText("");
        if (message.isEmpty()) {
            message = "the model server reported an error without a message";
        }
        int status = status(error);
        ErrorCode fallback = status < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.UPSTREAM_ERROR;
        String code =
                error.path("code").isTextual() ? error.path("code").asText() : status < 500 ? "" : fallback.code();
        return new UpstreamError(
                status,
                new ErrorBody(
                        message,
                        error.path("type").asText(fallback.type()),
                        error.path("param").asText(""),
                        code));
    }

    /** The same error in other words. */
    public UpstreamError withMessage(String message) {
        return new UpstreamError(status, new ErrorBody(message, body.type(), body.param(), body.code()));
    }

    /** A numeric code is a status at llama.cpp and vLLM; Foundry Local tells the caller's errors by their type alone. */
    private static int status(JsonNode error) {
        int code = error.path("code").asInt(0);
        if (code >= 400 && code < 600) {
            return code;
        }
        return switch (error.path("type").asText("")) {
            case "invalid_request_error" -> 400;
            case "rate_limit_error" -> 429;
            default -> ErrorCode.UPSTREAM_ERROR.status();
        };
    }
}
