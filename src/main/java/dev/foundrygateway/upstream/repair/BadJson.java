package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.upstream.UpstreamCall;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client's bad JSON is the client's error: Foundry Local 1.x answers 500 to it, and to a member of the wrong type. The request is read in full only here,
 * where an error came back.
 */
final class BadJson implements ErrorRepairs.Repair {
    private static final String WRONG_TYPE = "Invalid OpenAI JSON request";
    private static final Pattern PATH = Pattern.compile("Path: \\$\\.?([\\w.\\[\\]]*)");

    @Override
    public UpstreamError repair(UpstreamError error, UpstreamCall call) {
        // A form or no body at all is no JSON by right.
        Optional<String> invalidity = call.sendsJson() ? ChatRequest.findInvalidity(call.body()) : Optional.empty();
        if (invalidity.isPresent()) {
            ErrorCode code = ErrorCode.INVALID_JSON;
            return new UpstreamError(
                    code.status(), ErrorBody.of(code, "the request body is not valid JSON: " + invalidity.get(), ""));
        }
        if (error.status() >= 500 && error.body().message().startsWith(WRONG_TYPE)) {
            Matcher path = PATH.matcher(error.body().message());
            ErrorCode code = ErrorCode.INVALID_REQUEST;
            return new UpstreamError(
                    code.status(), ErrorBody.of(code, error.body().message(), path.find() ? path.group(1) : ""));
        }
        return error;
    }
}
