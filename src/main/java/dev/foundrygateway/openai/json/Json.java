package dev.foundrygateway.openai.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A JSON value that is edited in place and printed exactly: what nobody edited leaves as the bytes that came, so numbers keep their digits, members their order
 * and their doubles, strings their escapes. An object or array is taken apart only where it is asked for its parts. What is absent is {@link #isMissing}, and
 * so are its parts: a path is asked without checks in between. Not thread-safe.
 */
public final class Json {
    private static final Slice NULL = slice("null");

    private final Slice raw;
    private final byte open;
    private boolean changed;
    private List<Entry> entries = List.of();
    private boolean apart;

    /** A member of an object, or an element of an array, which has no name. */
    private record Entry(Slice name, Json value) {
        boolean named(String text, byte[] utf8) {
            // The name stands with its quotes.
            return name.isQuoted(utf8) || (name.has('\\') && name.cursor().readString().equals(text));
        }
    }

    private Json(Slice raw) {
        this.raw = raw;
        this.open = raw.length() == 0 ? 0 : raw.at(0);
    }

    /**
     * Reads a text.
     *
     * @return empty if the text is not exactly one JSON value
     */
    public static Optional<Json> parse(Slice text) {
        JsonCursor cursor = text.cursor();
        Slice value = cursor.readSlice();
        return cursor.finish() ? Optional.of(new Json(value)) : Optional.empty();
    }

    public static Optional<Json> parse(Buffer text) {
        ByteBuf view = HeapBytes.of(text);
        int from = HeapBytes.start(view);
        return parse(new Slice(view.array(), from, from + view.readableBytes()));
    }

    public static Optional<Json> parse(String text) {
        return parse(slice(text));
    }

    /** A text that is known to be JSON. */
    public static Json of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("no JSON value"));
    }

    public static Json object() {
        Json made = new Json(slice("{}"));
        made.changed = true;
        return made;
    }

    public static Json array() {
        Json made = new Json(slice("[]"));
        made.changed = true;
        return made;
    }

    public static Json text(String text) {
        return new Json(slice(JsonString.quote(text)));
    }

    public boolean isObject() {
        return open == '{';
    }

    public boolean isArray() {
        return open == '[';
    }

    public boolean isString() {
        return open == '"';
    }

    public boolean isNull() {
        return open == 'n';
    }

    public boolean isNumber() {
        return open == '-' || (open >= '0' && open <= '9');
    }

    /** Whether there is no value here at all. */
    public boolean isMissing() {
        return open == 0;
    }

    /** Whether it is an object or array with nothing in it, or neither. */
    public boolean isEmpty() {
        return size() == 0;
    }

    public int size() {
        return parts().size();
    }

    /** The member's value, the last one where a name comes twice; missing if there is none. */
    public Json get(String name) {
        if (isObject()) {
            byte[] utf8 = name.getBytes(UTF_8);
            List<Entry> all = parts();
            for (int i = all.size() - 1; i >= 0; i--) {
                if (all.get(i).named(name, utf8)) {
                    return all.get(i).value;
                }
            }
        }
        return missing();
    }

    /** The element at that place; missing if there is none. */
    public Json get(int index) {
        return isArray() && index >= 0 && index < size() ? parts().get(index).value : missing();
    }

    public boolean has(String name) {
        return !get(name).isMissing();
    }

    /** The elements of an array; empty for all else. */
    public List<Json> elements() {
        return isArray() ? parts().stream().map(Entry::value).toList() : List.of();
    }

    /** Gives each member of an object, in order, doubles included. */
    public void members(BiConsumer<String, Json> each) {
        if (isObject()) {
            for (Entry entry : List.copyOf(parts())) {
                each.accept(entry.name.cursor().readString(), entry.value);
            }
        }
    }

    /** The string's text; empty for all else. */
    public String text() {
        return isString() ? raw.cursor().readString() : "";
    }

    /** The number if it is a whole one, not negative and below 10^18, else the other. */
    public long count(long other) {
        long count = isNumber() ? raw.cursor().readCount() : -1;
        return count < 0 ? other : count;
    }

    /** The number as a double; NaN for all else. */
    public double number() {
        return isNumber() ? Double.parseDouble(raw.text()) : Double.NaN;
    }

    /** Sets a member where it stands, every time it does, or at the end. */
    public Json set(String name, Json value) {
        List<Entry> all = edited('{');
        byte[] utf8 = name.getBytes(UTF_8);
        boolean found = false;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).named(name, utf8)) {
                all.set(i, new Entry(all.get(i).name, value));
                found = true;
            }
        }
        if (!found) {
            all.add(new Entry(slice(JsonString.quote(name)), value));
        }
        return this;
    }

    public Json set(String name, String text) {
        return set(name, text(text));
    }

    public Json set(String name, long number) {
        return set(name, new Json(slice(Long.toString(number))));
    }

    public Json set(String name, boolean value) {
        return set(name, new Json(slice(Boolean.toString(value))));
    }

    public Json setNull(String name) {
        return set(name, new Json(NULL));
    }

    /** The object of that name, made if there is none. */
    public Json object(String name) {
        Json value = get(name);
        if (!value.isObject()) {
            value = object();
            set(name, value);
        }
        return value;
    }

    /** The array of that name, made if there is none. */
    public Json array(String name) {
        Json value = get(name);
        if (!value.isArray()) {
            value = array();
            set(name, value);
        }
        return value;
    }

    /** Takes members out, all of each name; whether there was one. */
    public boolean remove(String... names) {
        boolean removed = false;
        for (String name : names) {
            if (has(name)) {
                byte[] utf8 = name.getBytes(UTF_8);
                edited('{').removeIf(entry -> entry.named(name, utf8));
                removed = true;
            }
        }
        return removed;
    }

    /** Adds an element at the end, and gives it back. */
    public Json add(Json value) {
        return insert(size(), value);
    }

    /** Adds an element at that place, and gives it back. */
    public Json insert(int at, Json value) {
        edited('[').add(at, new Entry(Slice.EMPTY, value));
        return value;
    }

    /** The same value for itself: edits of one don't show in the other. */
    public Json copy() {
        Json copy = new Json(raw);
        if (isChanged()) {
            copy.changed = true;
            copy.apart = true;
            copy.entries = new ArrayList<>(entries.size());
            for (Entry entry : entries) {
                copy.entries.add(new Entry(entry.name, entry.value.copy()));
            }
        }
        return copy;
    }

    /** Whether it differs from what was read. */
    public boolean isChanged() {
        if (changed) {
            return true;
        }
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).value.isChanged()) {
                return true;
            }
        }
        return false;
    }

    /** Prints it without whitespace between its tokens, so on one line. */
    public Buffer compact() {
        byte[] bytes = buffer().getBytes();
        int length = 0;
        boolean string = false;
        for (int i = 0; i < bytes.length; i++) {
            byte c = bytes[i];
            if (string && c == '\\') {
                bytes[length++] = c;
                c = bytes[++i];
            } else if (c == '"') {
                string = !string;
            }
            if (string || c > ' ' || c < 0) {
                bytes[length++] = c;
            }
        }
        return HeapBytes.buffer(bytes, 0, length);
    }

    /** The same value with whole numbers written as such, {@code 1} for {@code 1.0}: for what Java's doubles have been printed to. */
    public Json withoutZeroFractions() {
        if (isNumber()) {
            String digits = raw.text();
            return digits.endsWith(".0") ? of(digits.substring(0, digits.length() - 2)) : this;
        }
        List<Entry> all = parts();
        for (int i = 0; i < all.size(); i++) {
            Json value = all.get(i).value.withoutZeroFractions();
            if (value != all.get(i).value) {
                changed = true;
                all.set(i, new Entry(all.get(i).name, value));
            }
        }
        return this;
    }

    public Buffer buffer() {
        Buffer out = Buffer.buffer(raw.length() + 64);
        print(out);
        return out;
    }

    @Override
    public String toString() {
        return isChanged() ? buffer().toString(UTF_8) : raw.text();
    }

    private void print(Buffer out) {
        if (!isChanged()) {
            raw.appendTo(out);
            return;
        }
        out.appendByte(open);
        for (int i = 0; i < entries.size(); i++) {
            if (i > 0) {
                out.appendByte((byte) ',');
            }
            if (isObject()) {
                entries.get(i).name.appendTo(out);
                out.appendByte((byte) ':');
            }
            entries.get(i).value.print(out);
        }
        out.appendByte((byte) (isObject() ? '}' : ']'));
    }

    private List<Entry> edited(char kind) {
        if (open != kind) {
            throw new IllegalStateException("not a JSON " + (kind == '{' ? "object" : "array"));
        }
        List<Entry> all = parts();
        changed = true;
        return all;
    }

    private List<Entry> parts() {
        if (!apart && (isObject() || isArray())) {
            apart = true;
            entries = new ArrayList<>();
            JsonCursor cursor = raw.cursor();
            if (cursor.enterObject()) {
                while (cursor.nextMember()) {
                    Slice name = raw.within(cursor.keyFrom() - 1, cursor.keyTo() + 1);
                    entries.add(new Entry(name, new Json(cursor.readSlice())));
                }
            } else if (cursor.enterArray()) {
                while (cursor.nextElement()) {
                    entries.add(new Entry(Slice.EMPTY, new Json(cursor.readSlice())));
                }
            }
        }
        return entries;
    }

    private static Json missing() {
        return new Json(Slice.EMPTY);
    }

    private static Slice slice(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        return new Slice(utf8, 0, utf8.length);
    }
}
