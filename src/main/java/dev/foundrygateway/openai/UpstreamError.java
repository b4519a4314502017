package dev.foundrygateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.foundrygateway.openai.json.Trees;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An error as a model server sent it where a status was due: as an event of a stream whose head said 200.
 *
 * @param status the HTTP status that fits it
 * @param body the error in OpenAI's shape
 */
public record UpstreamError(int status, ErrorBody body) {
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
        // Older vLLM and FastAPI say it without the wrapper.
        JsonNode root = from < 0 || to < from
                ? MissingNode.getInstance()
                : Trees.object(text.substring(from, to + 1))
                        .map(JsonNode.class::cast)
                        .orElse(MissingNode.getInstance());
        JsonNode error = root.hasNonNull("error") ? root.path("error") : root;
        String message =
                error.isTextual() ? error.asText() : error.path("message").asText("");
        if (message.isEmpty()) {
            message = detail(error.path("detail"));
        }
        if (message.isEmpty()) {
            message = "the model server reported an error without a message";
        }
        int status = status(error);
        ErrorCode fallback = status < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.UPSTREAM_ERROR;
        JsonNode told = error.path("code");
        String type = error.path("type").asText("");
        String code = told.isTextual() || (told.isIntegralNumber() && status < 500)
                ? told.asText()
                : status < 500 ? "" : fallback.code();
        return new UpstreamError(
                status,
                new ErrorBody(
                        message,
                        // An error event says no more of its type than that it is one.
                        type.isEmpty() || type.equals("error") ? fallback.type() : type,
                        error.path("param").asText(""),
                        code));
    }

    /** Whether an error body has all four members, with the types of OpenAI's, so that it may be handed on as it came. */
    public static boolean isComplete(Buffer body) {
        try {
            JsonNode error = Trees.read(body).path("error");
            return error.path("message").isTextual()
                    && error.path("type").isTextual()
                    && isTextOrNull(error.get("param"))
                    && isTextOrNull(error.get("code"));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isTextOrNull(@Nullable JsonNode member) {
        return member != null && (member.isTextual() || member.isNull());
    }

    /** The same error in other words. */
    public UpstreamError withMessage(String message) {
        return new UpstreamError(status, new ErrorBody(message, body.type(), body.param(), body.code()));
    }

    /** FastAPI's: a text, or a list of faults each with {@code msg}. */
    private static String detail(JsonNode detail) {
        return detail.isTextual() ? detail.asText() : detail.path(0).path("msg").asText("");
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
