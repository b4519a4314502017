package dev.foundrygateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.foundrygateway.openai.json.JsonString;
import dev.foundrygateway.openai.json.Slice;
import java.util.Arrays;

/** A member of a request's top level: its name with what stands around it, and its value, which may come from elsewhere. Immutable. */
final class RequestMember {
    private final byte[] array;
    private final int separator;
    private final int key;
    private final int keyEnd;
    private final int valueAt;
    private final Slice value;

    /**
     * A member.
     *
     * @param array holds the places that follow
     * @param separator where the text between the member before and this one begins
     * @param key where the name's opening quote stands
     * @param keyEnd one past the name's closing quote
     * @param valueAt where the value began: one past the colon and its whitespace
     * @param value the value
     */
    RequestMember(byte[] array, int separator, int key, int keyEnd, int valueAt, Slice value) {
        this.array = array;
        this.separator = separator;
        this.key = key;
        this.keyEnd = keyEnd;
        this.valueAt = valueAt;
        this.value = value;
    }

    /** A new member, to stand behind others. */
    static RequestMember of(String name, Slice value) {
        byte[] array = ("," + JsonString.quote(name) + ":").getBytes(UTF_8);
        return new RequestMember(array, 0, 1, array.length - 1, array.length, value);
    }

    /** The same member with another value. */
    RequestMember with(Slice other) {
        return new RequestMember(array, separator, key, keyEnd, valueAt, other);
    }

    /** Where the name's opening quote stands. */
    int key() {
        return key;
    }

    Slice value() {
        return value;
    }

    /** Whether it has this name, given in UTF-8; the name may be written with escapes. */
    boolean named(byte[] name) {
        int from = key + 1;
        int to = keyEnd - 1;
        if (Arrays.equals(array, from, to, name, 0, name.length)) {
            return true;
        }
        for (int i = from; i < to; i++) {
            if (array[i] == '\\') {
                return JsonString.decode(array, from, to).equals(new String(name, UTF_8));
            }
        }
        return false;
    }

    /** The name, its escapes resolved. */
    String name() {
        return JsonString.decode(array, key + 1, keyEnd - 1);
    }

    /** How many bytes {@link #copyTo} writes. */
    int length(boolean first) {
        return valueAt - (first ? key : separator) + value.length();
    }

    /** Writes it, with the separator before it unless it is the first; the place behind it. */
    int copyTo(byte[] target, int at, boolean first) {
        int from = first ? key : separator;
        System.arraycopy(array, from, target, at, valueAt - from);
        return value.copyTo(target, at + valueAt - from);
    }
}
