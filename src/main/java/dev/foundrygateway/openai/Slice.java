package dev.foundrygateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** A run of bytes in an array that nobody changes. */
final class Slice {
    /** No bytes. */
    static final Slice EMPTY = new Slice(new byte[0], 0, 0);

    private final byte[] array;
    private final int from;
    private final int to;

    Slice(byte[] array, int from, int to) {
        this.array = array;
        this.from = from;
        this.to = to;
    }

    int length() {
        return to - from;
    }

    /** Copies its bytes to the target from that place on; the place behind them. */
    int copyTo(byte[] target, int at) {
        System.arraycopy(array, from, target, at, length());
        return at + length();
    }

    boolean is(byte[] bytes) {
        return Arrays.equals(array, from, to, bytes, 0, bytes.length);
    }

    /** Whether it begins as a JSON object does. */
    boolean isObject() {
        return from < to && array[from] == '{';
    }

    /** As UTF-8 text. */
    String text() {
        return new String(array, from, length(), UTF_8);
    }

    /** As a buffer over the same array. */
    Buffer buffer() {
        return HeapBytes.buffer(array, from, to);
    }

    /** A new cursor at its beginning. */
    JsonCursor cursor() {
        return new JsonCursor().reset(array, from, to);
    }
}
