package dev.foundrygateway.retrieval.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which characters bytes stand for. */
class PlainTextTest {
    @ParameterizedTest
    @CsvSource({
        "UTF-8, The tower",
        "UTF-8, \u8bf7\u5047\u7533\u8bf7",
        "UTF-16, The tower",
        "UTF-16LE, The tower is high",
        "UTF-16BE, The tower is high",
        "windows-1252, Die T\u00fcrme sind h\u00f6her als das Haus",
        "GBK, \u8bf7\u5047\u7533\u8bf7\u7531\u90e8\u95e8\u7ecf\u7406\u7b7e\u5b57\u3002\u62a5\u9500\u9700\u8981\u63d0\u4f9b\u53d1\u7968\u539f\u4ef6\u3002",
        "Shift_JIS, \u4f11\u6687\u306e\u7533\u8acb\u306f\u8ab2\u9577\u304c\u7f72\u540d\u3057\u307e\u3059\u3002"
    })
    void textIsReadInItsOwn(String charset, String text) throws UnreadableFileException {
        assertEquals(text, PlainText.of(text.getBytes(Charset.forName(charset))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"windows-1251", "KOI8-R", "ISO-8859-7"})
    void whatCannotBeToldIsRefusedWithAReason(String charset) {
        String text = charset.equals("ISO-8859-7")
                ? "\u03a4\u03bf \u03c3\u03c0\u03af\u03c4\u03b9 \u03b5\u03af\u03bd\u03b1\u03b9 \u03bc\u03b5\u03b3\u03ac\u03bb\u03bf"
                : "\u0417\u0430\u044f\u0432\u043b\u0435\u043d\u0438\u0435 \u043f\u043e\u0434\u043f\u0438\u0441\u044b\u0432\u0430\u0435\u0442 \u043d\u0430\u0447\u0430\u043b\u044c\u043d\u0438\u043a \u043e\u0442\u0434\u0435\u043b\u0430";
        UnreadableFileException refusal = assertThrows(
                UnreadableFileException.class, () -> PlainText.of(text.getBytes(Charset.forName(charset))));
        assertTrue(String.valueOf(refusal.getMessage()).contains("UTF-8"), refusal.getMessage());
    }

    @Test
    void garbageIsRefused() {
        byte[] garbage = new byte[100_000];
        new Random(7).nextBytes(garbage);
        assertThrows(UnreadableFileException.class, () -> PlainText.of(garbage));
    }
}
