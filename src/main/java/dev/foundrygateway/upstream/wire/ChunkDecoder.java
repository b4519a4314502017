package dev.foundrygateway.upstream.wire;

/**
 * Takes the chunked framing off a body, in place: fed arrays that are cut anywhere, it moves what the chunks hold to their front. Chunk extensions are
 * skipped; a bare line feed ends a line as CRLF does. Not thread-safe; one for a body.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, 7.1</a>
 */
final class ChunkDecoder {
    private enum Expects {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        /** Nothing: the size line of the last chunk has been read. */
        TRAILERS,
        /** Nothing: what came is no chunk. */
        MALFORMED
    }

    private static final int MOST_DIGITS = 8;
    private static final int LONGEST_EXTENSION = 4096;

    private Expects expects = Expects.SIZE;
    private int digits;
    private int extension;
    private long left;
    private int stop;

    /**
     * Reads on.
     *
     * @param raw the next bytes, from index 0 to its end; overwritten
     * @return how many bytes of the body stand at the array's front now
     */
    int decode(byte[] raw) {
        int kept = 0;
        int at = 0;
        while (at < raw.length && expects != Expects.TRAILERS && expects != Expects.MALFORMED) {
            if (expects == Expects.DATA) {
                int part = (int) Math.min(left, raw.length - at);
                System.arraycopy(raw, at, raw, kept, part);
                kept += part;
                at += part;
                left -= part;
                if (left == 0) {
                    expects = Expects.DATA_CR;
                }
            } else {
                expects = framing(raw[at++]);
            }
        }
        stop = at;
        return kept;
    }

    private Expects framing(byte next) {
        return switch (expects) {
            case SIZE -> size(next);
            case EXTENSION ->
                next == '\n' ? sized() : ++extension > LONGEST_EXTENSION ? Expects.MALFORMED : Expects.EXTENSION;
            case SIZE_LF -> next == '\n' ? sized() : Expects.MALFORMED;
            case DATA_CR -> next == '\r' ? Expects.DATA_LF : next == '\n' ? Expects.SIZE : Expects.MALFORMED;
            case DATA_LF -> next == '\n' ? Expects.SIZE : Expects.MALFORMED;
            case DATA, TRAILERS, MALFORMED -> expects;
        };
    }

    private Expects size(byte next) {
        int digit = Character.digit(next, 16);
        if (digit >= 0 && digits < MOST_DIGITS) {
            left = left << 4 | digit;
            digits++;
            return Expects.SIZE;
        }
        if (digit >= 0 || digits == 0) {
            return Expects.MALFORMED;
        }
        return switch (next) {
            case '\r' -> Expects.SIZE_LF;
            case '\n' -> sized();
            case ';', ' ', '\t' -> Expects.EXTENSION;
            default -> Expects.MALFORMED;
        };
    }

    private Expects sized() {
        digits = 0;
        extension = 0;
        return left == 0 ? Expects.TRAILERS : Expects.DATA;
    }

    /** Where the last reading stopped: behind the last byte, or behind the size line of the last chunk. */
    int stop() {
        return stop;
    }

    /** Whether it stands between two chunks, or before the first. */
    boolean between() {
        return expects == Expects.SIZE && digits == 0;
    }

    /** Whether the last chunk has begun: what follows are trailers and the blank line. */
    boolean atTrailers() {
        return expects == Expects.TRAILERS;
    }

    /** Whether what came is no chunked body. */
    boolean malformed() {
        return expects == Expects.MALFORMED;
    }
}
