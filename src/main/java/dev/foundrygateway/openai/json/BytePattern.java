package dev.foundrygateway.openai.json;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * A byte sequence to search for, with Horspool's algorithm: as a rule it looks at one byte in as many as the pattern is long.
 *
 * @see <a href="https://doi.org/10.1002/spe.4380100608">Horspool, Practical fast searching in strings, 1980</a>
 */
public final class BytePattern {
    private final byte[] pattern;
    private final int[] shifts = new int[256];

    /**
     * A pattern.
     *
     * @param pattern at least one byte; not changed afterwards
     */
    public BytePattern(byte[] pattern) {
        this.pattern = pattern;
        Arrays.fill(shifts, pattern.length);
        for (int i = 0; i < pattern.length - 1; i++) {
            shifts[pattern[i] & 0xff] = pattern.length - 1 - i;
        }
    }

    public int length() {
        return pattern.length;
    }

    /** Whether it occurs in a buffer. */
    public boolean isIn(Buffer buffer) {
        ByteBuf view = HeapBytes.of(buffer);
        int from = HeapBytes.start(view);
        return endIn(view.array(), from, from + view.readableBytes()) >= 0;
    }

    /** Where its first occurrence in these bytes ends; -1 if there is none. */
    public int endIn(byte[] array, int from, int to) {
        int end = from + pattern.length;
        while (end <= to) {
            if (Arrays.equals(array, end - pattern.length, end, pattern, 0, pattern.length)) {
                return end;
            }
            end += shifts[array[end - 1] & 0xff];
        }
        return -1;
    }
}
