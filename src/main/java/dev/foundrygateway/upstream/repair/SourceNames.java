package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.upstream.UpstreamCall;
import java.util.regex.Pattern;

/** Foundry Local 2.x puts the C++ file, line and function before what is wrong: they are taken out of the message. */
final class SourceNames implements ErrorRepairs.Repair {
    private static final Pattern SOURCE = Pattern.compile(
            "[\\w./\\\\-]+\\.(?:cc|cpp|cxx|h|hpp|cu):\\d+:?\\s*(?:[\\w:{}<>*&,~ ]*::~?\\w+\\([^()]*\\)\\s*(?:const\\b\\s*)?)?");

    @Override
    public UpstreamError repair(UpstreamError error, UpstreamCall call) {
        String message = SOURCE.matcher(error.body().message()).replaceAll("");
        return message.equals(error.body().message()) || message.isBlank() ? error : error.withMessage(message.strip());
    }
}
