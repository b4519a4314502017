package dev.foundrygateway.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The charset of bodies. */
class BodyTextTest {
    @Test
    void judgesAsTheJdkDoes() {
        Random random = new Random(7);
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(12)];
            for (int i = 0; i < bytes.length; i++) {
                int kind = random.nextInt(4);
                bytes[i] = (byte)
                        (kind == 0
                                ? random.nextInt(128)
                                : kind == 1 ? 0x80 + random.nextInt(64) : 0xc0 + random.nextInt(64));
            }
            assertEquals(decodes(bytes), passes(bytes));
        }
    }

    @Test
    void textOfEveryKindPasses() {
        for (String text :
                new String[] {"", "plain ascii, longer than eight", "Grüße", "日本語テキスト", "👩‍🚀 x", "\u0000"}) {
            byte[] bytes = text.getBytes(UTF_8);
            assertDoesNotThrow(() -> BodyText.check(bytes, 0, bytes.length));
        }
    }

    @Test
    void latinTextIsRefusedWithItsPlace() {
        byte[] bytes = "{\"a\":\"Gr\u00fc\u00dfe\"}".getBytes(ISO_8859_1);
        GatewayException failure = assertThrows(GatewayException.class, () -> BodyText.check(bytes, 0, bytes.length));
        assertTrue(String.valueOf(failure.getMessage()).contains("UTF-8 at its byte 8"), failure.getMessage());
    }

    @Test
    void charsetIsReadFromTheContentType() {
        assertEquals(Optional.empty(), BodyText.charset("application/json"));
        assertEquals(Optional.empty(), BodyText.charset("application/json; charset=UTF-8"));
        assertEquals(Optional.empty(), BodyText.charset("application/json;charset=utf8"));
        assertEquals(Optional.of(ISO_8859_1), BodyText.charset("application/json; Charset=\"iso-8859-1\""));
        assertThrows(GatewayException.class, () -> BodyText.charset("application/json; charset=klingon"));
    }

    @Test
    void otherCharsetsBecomeUtf8() {
        byte[] latin = "Köln".getBytes(ISO_8859_1);
        assertEquals("Köln", new String(BodyText.recoded(latin, latin.length, ISO_8859_1), UTF_8));
        byte[] wide = "Köln".getBytes(UTF_16LE);
        assertEquals("Köln", new String(BodyText.recoded(wide, wide.length, UTF_16LE), UTF_8));
        assertThrows(GatewayException.class, () -> BodyText.recoded(wide, wide.length - 1, UTF_16LE));
    }

    private static boolean decodes(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean passes(byte[] bytes) {
        try {
            BodyText.check(bytes, 0, bytes.length);
            return true;
        } catch (GatewayException e) {
            return false;
        }
    }
}
