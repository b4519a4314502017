package dev.foundrygateway.upstream.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.testing.Corpus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random chunked bodies, whole and broken, in random cuts. The seed is fixed: what fails once fails again. */
class ChunkDecoderFuzzTest {
    private static final int ROUNDS = 5_000;
    private static final String[] EXTENSIONS = {"", "", ";a", ";a=b", " ", "\t;q=\"x;y\""};
    private static final String[] ENDS = {"\r\n", "\r\n", "\n"};

    private final Random random = new Random(20_261_128);

    /** What a decoder made of a body. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Read(byte[] body, int stopped, ChunkDecoder decoder) {}

    private static Read read(byte[] raw, int... cuts) {
        ChunkDecoder decoder = new ChunkDecoder();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int stopped = 0;
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            byte[] part = Arrays.copyOfRange(raw, from, i == cuts.length ? raw.length : cuts[i]);
            from += part.length;
            body.write(part, 0, decoder.decode(part));
            stopped += decoder.stop();
        }
        return new Read(body.toByteArray(), stopped, decoder);
    }

    private int[] cuts(int length) {
        return random.ints(random.nextInt(6), 0, length + 1).sorted().toArray();
    }

    private byte[] chunked(byte[] body) {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        int from = 0;
        while (from < body.length) {
            int length = 1 + random.nextInt(body.length - from);
            String size = Integer.toHexString(length);
            String line = (random.nextBoolean() ? "0" : "")
                    + (random.nextBoolean() ? size : size.toUpperCase(Locale.ROOT))
                    + EXTENSIONS[random.nextInt(EXTENSIONS.length)]
                    + end();
            raw.writeBytes(line.getBytes(StandardCharsets.US_ASCII));
            raw.write(body, from, length);
            raw.writeBytes(end().getBytes(StandardCharsets.US_ASCII));
            from += length;
        }
        raw.writeBytes(("0" + end()).getBytes(StandardCharsets.US_ASCII));
        return raw.toByteArray();
    }

    private String end() {
        return ENDS[random.nextInt(ENDS.length)];
    }

    @Test
    void aBodyIsTheSameWhateverItsChunksAndCuts() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = new byte[random.nextInt(300)];
            random.nextBytes(body);
            byte[] raw = chunked(body);
            Read read = read(raw, cuts(raw.length));
            assertArrayEquals(body, read.body());
            assertTrue(read.decoder().atTrailers());
            assertEquals(raw.length, read.stopped());
        }
    }

    @Test
    void brokenBytesAreReadTheSameInEveryCutAndNeverPastTheirEnd() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = new byte[random.nextInt(60)];
            random.nextBytes(body);
            byte[] raw = chunked(body);
            for (int i = random.nextInt(3); i >= 0; i--) {
                raw[random.nextInt(raw.length)] = (byte) "0Ff;\r\n -gx".charAt(random.nextInt(10));
            }
            sameInEveryCut(raw);
        }
    }

    @Test
    void everyKeptBodyIsReadTheSameInEveryCut() {
        Corpus.of("chunks").values().forEach(raw -> {
            for (int i = 0; i < 20; i++) {
                sameInEveryCut(raw);
            }
        });
    }

    private void sameInEveryCut(byte[] raw) {
        Read whole = read(raw);
        Read cut = read(raw, cuts(raw.length));
        assertArrayEquals(whole.body(), cut.body());
        assertEquals(whole.stopped(), cut.stopped());
        assertEquals(whole.decoder().malformed(), cut.decoder().malformed());
        assertEquals(whole.decoder().atTrailers(), cut.decoder().atTrailers());
        assertTrue(whole.body().length <= raw.length);
        assertFalse(whole.decoder().malformed() && whole.decoder().atTrailers());
    }
}
