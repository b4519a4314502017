package dev.foundrygateway.access;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A serialized origin, taken apart. Immutable.
 *
 * @param scheme in lower case
 * @param host in lower case; an IPv6 address in its brackets
 * @param port the explicit one, else the scheme's; zero for a scheme without a default port
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6454#section-6.2">RFC 6454, 6.2</a>
 */
record WebOrigin(String scheme, String host, int port) {
    /** No browser sends a longer one: a host name has at most 253 characters. */
    private static final int LONGEST = 300;

    private static final Pattern FORM =
            Pattern.compile("([a-z][a-z0-9+.-]*)://([a-z0-9._-]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?");

    /** Reads an origin; empty for whatever is none, such as a list of two, or one with user information or a path. */
    static Optional<WebOrigin> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            return Optional.empty();
        }
        String scheme = form.group(1);
        String port = form.group(3);
        return Optional.of(
                new WebOrigin(scheme, form.group(2), port == null ? defaultPort(scheme) : Integer.parseInt(port)));
    }

    /** The port that an origin of this scheme leaves out; zero if the scheme has none. */
    static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> 0;
        };
    }

    /** Whether this is a page of the web, not of an extension or an application. */
    boolean web() {
        return scheme.equals("http") || scheme.equals("https");
    }

    /** Whether a page of this origin was served under that Host: the same name, and the same port once the scheme's default is put in. */
    boolean servedBy(String hostHeader) {
        if (!web() || !hostHeader.regionMatches(true, 0, host, 0, host.length())) {
            return false;
        }
        String rest = hostHeader.substring(host.length());
        return rest.isEmpty() ? port == defaultPort(scheme) : rest.equals(":" + port);
    }
}
