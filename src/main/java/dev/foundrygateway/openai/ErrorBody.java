package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.JsonString;
import io.vertx.core.buffer.Buffer;

/**
 * An error in OpenAI's shape, {@code {"error":{"message","type","param","code"}}}, as a body and as a server-sent event.
 *
 * @param message what is wrong, naming the field or setting to change; never a stack trace, key or prompt text
 * @param type OpenAI's error type
 * @param param the request field at fault, empty if none (written as {@code null})
 * @param code the error code, empty if none (written as {@code null})
 */
public record ErrorBody(String message, String type, String param, String code) {
    /** The error of one of the gateway's own codes. */
    public static ErrorBody of(ErrorCode code, String message, String param) {
        return new ErrorBody(message, code.type(), param, code.code());
    }

    public Buffer json() {
        return Buffer.buffer(text());
    }

    /** As one SSE event: {@code data: {"error":…}} and the blank line. */
    public Buffer event() {
        return Buffer.buffer("data: " + text() + "\n\n");
    }

    private String text() {
        return "{\"error\":{\"message\":" + JsonString.quote(message) + ",\"type\":" + JsonString.quote(type)
                + ",\"param\":" + orNull(param) + ",\"code\":" + orNull(code) + "}}";
    }

    private static String orNull(String text) {
        return text.isEmpty() ? "null" : JsonString.quote(text);
    }
}
