package dev.foundrygateway.openai.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Searches that take eight bytes at a time. Subtracting n from a byte below n turns its high bit on; a byte equal to c is, xor-ed with c, one below 1.
 * Borrows disturb only the bytes above a hit, so the lowest hit is exact; bytes from 0x80 on, which have the bit already, are masked out.
 *
 * @see <a href="https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord">Bit Twiddling Hacks, "Determine if a word has a byte less than n"</a>
 */
public final class ByteSearch {
    /** How long the UTF-8 byte order mark is. */
    public static final int BOM_LENGTH = 3;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long SPACES = ' ' * ONES;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long LINE_FEEDS = '\n' * ONES;
    private static final long RETURNS = '\r' * ONES;

    private ByteSearch() {}

    /** Whether these bytes begin with the UTF-8 byte order mark. */
    public static boolean startsWithBom(byte[] array, int from, int to) {
        return to - from >= BOM_LENGTH
                && array[from] == (byte) 0xef
                && array[from + 1] == (byte) 0xbb
                && array[from + 2] == (byte) 0xbf;
    }

    /** The place of the first byte that a JSON string cannot hold as it is: a quote, a backslash, a control character; {@code to} if there is none. */
    static int stringStop(byte[] array, int from, int to) {
        int p = from;
        while (p <= to - Long.BYTES) {
            long x = (long) LONGS.get(array, p);
            long hits = (((x ^ QUOTES) - ONES) | ((x ^ BACKSLASHES) - ONES) | (x - SPACES)) & ~x & HIGHS;
            if (hits != 0) {
                return p + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
            p += Long.BYTES;
        }
        while (p < to && array[p] != '"' && array[p] != '\\' && (array[p] >= ' ' || array[p] < 0)) {
            p++;
        }
        return p;
    }

    /** The place of the first line feed or carriage return; {@code to} if there is none. */
    public static int lineEnd(byte[] array, int from, int to) {
        int p = from;
        while (p <= to - Long.BYTES) {
            long x = (long) LONGS.get(array, p);
            long hits = (((x ^ LINE_FEEDS) - ONES) | ((x ^ RETURNS) - ONES)) & ~x & HIGHS;
            if (hits != 0) {
                return p + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
            p += Long.BYTES;
        }
        while (p < to && array[p] != '\n' && array[p] != '\r') {
            p++;
        }
        return p;
    }
}
