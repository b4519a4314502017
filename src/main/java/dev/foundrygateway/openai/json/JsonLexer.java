package dev.foundrygateway.openai.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** The tokens below {@link JsonCursor}: whitespace, strings, numbers and words in a byte array, and the error that sticks. */
abstract class JsonLexer {
    static final byte[] TRUE = "true".getBytes(UTF_8);
    static final byte[] FALSE = "false".getBytes(UTF_8);
    static final byte[] NULL = "null".getBytes(UTF_8);
    static final int END = -1;

    byte[] bytes = new byte[0];
    private int start;
    int position;
    int limit;

    /** Whether the string passed last had a backslash. */
    boolean escaped;

    private String problem = "";
    private int problemAt;

    JsonLexer() {}

    /** Starts over at the beginning of another text. */
    final void begin(byte[] array, int from, int to) {
        bytes = array;
        start = from;
        position = from;
        limit = to;
        problem = "";
    }

    /** Where it stands, an index into the array. */
    public final int position() {
        return position;
    }

    /** Whether no error was met so far. */
    final boolean ok() {
        return problem.isEmpty();
    }

    /** What the first error is and where, without quoting the text; empty if there is none. Offsets start at 0, lines and columns (in bytes) at 1. */
    public final String problem() {
        if (problem.isEmpty()) {
            return "";
        }
        int line = 1;
        int lineStart = start;
        for (int i = start; i < problemAt; i++) {
            if (bytes[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return problem + " at byte offset " + (problemAt - start) + " (line " + line + ", column "
                + (problemAt - lineStart + 1) + ")";
    }

    /** Skips whitespace; the byte then here, not passed, or {@link #END}. */
    final int token() {
        int p = position;
        while (p < limit) {
            byte c = bytes[p];
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                position = p;
                return c & 0xff;
            }
            p++;
        }
        position = p;
        return END;
    }

    /** Moves past the string that starts here. */
    final void skipString() {
        boolean backslash = false;
        int p = ByteSearch.stringStop(bytes, position + 1, limit);
        while (p < limit && bytes[p] == '\\') {
            int length = escapeLength(p);
            if (length == 0) {
                position = p;
                fail("bad escape in a string");
                return;
            }
            backslash = true;
            p = ByteSearch.stringStop(bytes, p + length, limit);
        }
        if (p >= limit) {
            fail("unterminated string");
        } else if (bytes[p] == '"') {
            position = p + 1;
            escaped = backslash;
        } else {
            position = p;
            fail("unescaped control character in a string");
        }
    }

    /** The length of the escape at p; zero if it is none. */
    private int escapeLength(int p) {
        if (p + 1 >= limit) {
            return 0;
        }
        return switch (bytes[p + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> 2;
            case 'u' -> hasFourDigits(p + 2) ? 6 : 0;
            default -> 0;
        };
    }

    private boolean hasFourDigits(int from) {
        for (int i = from; i < from + 4; i++) {
            if (i >= limit || Character.digit(bytes[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    final void skipWord(byte[] word) {
        int to = position + word.length;
        if (to > limit || !Arrays.equals(bytes, position, to, word, 0, word.length)) {
            fail("unknown word");
            return;
        }
        position = to;
    }

    final void skipNumber() {
        if (peek() == '-') {
            position++;
        }
        if (peek() == '0') {
            position++;
        } else if (!skipDigits()) {
            return;
        }
        if (peek() == '.') {
            position++;
            if (!skipDigits()) {
                return;
            }
        }
        if ((peek() | 0x20) == 'e') {
            position++;
            if (peek() == '+' || peek() == '-') {
                position++;
            }
            skipDigits();
        }
    }

    /** Skips one digit or more. */
    private boolean skipDigits() {
        int from = position;
        while (position < limit && bytes[position] >= '0' && bytes[position] <= '9') {
            position++;
        }
        return position > from || fail("expected a value");
    }

    private int peek() {
        return position < limit ? bytes[position] & 0xff : 0;
    }

    public final boolean fail(String what) {
        if (problem.isEmpty()) {
            problem = what;
            problemAt = position;
        }
        position = limit;
        return false;
    }
}
