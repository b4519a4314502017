package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The path of a request's target: what must not stand in it, and how the parts of another are written. */
final class RequestPath {
    private static final String UNRESERVED = "-._~";
    private static final String IN_QUERY = UNRESERVED + "!$&'()*+,;=:@/?%[]";
    private static final int LONGEST_ID = 256;

    private RequestPath() {}

    /** Why no path or query can be read out of this target: another scheme, an escape that is none, or one in the path that hides a control character; empty if they can. */
    static Optional<GatewayException> fault(String target) {
        if (!target.startsWith("/")
                && target.contains("://")
                && !target.regionMatches(true, 0, "http://", 0, 7)
                && !target.regionMatches(true, 0, "https://", 0, 8)) {
            return Optional.of(wrong("the target of the request has a scheme other than http and https"));
        }
        int query = target.indexOf('?');
        int pathEnd = query < 0 ? target.length() : query;
        for (int i = target.indexOf('%'); i >= 0; i = target.indexOf('%', i + 1)) {
            int end = i < pathEnd ? pathEnd : target.length();
            int high = i + 2 < end ? Character.digit(target.charAt(i + 1), 16) : -1;
            int low = i + 2 < end ? Character.digit(target.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return Optional.of(wrong("the " + (i < pathEnd ? "path" : "query")
                        + " has a % that is not an escape; write %25 for a percent sign"));
            }
            int byteValue = high << 4 | low;
            if (i < pathEnd && (byteValue < ' ' || byteValue == 127)) {
                return Optional.of(wrong("the path holds the escape of a control character"));
            }
        }
        return Optional.empty();
    }

    /**
     * An id out of a path as it may go into another: one that stays in its place there.
     *
     * @param what the parameter's name, for the message
     * @throws GatewayException when it could leave its place
     */
    static String id(String decoded, String what) {
        boolean fit = !decoded.isEmpty()
                && decoded.length() <= LONGEST_ID
                && !decoded.equals(".")
                && !decoded.equals("..")
                && decoded.chars().allMatch(c -> c > ' ' && c < 127 && "/\\".indexOf(c) < 0);
        if (!fit) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST,
                    what + " in the path must be 1 to " + LONGEST_ID + " visible ASCII characters without a slash",
                    what);
        }
        return decoded;
    }

    /** A query with everything escaped that can't stand in one; what is escaped already stays. */
    static String query(String raw) {
        return escaped(raw, IN_QUERY);
    }

    private static String escaped(String text, String kept) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || (c < 128 && kept.indexOf(c) >= 0)) {
                out.append(c);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return out.toString();
    }

    private static GatewayException wrong(String message) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, message);
    }
}
