package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.upstream.UpstreamCall;
import java.util.regex.Pattern;

/** A prompt too long for the model is told as OpenAI tells it, whatever status and words the model server has for it; the message keeps its numbers. */
final class ContextOverflow implements ErrorRepairs.Repair {
    private static final Pattern TOO_LONG = Pattern.compile(
            "exceeds? (?:the )?(?:model's |available )?(?:maximum )?context (?:length|size|window)"
                    + "|maximum context length is \\d+ tokens",
            Pattern.CASE_INSENSITIVE);

    @Override
    public UpstreamError repair(UpstreamError error, UpstreamCall call) {
        if (!TOO_LONG.matcher(error.body().message()).find()) {
            return error;
        }
        ErrorCode code = ErrorCode.CONTEXT_LENGTH_EXCEEDED;
        String param = call.chunked() ? "messages" : "input";
        return new UpstreamError(code.status(), ErrorBody.of(code, error.body().message(), param));
    }
}
