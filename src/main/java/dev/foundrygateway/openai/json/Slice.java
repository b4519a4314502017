package dev.foundrygateway.openai.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** A run of bytes in an array that nobody changes. */
public final class Slice {
    /** No bytes. */
    public static final Slice EMPTY = new Slice(new byte[0], 0, 0);

    private final byte[] array;
    private final int from;
    private final int to;

    public Slice(byte[] array, int from, int to) {
        this.array = array;
        this.from = from;
        this.to = to;
    }

    public int length() {
        return to - from;
    }

    /** Copies its bytes to the target from that place on; the place behind them. */
    public int copyTo(byte[] target, int at) {
        System.arraycopy(array, from, target, at, length());
        return at + length();
    }

    /**
     * The 64-bit <a href="https://datatracker.ietf.org/doc/html/draft-eastlake-fnv">FNV-1a</a> hash of the bytes.
     *
     * @param before the hash of what stands before them
     */
    public long hash(long before) {
        long hash = before ^ 0xcbf29ce484222325L;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (array[i] & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    byte at(int index) {
        return array[from + index];
    }

    boolean has(char wanted) {
        for (int i = from; i < to; i++) {
            if (array[i] == wanted) {
                return true;
            }
        }
        return false;
    }

    /** The run between two places in the same array. */
    Slice within(int first, int end) {
        return new Slice(array, first, end);
    }

    /** Whether these bytes stand in it between one byte before and one behind. */
    boolean isQuoted(byte[] bytes) {
        return length() == bytes.length + 2 && Arrays.equals(array, from + 1, to - 1, bytes, 0, bytes.length);
    }

    void appendTo(Buffer out) {
        out.appendBytes(array, from, length());
    }

    public boolean is(byte[] bytes) {
        return Arrays.equals(array, from, to, bytes, 0, bytes.length);
    }

    /** Whether it begins as a JSON object does. */
    public boolean isObject() {
        return from < to && array[from] == '{';
    }

    /** As UTF-8 text. */
    public String text() {
        return new String(array, from, length(), UTF_8);
    }

    /** As a buffer over the same array. */
    public Buffer buffer() {
        return HeapBytes.buffer(array, from, to);
    }

    /** A new cursor at its beginning. */
    public JsonCursor cursor() {
        return new JsonCursor().reset(array, from, to);
    }
}
