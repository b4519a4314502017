package dev.foundrygateway.exchange;

import io.vertx.core.MultiMap;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The trace that a call belongs to, as its {@code traceparent} header tells. The header travels to the model server as it is.
 *
 * @param traceId 32 hexadecimal digits, not all zero
 * @param spanId 16 hexadecimal digits, not all zero
 * @param sampled whether its spans are kept
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context, traceparent</a>
 */
public record TraceContext(String traceId, String spanId, boolean sampled) {
    public static final String HEADER = "traceparent";

    private static final Pattern FORM = Pattern.compile(
            "(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]([0-9a-f])(?:-.*)?");

    /** The trace that these headers name; empty if they name none, or not in the standard's form. */
    public static Optional<TraceContext> of(MultiMap headers) {
        String header = headers.get(HEADER);
        if (header == null) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(header);
        return matcher.matches()
                ? Optional.of(new TraceContext(
                        matcher.group(1),
                        matcher.group(2),
                        (Character.digit(matcher.group(3).charAt(0), 16) & 1) == 1))
                : Optional.empty();
    }

    /** As the header's value. */
    public String header() {
        return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
    }
}
