package dev.foundrygateway.edge;

import dev.foundrygateway.openai.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Looks at the bytes of one HTTP/1 request head, before anything is made of them. A head that two readers could read in two ways is refused: where one of them
 * stands in front of the gateway, the second request that only the other one sees would pass its checks unseen.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112, 6.3</a>
 */
final class RequestHead {
    /**
     * Why a head is refused.
     *
     * @param code the error
     * @param message what is wrong with it
     */
    record Fault(ErrorCode code, String message) {}

    /** More digits than these can be no length. */
    private static final int LONGEST_NUMBER = 18;

    private static final int SHOWN = 40;

    private static final byte CONTROL = 1;
    private static final byte TOKEN = 2;
    /** What each byte may be: asked for every byte of every head. */
    private static final byte[] KIND = kinds();

    private final byte[] bytes;
    private boolean host;
    private boolean length;
    private boolean encoding;

    private RequestHead(byte[] bytes) {
        this.bytes = bytes;
    }

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        for (int c = 0; c < 256; c++) {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (c == 127 || (c < ' ' && c != '\t')) {
                kinds[c] = CONTROL;
            } else if (letter || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                kinds[c] = TOKEN;
            }
        }
        return kinds;
    }

    /**
     * Where the head ends, its empty line included; -1 if that has not come yet.
     *
     * @param from where it begins; empty lines before its first are overlooked, as the standard advises
     * @param to where the bytes end
     */
    static int end(ByteBuf bytes, int from, int to) {
        boolean begun = false;
        for (int line = from; line < to; ) {
            int feed = bytes.indexOf(line, to, (byte) '\n');
            if (feed < 0) {
                return -1;
            }
            boolean empty = feed == line || (feed == line + 1 && bytes.getByte(line) == '\r');
            if (empty && begun) {
                return feed + 1;
            }
            begun |= !empty;
            line = feed + 1;
        }
        return -1;
    }

    /** Why the head between these places, its empty line included, must not be read; empty if nothing speaks against it. */
    static Optional<Fault> fault(ByteBuf bytes, int from, int to) {
        // One copy: a look at each byte of a direct buffer costs many times a look into an array.
        return new RequestHead(ByteBufUtil.getBytes(bytes, from, to - from, true)).read();
    }

    private Optional<Fault> read() {
        boolean begun = false;
        for (int line = 0; line < bytes.length; ) {
            int feed = indexOf('\n', line, bytes.length);
            int end = feed - 1;
            if (end < line || bytes[end] != '\r') {
                return bad("a line of the head ends without a carriage return");
            }
            int control = control(line, end);
            if (control >= 0) {
                return bad("the head holds the control character " + bytes[control]);
            }
            if (end > line) {
                Optional<Fault> fault = begun ? header(line, end) : requestLine(line, end);
                if (fault.isPresent()) {
                    return fault;
                }
                begun = true;
            }
            line = feed + 1;
        }
        return length && encoding
                ? bad("the head has a Content-Length and a Transfer-Encoding; send one of them")
                : Optional.empty();
    }

    private Optional<Fault> requestLine(int from, int to) {
        int target = indexOf(' ', from, to);
        int version = target < 0 ? -1 : indexOf(' ', target + 1, to);
        if (target == from || version <= target + 1 || !isToken(from, target)) {
            return bad("the request line is not a method, a target and a version with one space between them");
        }
        String last = text(version + 1, to);
        return last.equals("HTTP/1.1") || last.equals("HTTP/1.0")
                ? Optional.empty()
                : bad("the request line ends with " + shown(last) + " where HTTP/1.1 is expected");
    }

    private Optional<Fault> header(int from, int to) {
        byte first = bytes[from];
        if (first == ' ' || first == '\t') {
            return bad("a header goes on in a second line; write it in one");
        }
        int colon = indexOf(':', from, to);
        if (colon <= from || !isToken(from, colon)) {
            return bad("the header line '" + shown(text(from, to))
                    + "' has no name that is letters, digits or signs with a colon right behind it");
        }
        return switch (colon - from) {
            case 4 -> is("host", from) ? host() : Optional.empty();
            case 14 -> is("content-length", from) ? length(text(colon + 1, to).strip()) : Optional.empty();
            case 17 ->
                is("transfer-encoding", from) ? encoding(text(colon + 1, to).strip()) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Optional<Fault> host() {
        boolean second = host;
        host = true;
        return second ? bad("the head has two Host headers") : Optional.empty();
    }

    private Optional<Fault> length(String value) {
        boolean second = length;
        length = true;
        if (second) {
            return bad("the head has two Content-Length headers");
        }
        boolean number = !value.isEmpty() && value.length() <= LONGEST_NUMBER && isNumber(value);
        return number ? Optional.empty() : bad("Content-Length is '" + shown(value) + "' and not one number");
    }

    private static boolean isNumber(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private Optional<Fault> encoding(String value) {
        boolean second = encoding;
        encoding = true;
        if (second) {
            return bad("the head has two Transfer-Encoding headers");
        }
        return value.equalsIgnoreCase("chunked")
                ? Optional.empty()
                : bad("Transfer-Encoding is '" + shown(value) + "' where only chunked is understood");
    }

    private int indexOf(char sought, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == sought) {
                return i;
            }
        }
        return -1;
    }

    /** The first control character but a tab; -1 if there is none. */
    private int control(int from, int to) {
        for (int i = from; i < to; i++) {
            if (KIND[bytes[i] & 0xff] == CONTROL) {
                return i;
            }
        }
        return -1;
    }

    private boolean isToken(int from, int to) {
        for (int i = from; i < to; i++) {
            if (KIND[bytes[i] & 0xff] != TOKEN) {
                return false;
            }
        }
        return true;
    }

    private boolean is(String lower, int from) {
        for (int i = 0; i < lower.length(); i++) {
            if ((bytes[from + i] | 0x20) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** The client's own text for a message: short, and nothing but visible characters. */
    private static String shown(String text) {
        String start = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
        return start.replaceAll("[^ -~]", "?");
    }

    private static Optional<Fault> bad(String message) {
        return Optional.of(new Fault(ErrorCode.INVALID_REQUEST, message));
    }
}
