package dev.foundrygateway.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which origin is trusted how far. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6454#section-6.2">RFC 6454, 6.2: the serialization of an origin</a>
 */
public final class OriginRules {
    private static final Pattern LOCAL = Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");
    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/\\s@,]+");
    private static final Pattern SETTING =
            Pattern.compile("[a-z][a-z0-9+.-]*://(\\[[0-9a-f:]+]|[a-z0-9*.-]+)(:(\\d{1,5}|\\*))?");

    private final List<Pattern> configured = new ArrayList<>();
    private final boolean everyone;

    /**
     * Rules.
     *
     * @param origins the setting {@code gateway.access.origins}
     * @throws IllegalArgumentException when one of them is no origin; the message names the setting
     */
    public OriginRules(List<String> origins) {
        everyone = origins.contains("*");
        for (String origin : origins) {
            String value = origin.strip().toLowerCase(Locale.ROOT);
            if (value.equals("*")) {
                continue;
            }
            if (!SETTING.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        "gateway.access.origins: " + origin
                                + " is no origin; write scheme://host or scheme://host:port, with * in the host or as the port");
            }
            configured.add(Pattern.compile(expression(value)));
        }
    }

    /** A star stands for any part of a host name, and for any port or none. */
    private static String expression(String origin) {
        String open = origin.endsWith(":*") ? origin.substring(0, origin.length() - 2) : origin;
        String quoted = Pattern.quote(open).replace("*", "\\E[a-z0-9.-]+\\Q");
        return open.equals(origin) ? quoted : quoted + "(:\\d{1,5})?";
    }

    /** Whether a lone {@code *} is configured. */
    public boolean everyone() {
        return everyone;
    }

    /**
     * How far an origin is trusted.
     *
     * @param origin the Origin header, empty if there is none
     * @param host the Host header, which has passed its own check
     * @param tls whether the request came over TLS
     */
    public Trust trust(String origin, String host, boolean tls) {
        if (origin.isEmpty()) {
            return Trust.NO_PAGE;
        }
        if (origin.equals("null")) {
            return Trust.OPAQUE;
        }
        String value = origin.toLowerCase(Locale.ROOT);
        if (!ORIGIN.matcher(value).matches()) {
            return Trust.DENIED;
        }
        if (value.equals((tls ? "https://" : "http://") + host.toLowerCase(Locale.ROOT))) {
            return Trust.SAME_ORIGIN;
        }
        if (everyone) {
            return Trust.CONFIGURED;
        }
        for (Pattern pattern : configured) {
            if (pattern.matcher(value).matches()) {
                return Trust.CONFIGURED;
            }
        }
        return LOCAL.matcher(value).matches() ? Trust.LOCAL : Trust.DENIED;
    }
}
