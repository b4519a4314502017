package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Millis;
import dev.foundrygateway.exchange.Timing;
import dev.foundrygateway.exchange.TraceContext;
import dev.foundrygateway.openai.sse.Usage;
import jakarta.inject.Singleton;
import java.util.Optional;
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
            Timing timing,
            long firstToken,
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
        Millis.append(line.append(" queue_ms="), timing.queue());
        Millis.append(line.append(" prep_ms="), timing.prep());
        Millis.append(line.append(" send_ms="), timing.send());
        Millis.append(line.append(" first_token_ms="), firstToken);
        Millis.append(line.append(" total_ms="), total);
        line.append(" input_tokens=").append(usage.promptTokens());
        line.append(" output_tokens=").append(usage.completionTokens());
        LOG.info(line);
    }
}
