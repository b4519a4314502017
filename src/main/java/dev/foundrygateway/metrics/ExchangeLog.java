package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.Millis;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.TraceContext;
import dev.foundrygateway.openai.sse.Usage;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * One line for each exchange, as {@code key=value} pairs: who answered and why, how it ended, where the time went; what is not known is left out. Never prompt text, never a key; the model is a
 * name from the closed set, and the request id was checked when it was taken. Thread-safe.
 */
@Singleton
public class ExchangeLog {
    private static final Logger LOG = Logger.getLogger("dev.foundrygateway.exchange");

    void write(ExchangeReport report, Labels labels, Optional<TraceContext> trace) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        Served served = report.served();
        Usage usage = report.tally().usage();
        StringBuilder line = new StringBuilder(320);
        line.append("id=").append(report.call().requestId());
        trace.ifPresent(one -> line.append(" trace=").append(one.traceId()));
        line.append(" operation=").append(labels.operation().metricName());
        line.append(" model=").append(labels.requestModel());
        line.append(" upstream=").append(labels.provider());
        if (!report.call().rule().isEmpty()) {
            line.append(" rule=").append(report.call().rule());
        }
        if (report.answered()) {
            line.append(" route=").append(labels.route());
        }
        if (!served.reason().isEmpty()) {
            line.append(" reason=").append(served.reason());
        }
        served.score().ifPresent(score -> line.append(" score=").append(Math.round(score * 1e4) / 1e4));
        if (report.status() > 0) {
            line.append(" status=").append(report.status());
        }
        line.append(" outcome=").append(labels.outcome().label());
        if (!labels.error().isEmpty()) {
            line.append(" error=").append(labels.error());
        }
        line.append(" stream=").append(labels.stream());
        append(line, " queue_ms=", served.timeline().queue());
        append(line, " prep_ms=", served.timeline().prep());
        append(line, " retrieval_ms=", served.timeline().retrieval());
        append(line, " hold_ms=", served.timeline().hold());
        append(line, " send_ms=", served.timeline().send());
        append(line, " first_token_ms=", report.firstToken());
        append(line, " total_ms=", OptionalLong.of(report.totalNanos()));
        if (usage.known()) {
            line.append(" input_tokens=").append(usage.promptTokens());
            line.append(" output_tokens=").append(usage.completionTokens());
        }
        LOG.info(line);
    }

    private static void append(StringBuilder line, String name, OptionalLong nanos) {
        if (nanos.isPresent()) {
            Millis.append(line.append(name), nanos.getAsLong());
        }
    }
}
