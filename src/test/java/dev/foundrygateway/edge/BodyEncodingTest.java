package dev.foundrygateway.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packed bodies: whole or refused. */
class BodyEncodingTest {
    private static final byte[] TEXT =
            "{\"model\":\"phi-4-mini\",\"input\":\"aaaaaaaaaaaaaaaaaaaaaa\"}".getBytes(UTF_8);
    private static final int LIMIT = 1 << 20;

    @Test
    void knownEncodingsAreUnpacked() throws IOException {
        assertArrayEquals(TEXT, unpacked(BodyEncoding.GZIP, gzip(TEXT)));
        assertArrayEquals(TEXT, unpacked(BodyEncoding.DEFLATE, deflate(TEXT, false)));
        assertArrayEquals(TEXT, unpacked(BodyEncoding.DEFLATE, deflate(TEXT, true)));
        assertArrayEquals(new byte[0], unpacked(BodyEncoding.GZIP, gzip(new byte[0])));
    }

    @Test
    void membersAreJoined() throws IOException {
        byte[] half = gzip(Arrays.copyOf(TEXT, 10));
        byte[] rest = gzip(Arrays.copyOfRange(TEXT, 10, TEXT.length));
        byte[] both = Arrays.copyOf(half, half.length + rest.length);
        System.arraycopy(rest, 0, both, half.length, rest.length);
        assertArrayEquals(TEXT, unpacked(BodyEncoding.GZIP, both));
    }

    @Test
    void everyCutIsRefused() throws IOException {
        for (BodyEncoding encoding : List.of(BodyEncoding.GZIP, BodyEncoding.DEFLATE)) {
            byte[] whole = encoding == BodyEncoding.GZIP ? gzip(TEXT) : deflate(TEXT, false);
            for (int cut = 0; cut < whole.length; cut++) {
                byte[] part = Arrays.copyOf(whole, cut);
                assertThrows(GatewayException.class, () -> unpacked(encoding, part), encoding + " cut at " + cut);
            }
            byte[] more = Arrays.copyOf(whole, whole.length + 1);
            assertThrows(GatewayException.class, () -> unpacked(encoding, more));
        }
    }

    @Test
    void whatIsNotPackedIsRefused() throws IOException {
        assertThrows(GatewayException.class, () -> unpacked(BodyEncoding.GZIP, TEXT));
        byte[] wrongSum = gzip(TEXT);
        wrongSum[wrongSum.length - 6] ^= 1;
        GatewayException failure = assertThrows(GatewayException.class, () -> unpacked(BodyEncoding.GZIP, wrongSum));
        assertEquals(ErrorCode.INVALID_REQUEST, failure.code());
        assertTrue(String.valueOf(failure.getMessage()).contains("Content-Encoding gzip"));
    }

    @Test
    void aBombIsTooLarge() throws IOException {
        byte[] bomb = gzip(new byte[LIMIT + 1]);
        assertEquals(
                ErrorCode.BODY_TOO_LARGE,
                assertThrows(GatewayException.class, () -> unpacked(BodyEncoding.GZIP, bomb))
                        .code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "snappy", "compress", "gzip, gzip", "identity, br", "x\u0007"})
    void otherEncodingsAreNamed(String name) {
        GatewayException failure = assertThrows(GatewayException.class, () -> BodyEncoding.of(List.of(name)));
        assertEquals(ErrorCode.UNSUPPORTED_MEDIA_TYPE, failure.code());
        assertTrue(String.valueOf(failure.getMessage()).contains(name.replace('\u0007', '?')));
    }

    private static byte[] unpacked(BodyEncoding encoding, byte[] packed) {
        BodyBytes to = new BodyBytes(LIMIT, new BodyMemory(64L * LIMIT).lease());
        encoding.unpack(packed, packed.length, to);
        return to.buffer().getBytes();
    }

    private static byte[] gzip(byte[] text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(text);
        }
        return packed.toByteArray();
    }

    private static byte[] deflate(byte[] text, boolean raw) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(9, raw);
        try (OutputStream out = new DeflaterOutputStream(packed, deflater)) {
            out.write(text);
        }
        deflater.end();
        return packed.toByteArray();
    }
}
