package dev.foundrygateway.edge.protocol;

import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.json.JsonString;

/**
 * An error in Anthropic's shape.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/errors">Anthropic, errors</a>
 */
final class AnthropicError {
    private AnthropicError() {}

    static String json(int status, ErrorBody error, String requestId) {
        return "{\"type\":\"error\",\"error\":{\"type\":\"" + type(status) + "\",\"message\":"
                + JsonString.quote(error.message()) + "},\"request_id\":" + JsonString.quote(requestId) + "}";
    }

    static String event(int status, ErrorBody error, String requestId) {
        return "event: error\ndata: " + json(status, error, requestId) + "\n\n";
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            case 504 -> "timeout_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }
}
