package dev.foundrygateway.access;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code gateway.access.origins} that is an origin with or without wildcards. Immutable.
 *
 * @param scheme in lower case
 * @param host what the host must look like
 * @param port the port, or {@link #ANY_PORT}
 */
record OriginPattern(String scheme, Pattern host, int port) {
    private static final int ANY_PORT = -1;

    private static final Pattern FORM =
            Pattern.compile("([a-z][a-z0-9+.-]*)://([a-z0-9._*-]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}|\\*))?");

    /**
     * Reads an entry. A {@code *} at the host's start stands for one or more labels and must be followed by a dot; as the whole host, for every host;
     * elsewhere it stands for characters of one label.
     *
     * @throws IllegalArgumentException when it is no such entry; the message says why
     */
    static OriginPattern compile(String entry) {
        Matcher form = FORM.matcher(entry.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "\"" + entry
                            + "\" is not an origin; write scheme://host or scheme://host:port, without a path or a trailing slash");
        }
        String host = form.group(2);
        if (host.startsWith("*") && host.length() > 1 && !host.startsWith("*.")) {
            // "*example.com" would let evilexample.com in.
            throw new IllegalArgumentException("\"" + entry
                    + "\": a * at the start of the host must be followed by a dot, as in https://*.example.com");
        }
        String port = form.group(3);
        return new OriginPattern(form.group(1), hostPattern(host), port(port, form.group(1)));
    }

    private static int port(@Nullable String port, String scheme) {
        if (port == null) {
            return WebOrigin.defaultPort(scheme);
        }
        return port.equals("*") ? ANY_PORT : Integer.parseInt(port);
    }

    private static Pattern hostPattern(String host) {
        if (host.equals("*")) {
            return Pattern.compile(".+");
        }
        StringBuilder pattern = new StringBuilder();
        String rest = host;
        if (host.startsWith("*.")) {
            pattern.append("[a-z0-9._-]+\\.");
            rest = host.substring(2);
        }
        // Between the quotes everything is literal; each star ends the quote, matches within a label, and begins the
        // next.
        pattern.append("\\Q").append(rest.replace("*", "\\E[a-z0-9_-]+\\Q")).append("\\E");
        return Pattern.compile(pattern.toString());
    }

    /** Whether the origin is one of those that the entry means. */
    boolean matches(WebOrigin origin) {
        return scheme.equals(origin.scheme())
                && (port == ANY_PORT || port == origin.port())
                && host.matcher(origin.host()).matches();
    }
}
