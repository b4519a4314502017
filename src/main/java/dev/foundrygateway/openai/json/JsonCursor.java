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
public final class JsonCursor extends JsonLexer {
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
        begin(array, from, to);
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

    /** Whether the value here is {@code null}. */
    public boolean isNull() {
        return token() == 'n';
    }

    /** Moves past the value here; whether it is {@code true}. */
    boolean readTrue() {
        boolean is = token() == 't';
        skipValue();
        return is && ok();
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
}
