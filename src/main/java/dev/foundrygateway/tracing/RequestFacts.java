package dev.foundrygateway.tracing;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.foundrygateway.openai.ChatRequest;
import io.opentelemetry.api.trace.Span;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a request asks beside its text, as attributes of the newest convention: numbers, and the effort as one of a few words. Members of another type are left out.
 *
 * @see <a href="https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/client-inference.md">Client inference</a>
 */
final class RequestFacts {
    private static final List<String> NUMBERS =
            List.of("temperature", "top_p", "frequency_penalty", "presence_penalty");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,9}(\\.\\d{1,18})?");
    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
    private static final Set<String> EFFORTS =
            Set.of("\"none\"", "\"minimal\"", "\"low\"", "\"medium\"", "\"high\"", "\"xhigh\"");

    private RequestFacts() {}

    static void tell(Span span, ChatRequest request) {
        if (!span.isRecording()) {
            return;
        }
        if (request.streaming()) {
            span.setAttribute(booleanKey("gen_ai.request.stream"), true);
        }
        request.maxTokens().ifPresent(most -> span.setAttribute(longKey("gen_ai.request.max_tokens"), most));
        NUMBERS.forEach(member -> request.member(member)
                .filter(json -> NUMBER.matcher(json).matches())
                .ifPresent(json -> span.setAttribute(doubleKey("gen_ai.request." + member), Double.parseDouble(json))));
        request.member("seed")
                .filter(json -> WHOLE.matcher(json).matches())
                .ifPresent(json -> span.setAttribute(longKey("gen_ai.request.seed"), Long.parseLong(json)));
        if (request.answers() > 1) {
            span.setAttribute(longKey("gen_ai.request.choice.count"), (long) request.answers());
        }
        request.member("reasoning_effort")
                .filter(EFFORTS::contains)
                .ifPresent(json -> span.setAttribute(
                        stringKey("gen_ai.request.reasoning.level"), json.substring(1, json.length() - 1)));
        request.member("response_format")
                .filter(json -> json.contains("json"))
                .ifPresent(json -> span.setAttribute(stringKey("gen_ai.output.type"), "json"));
    }
}
