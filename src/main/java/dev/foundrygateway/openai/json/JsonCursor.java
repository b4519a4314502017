package dev.foundrygateway.openai.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A forward-only walk over one JSON text in a byte array: the caller asks for the members it knows and skips the rest. It checks the whole grammar of
 * what it passes over but not that strings are well-formed UTF-8.
 *
 * <p>An error sticks: the cursor moves to the end, every question is answered "no", and {@link #ok} says so; thus callers need no checks in between.
 * Nothing here throws, and nothing but {@link #readString} and {@link #problem} allocates. Not thread-safe; may be reused.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
public final class JsonCursor {
    private static final byte[] TRUE = "true".getBytes(UTF_8);
    private static final byte[] FALSE = "false".getBytes(UTF_8);
    private static final byte[] NULL = "null".getBytes(UTF_8);
    private static final int END = -1;

    private byte[] bytes = new byte[0];
    private int start;
    private int position;
    private int limit;

    /** Whether the string passed last had a backslash. */
    private boolean escaped;

    private String problem = "";
    private int problemAt;

    /** How deep arrays and objects may nest. */
    static final int MAX_DEPTH = 512;

    private int depth;
    /** Whether the innermost array or object was entered and nothing of it read yet. */
    private boolean first;

    private int keyFrom;
    private int keyTo;
    private boolean keyEscaped;

    /** Starts over at the beginning of another text. */
    public JsonCursor reset(byte[] array, int from, int to) {
        bytes = array;
        start = from;
        position = from;
        limit = to;
        problem = "";
        depth = 0;
        first = false;
        return this;
    }

    /** Ends the text: whether nothing but whitespace is left and there was no error. */
    public boolean finish() {
        return token() == END ? ok() : fail("text after the end of the value");
    }

    /** Steps into the object that starts here; stays where it is if none does. */
    public boolean enterObject() {
        return enter('{');
    }

    /** Steps into the array that starts here; stays where it is if none does. */
    public boolean enterArray() {
        return enter('[');
    }

    /** Moves to the value of the object's next member; steps out and says no if there is none. The caller must move past each value. */
    public boolean nextMember() {
        int c = token();
        if (c == '}') {
            return leave();
        }
        if (!first) {
            if (c != ',') {
                return fail("expected a comma or the object's end");
            }
            position++;
            c = token();
        }
        first = false;
        if (c != '"') {
            return fail("expected a member's name in quotes");
        }
        keyFrom = position + 1;
        skipString();
        keyTo = position - 1;
        keyEscaped = escaped;
        if (token() != ':') {
            return fail("expected a colon");
        }
        position++;
        token();
        return true;
    }

    /** Moves to the array's next element; steps out and says no if there is none. The caller must move past each element. */
    public boolean nextElement() {
        int c = token();
        if (c == ']') {
            return leave();
        }
        if (!first) {
            if (c != ',') {
                return fail("expected a comma or the array's end");
            }
            position++;
            token();
        }
        first = false;
        return ok();
    }

    /** Whether the current member has this name, given in UTF-8. */
    public boolean keyIs(byte[] name) {
        if (keyEscaped) {
            return JsonString.decode(bytes, keyFrom, keyTo).equals(new String(name, UTF_8));
        }
        return keyTo - keyFrom == name.length && Arrays.equals(bytes, keyFrom, keyTo, name, 0, name.length);
    }

    /** Where the current member's name begins, its opening quote not counted. */
    public int keyFrom() {
        return keyFrom;
    }

    /** Where the current member's name ends, its closing quote not counted. */
    public int keyTo() {
        return keyTo;
    }

    /** Whether the value here is a string. */
    public boolean isString() {
        return token() == '"';
    }

    /** The first byte inside the string that starts here; its closing quote if it is empty, -1 if no string starts here. */
    public int firstInString() {
        return token() == '"' && position + 1 < limit ? bytes[position + 1] & 0xff : -1;
    }

    /** Whether the value here is {@code null}. */
    public boolean isNull() {
        return token() == 'n';
    }

    /** Moves past the value here; whether it is a string, an array or an object with something in it. */
    public boolean readFilled() {
        int c = token();
        if (c == '"') {
            int from = position;
            skipString();
            return position - from > 2;
        }
        boolean filled = false;
        if (c == '[' || c == '{') {
            int from = position++;
            int next = token();
            filled = next != ']' && next != '}';
            position = from;
        }
        skipValue();
        return filled;
    }

    /** Moves past the value here; whether it is a string with something in it. */
    public boolean readFilledString() {
        boolean string = isString();
        return readFilled() && string;
    }

    /** Moves past the value here; the number if it is a whole one, not negative and below 10^18, else -1. */
    public long readCount() {
        token();
        int from = position;
        skipValue();
        if (position == from || position - from > 18) {
            return -1;
        }
        long count = 0;
        for (int i = from; i < position; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            count = count * 10 + digit;
        }
        return count;
    }

    /** Moves past the value here and gives its bytes. */
    public Slice readSlice() {
        token();
        int from = position;
        skipValue();
        return new Slice(bytes, from, position);
    }

    /** Moves past the value here and gives its text; empty if it is no string. */
    public String readString() {
        if (token() != '"') {
            skipValue();
            return "";
        }
        int from = position + 1;
        skipString();
        return ok() ? JsonString.decode(bytes, from, position - 1) : "";
    }

    /** Moves past the value here, whatever it is. */
    public void skipValue() {
        int c = token();
        switch (c) {
            case '"' -> skipString();
            case '{' -> {
                enterObject();
                while (nextMember()) {
                    skipValue();
                }
            }
            case '[' -> {
                enterArray();
                while (nextElement()) {
                    skipValue();
                }
            }
            case 't' -> skipWord(TRUE);
            case 'f' -> skipWord(FALSE);
            case 'n' -> skipWord(NULL);
            case END -> fail("unexpected end");
            default -> skipNumber();
        }
    }

    private boolean enter(char open) {
        if (token() != open) {
            return false;
        }
        if (++depth > MAX_DEPTH) {
            return fail("nesting deeper than " + MAX_DEPTH + " levels");
        }
        position++;
        first = true;
        return true;
    }

    private boolean leave() {
        position++;
        depth--;
        first = false;
        return false;
    }

    /** Where it stands, an index into the array. */
    public int position() {
        return position;
    }

    /** Whether no error was met so far. */
    boolean ok() {
        return problem.isEmpty();
    }

    /** What the first error is and where, without quoting the text; empty if there is none. Offsets start at 0, lines and columns (in bytes) at 1. */
    public String problem() {
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
    private int token() {
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
    private void skipString() {
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

    private void skipWord(byte[] word) {
        int to = position + word.length;
        if (to > limit || !Arrays.equals(bytes, position, to, word, 0, word.length)) {
            fail("unknown word");
            return;
        }
        position = to;
    }

    private void skipNumber() {
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

    public boolean fail(String what) {
        if (problem.isEmpty()) {
            problem = what;
            problemAt = position;
        }
        position = limit;
        return false;
    }
}
