package dev.foundrygateway.access;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One name by which clients may call. Immutable.
 *
 * @param name in lower case; with a leading dot it stands for every name below it
 * @param port the port that must stand with it, such as {@code :5274}; empty for any port or none
 */
record HostName(String name, String port) {
    private static final Pattern FORM =
            Pattern.compile("(\\*\\.)?([a-z0-9_-]+(?:\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

    /**
     * Reads an entry of {@code gateway.access.hosts}.
     *
     * @throws IllegalArgumentException when it is none; the message says why
     */
    static HostName parse(String entry) {
        Matcher form = FORM.matcher(entry.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException("\"" + entry
                    + "\" is not a host name; write name, name:port, *.domain or [address], without scheme and path");
        }
        String port = form.group(3);
        return new HostName((form.group(1) == null ? "" : ".") + form.group(2), port == null ? "" : port);
    }

    /**
     * Whether a Host header carries this name. Allocates nothing.
     *
     * @param host the header
     * @param nameEnd where its name ends, a trailing dot left out
     * @param portStart where its port's colon stands, or its length
     */
    boolean matches(String host, int nameEnd, int portStart) {
        int from = nameEnd - name.length();
        return (name.charAt(0) == '.' ? areLabels(host, from) : from == 0)
                && host.regionMatches(true, from, name, 0, name.length())
                && (port.isEmpty()
                        || (host.length() - portStart == port.length()
                                && host.regionMatches(portStart, port, 0, port.length())));
    }

    /** Whether that much of the text can be a host name's first labels: no list of two, no user information. */
    private static boolean areLabels(String text, int length) {
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean label = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!label && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return length > 0;
    }
}
