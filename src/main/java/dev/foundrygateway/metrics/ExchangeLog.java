package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Millis;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.TraceContext;
import dev.foundrygateway.openai.sse.Usage;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * One line for each exchange, as {@code key=value} pairs: who answered, how it ended, where the time went. Never prompt text, never a key; the model is a
 * name from the closed set, and the request id was checked when it was taken. Thread-safe.
 */
@Singleton
public class ExchangeLog {
    private static final Logger LOG = Logger.getLogger("dev.foundrygateway.exchange");

    void write(
            String requestId,
            Optional<TraceContext> trace,
            Labels labels,
            int status,
            Served served,
            OptionalLong firstToken,
            long total,
            Usage usage) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        StringBuilder line = new StringBuilder(256);
        line.append("id=").append(requestId);
        trace.ifPresent(one -> line.append(" trace=").append(one.traceId()));
        line.append(" operation=").append(labels.operation().metricName());
        line.append(" model=").append(labels.requestModel());
        line.append(" upstream=").append(labels.provider());
        line.append(" status=").append(status);
        line.append(" outcome=").append(labels.outcome().label());
        if (!labels.error().isEmpty()) {
            line.append(" error=").append(labels.error());
        }
        line.append(" stream=").append(labels.stream());
        append(line, " queue_ms=", served.timeline().queue());
        append(line, " prep_ms=", served.timeline().prep());
        append(line, " send_ms=", served.timeline().send());
        append(line, " first_token_ms=", firstToken);
        Millis.append(line.append(" total_ms="), total);
        line.append(" input_tokens=").append(usage.promptTokens());
        line.append(" output_tokens=").append(usage.completionTokens());
        LOG.info(line);
    }

    private static void append(StringBuilder line, String name, OptionalLong nanos) {
        if (nanos.isPresent()) {
            Millis.append(line.append(name), nanos.getAsLong());
        }
    }
}
