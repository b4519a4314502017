package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * How a body is packed. It is unpacked to its very end, and its check sum is compared: half a body is none.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
enum BodyEncoding {
    IDENTITY,
    GZIP,
    DEFLATE;

    private static final int PIECE = 16_384;
    private static final int GZIP_HEAD = 10;
    private static final int GZIP_TAIL = 8;

    /**
     * The encoding that these headers name.
     *
     * @param headers all values of Content-Encoding
     * @throws GatewayException for one that is not understood
     */
    static BodyEncoding of(List<String> headers) {
        String named = headers.stream().map(String::strip).collect(Collectors.joining(", "));
        return switch (named.toLowerCase(Locale.ROOT)) {
            case "", "identity" -> IDENTITY;
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            default ->
                throw new GatewayException(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "the Content-Encoding "
                                + (named.length() > 40 ? named.substring(0, 40) : named).replaceAll("[^ -~]", "?")
                                + " is not understood; send the body plain, or packed by gzip or deflate");
        };
    }

    /**
     * Unpacks a body.
     *
     * @param to gets what was in it
     * @throws GatewayException when it is broken, or more than may be
     */
    void unpack(byte[] packed, int length, BodyBytes to) {
        Inflater inflater = new Inflater(this == GZIP || !hasZlibHead(packed, length));
        try {
            int end = this == GZIP
                    ? members(inflater, packed, length, to)
                    : stream(inflater, packed, 0, length, to, new CRC32());
            if (end != length) {
                throw broken(this == GZIP ? "gzip" : "deflate");
            }
        } catch (DataFormatException | IndexOutOfBoundsException e) {
            throw broken(this == GZIP ? "gzip" : "deflate");
        } finally {
            inflater.end();
        }
    }

    private static GatewayException broken(String named) {
        return new GatewayException(
                ErrorCode.INVALID_REQUEST,
                "the body cannot be unpacked as its Content-Encoding " + named
                        + " says: it is damaged, cut or something else");
    }

    /** Some call it deflate and send it without the head that belongs to it. */
    private static boolean hasZlibHead(byte[] packed, int length) {
        return length >= 2 && (packed[0] & 0x0f) == 8 && (((packed[0] & 0xff) << 8) | (packed[1] & 0xff)) % 31 == 0;
    }

    private static int members(Inflater inflater, byte[] packed, int length, BodyBytes to) throws DataFormatException {
        int at = 0;
        do {
            CRC32 sum = new CRC32();
            int data = afterHead(packed, at, length);
            inflater.reset();
            at = stream(inflater, packed, data, length, to, sum);
            if (at + GZIP_TAIL > length
                    || little(packed, at) != sum.getValue()
                    || little(packed, at + 4) != (inflater.getBytesWritten() & 0xffffffffL)) {
                throw new DataFormatException();
            }
            at += GZIP_TAIL;
        } while (at < length);
        return at;
    }

    private static int afterHead(byte[] packed, int from, int length) throws DataFormatException {
        if (from + GZIP_HEAD > length
                || packed[from] != 0x1f
                || packed[from + 1] != (byte) 0x8b
                || packed[from + 2] != 8
                || (packed[from + 3] & 0xe0) != 0) {
            throw new DataFormatException();
        }
        int flags = packed[from + 3];
        int at = from + GZIP_HEAD;
        if ((flags & 4) != 0) {
            at += 2 + ((packed[at] & 0xff) | (packed[at + 1] & 0xff) << 8);
        }
        // The file's name and a comment, each up to a zero.
        for (int text = Integer.bitCount(flags & 0x18); text > 0; text--) {
            while (packed[at] != 0) {
                at++;
            }
            at++;
        }
        return at + ((flags & 2) != 0 ? 2 : 0);
    }

    private static int stream(Inflater inflater, byte[] packed, int from, int length, BodyBytes to, CRC32 sum)
            throws DataFormatException {
        if (from > length) {
            throw new DataFormatException();
        }
        inflater.setInput(packed, from, length - from);
        byte[] piece = new byte[PIECE];
        while (!inflater.finished()) {
            int count = inflater.inflate(piece);
            if (count == 0 && !inflater.finished()) {
                // It wants more where there is no more, or a dictionary that nobody has.
                throw new DataFormatException();
            }
            sum.update(piece, 0, count);
            to.add(piece, 0, count);
        }
        return length - inflater.getRemaining();
    }

    private static long little(byte[] packed, int at) {
        return (packed[at] & 0xffL)
                | (packed[at + 1] & 0xffL) << 8
                | (packed[at + 2] & 0xffL) << 16
                | (packed[at + 3] & 0xffL) << 24;
    }
}
