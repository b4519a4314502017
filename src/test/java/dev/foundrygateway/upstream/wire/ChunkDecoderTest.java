package dev.foundrygateway.upstream.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkDecoderTest {
    private static final String BODY = "5\r\nhello\r\nB;name=\"value\"\r\n, wide wor\n\r\n2 \nld\n00\r\n";
    private static final String TRAILERS = "x-trailer: 1\r\n\r\n";

    @Test
    void everyCutGivesTheSameBody() {
        String whole = BODY + TRAILERS;
        for (int first = 0; first <= whole.length(); first++) {
            for (int second = first; second <= whole.length(); second++) {
                ChunkDecoder decoder = new ChunkDecoder();
                StringBuilder body = new StringBuilder();
                int stopped = 0;
                for (String part :
                        new String[] {whole.substring(0, first), whole.substring(first, second), whole.substring(second)
                        }) {
                    byte[] raw = part.getBytes(US_ASCII);
                    body.append(new String(raw, 0, decoder.decode(raw), US_ASCII));
                    stopped += decoder.stop();
                }
                assertEquals("hello, wide wor\nld", body.toString());
                assertTrue(decoder.atTrailers());
                assertEquals(BODY.length(), stopped, "all but the trailers is read");
            }
        }
    }

    @Test
    void itStandsBetweenChunksBeforeASizeOnly() {
        String chunk = "3\r\nabc\r\n";
        for (int cut = 0; cut < chunk.length(); cut++) {
            ChunkDecoder decoder = new ChunkDecoder();
            decoder.decode(chunk.substring(0, cut).getBytes(US_ASCII));
            assertEquals(cut == 0, decoder.between(), () -> "at " + chunk);
        }
        ChunkDecoder decoder = new ChunkDecoder();
        decoder.decode(chunk.getBytes(US_ASCII));
        assertTrue(decoder.between());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "x\r\n",
                "-1\r\n",
                "3\rx",
                "3x\r\n",
                "3\r\nabcd",
                "3\r\nabc\rx",
                "123456789\r\n",
                "HTTP/1.1 200 OK\r\n"
            })
    void whatIsNoChunkIsMalformed(String broken) {
        ChunkDecoder decoder = new ChunkDecoder();
        decoder.decode(broken.getBytes(US_ASCII));
        assertTrue(decoder.malformed());
        assertFalse(decoder.between());
        assertEquals(0, decoder.decode("3\r\nabc\r\n".getBytes(US_ASCII)), "nothing more is read");
    }

    @Test
    void anEndlessExtensionIsMalformed() {
        byte[] extension = new byte[5_000];
        Arrays.fill(extension, (byte) 'x');
        extension[0] = '1';
        extension[1] = ';';
        ChunkDecoder decoder = new ChunkDecoder();
        decoder.decode(extension);
        assertTrue(decoder.malformed());
    }

    @Test
    void whatCameBeforeTheFaultIsThere() {
        byte[] raw = "3\r\nabc\r\n4\r\nde".getBytes(US_ASCII);
        ChunkDecoder decoder = new ChunkDecoder();
        assertEquals(5, decoder.decode(raw));
        assertEquals("abcde", new String(raw, 0, 5, US_ASCII));
        byte[] rest = "fg!".getBytes(US_ASCII);
        assertEquals(2, decoder.decode(rest));
        assertTrue(decoder.malformed());
    }
}
