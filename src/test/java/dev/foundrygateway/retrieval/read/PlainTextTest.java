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
        "EUC-KR, \ub3c4\uc11c\uad00\uc5d0\uc11c \ucc45\uc744 \ub450 \uad8c \ube4c\ub838\ub2e4. \ubc18\ub0a9\uc740 \uae08\uc694\uc77c\uae4c\uc9c0\ub2e4.",
        "GBK, 'def f(x): return x + 1; print(f(2), f(3), f(4), f(5)) # \u8bf7\u5047\u7533\u8bf7\u7531\u90e8\u95e8\u7ecf\u7406\u7b7e\u5b57'",
        "Shift_JIS, \u4f11\u6687\u306e\u7533\u8acb\u306f\u8ab2\u9577\u304c\u7f72\u540d\u3057\u307e\u3059\u3002"
    })
    void textIsReadInItsOwn(String charset, String text) throws UnreadableFileException {
        assertEquals(text, PlainText.of(text.getBytes(Charset.forName(charset))));
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1252, \u2014\u00bfQu\u00e9 hora es? \u2014pregunt\u00f3 ella. \u2014\u00bfPor qu\u00e9 lo dice usted? \u2014\u00a1\u00bfC\u00f3mo?! \u00bf\u00bfY ahora?? \u00bf\u00bfQui\u00e9n??",
        "windows-1252, Den gr\u00f8nne bog ligger p\u00e5 bordet. Ans\u00f8gningen skal v\u00e6re underskrevet af Dra\u017een Niko\u0161ic f\u00f8r m\u00f8det\\, ogs\u00e5 p\u00e5 l\u00f8rdag.",
        "windows-1252, La premi\u00e8re demande de M. Du\u0161ek est \u00e0 signer par le chef du service\\, m\u00eame apr\u00e8s la derni\u00e8re r\u00e9union; le d\u00e9lai passe tr\u00e8s vite.",
        "windows-1252, T\u00f6\u00f6taja esitab puhkuseavalduse \u00fclemusele. S\u00f5idukulud h\u00fcvitatakse kahe n\u00e4dala jooksul p\u00e4rast l\u00e4hetust\\, \u00f5htul v\u00f5i \u00f6\u00f6sel.",
        "windows-1250, \u010cesk\u00e9 \u0159e\u010di rozum\u00edme: \u017e\u00e1dost podepisuje vedouc\u00ed odd\u011blen\u00ed.",
        "windows-1250, \u017diados\u0165 podpisuje ved\u00faci oddelenia. \u017eltu fakt\u00faru po\u0161lite do u\u010dt\u00e1rne \u010do najsk\u00f4r\\, najnesk\u00f4r\u0161ie v\u0161ak v piatok.",
        "windows-1250, Zahtevo podpi\u0161e vodja oddelka. Ra\u010dune po\u0161ljite v ra\u010dunovodstvo najkasneje do \u010detrtka\\, \u017ee prej pa \u0161e vpra\u0161ajte."
    })
    void aLetterThatIsAnotherInARelatedTableIsReadInItsOwn(String charset, String text) throws UnreadableFileException {
        assertEquals(text, PlainText.of(text.getBytes(Charset.forName(charset))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Caf\u00e9 \u00e0 la cr\u00e8me",
                "\u00e9t\u00e9",
                "\u00c9t\u00e9\nAo\u00fbt",
                "D\u00e9j\u00e0 cr\u00e9\u00e9 \u00e0 c\u00f4t\u00e9",
                "\u00c7a a \u00e9t\u00e9 \u00ab r\u00eav\u00e9 \u00bb !",
                "L\u2019\u00eele, l\u2019\u00e9t\u00e9\u2026",
                "No\u00ebl, \u0153uf, o\u00f9",
                "Gr\u00f6\u00dfe",
                "M\u00fc\u00dfte, \u00dcbel, f\u00fcr",
                "\u201e\u00d6l\u201c f\u00fcr \u00c4pfel",
                "R\u00e4der / T\u00fcren / \u00d6fen",
                "\u00bfQu\u00e9? \u00a1As\u00ed!",
                "a\u00f1o, ni\u00f1a, \u00d1and\u00fa",
                "D\u00f3nde est\u00e1 \u00c1vila",
                "S\u00e3o Jo\u00e3o, irm\u00e3",
                "A\u00c7\u00c3O",
                "NA\u00c7\u00d5ES E LI\u00c7\u00c3O",
                "a\u00e7\u00e3o, avi\u00f5es",
                "p\u00e3o \u00e9 p\u00e3o",
                "perch\u00e9 \u00e8 gi\u00e0 l\u00e0",
                "p\u00e5 \u00f8y, \u00e6re",
                "P\u00e4\u00e4y\u00f6 \u00e4iti"
            })
    void aShortTextOfAWesternLanguageIsRead(String text) throws UnreadableFileException {
        assertEquals(text, PlainText.of(text.getBytes(PlainText.WINDOWS)));
    }

    @ParameterizedTest
    @CsvSource({
        "GBK, \u4e2d\u6587",
        "GBK, U\u76d8",
        "GBK, A\u7ec4\u548cB\u7ec4",
        "GBK, username: \u5f20\u4e09 (admin)",
        "GBK, \u7b2c1\u7ae0 \u603b\u5219",
        "Shift_JIS, \u3053\u3093\u306b\u3061\u306f",
        "Shift_JIS, \u30c6\u30b9\u30c8 OK",
        "Shift_JIS, 'read me: \u306e\u308a is seaweed, not glue'"
    })
    void aShortTextInWideCharactersIsNotTakenForAWesternOne(String charset, String text)
            throws UnreadableFileException {
        assertEquals(text, PlainText.of(text.getBytes(Charset.forName(charset))));
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1251, \u0434\u0430",
        "windows-1251, \u0413\u043e\u0440\u043e\u0434 \u041c\u043e\u0441\u043a\u0432\u0430",
        "windows-1251, OK \u044f",
        "KOI8-R, \u0433\u043e\u0440\u043e\u0434",
        "ISO-8859-7, \u03bd\u03b1\u03b9",
        "Shift_JIS, \u65e5 OK",
        "Shift_JIS, 5\u65e5",
        "windows-1250, \u0159e\u010d",
        "windows-1254, \u015feh\u0131r"
    })
    void ofAShortTextThatMayBeAnythingNothingIsSaid(String charset, String text) {
        assertThrows(UnreadableFileException.class, () -> PlainText.of(text.getBytes(Charset.forName(charset))));
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1251, '\u041a\u043b\u044e\u0447 \u043e\u0442 \u0430\u0440\u0445\u0438\u0432\u0430 \u043d\u0430\u0445\u043e\u0434\u0438\u0442\u0441\u044f \u0443 \u0434\u0435\u0436\u0443\u0440\u043d\u043e\u0433\u043e \u0421\u0438\u0434\u043e\u0440\u0435\u043d\u043a\u043e. \u0410\u0440\u0445\u0438\u0432 \u043e\u0442\u043a\u0440\u044b\u0442 \u043f\u043e \u0447\u0435\u0442\u0432\u0435\u0440\u0433\u0430\u043c, \u0441 9 \u0434\u043e 12.'",
        "KOI8-R, '\u041a\u043b\u044e\u0447 \u043e\u0442 \u0430\u0440\u0445\u0438\u0432\u0430 \u043d\u0430\u0445\u043e\u0434\u0438\u0442\u0441\u044f \u0443 \u0434\u0435\u0436\u0443\u0440\u043d\u043e\u0433\u043e \u0421\u0438\u0434\u043e\u0440\u0435\u043d\u043a\u043e. \u0410\u0440\u0445\u0438\u0432 \u043e\u0442\u043a\u0440\u044b\u0442 \u043f\u043e \u0447\u0435\u0442\u0432\u0435\u0440\u0433\u0430\u043c, \u0441 9 \u0434\u043e 12.'",
        "IBM866, '\u041a\u043b\u044e\u0447 \u043e\u0442 \u0430\u0440\u0445\u0438\u0432\u0430 \u043d\u0430\u0445\u043e\u0434\u0438\u0442\u0441\u044f \u0443 \u0434\u0435\u0436\u0443\u0440\u043d\u043e\u0433\u043e \u0421\u0438\u0434\u043e\u0440\u0435\u043d\u043a\u043e. \u0410\u0440\u0445\u0438\u0432 \u043e\u0442\u043a\u0440\u044b\u0442 \u043f\u043e \u0447\u0435\u0442\u0432\u0435\u0440\u0433\u0430\u043c, \u0441 9 \u0434\u043e 12.'",
        "UTF-16BE, '\u041a\u043b\u044e\u0447 \u043e\u0442 \u0430\u0440\u0445\u0438\u0432\u0430 \u043d\u0430\u0445\u043e\u0434\u0438\u0442\u0441\u044f \u0443 \u0434\u0435\u0436\u0443\u0440\u043d\u043e\u0433\u043e \u0421\u0438\u0434\u043e\u0440\u0435\u043d\u043a\u043e. \u0410\u0440\u0445\u0438\u0432 \u043e\u0442\u043a\u0440\u044b\u0442 \u043f\u043e \u0447\u0435\u0442\u0432\u0435\u0440\u0433\u0430\u043c, \u0441 9 \u0434\u043e 12.'",
        "UTF-16LE, '\u041a\u043b\u044e\u0447 \u043e\u0442 \u0430\u0440\u0445\u0438\u0432\u0430 \u043d\u0430\u0445\u043e\u0434\u0438\u0442\u0441\u044f \u0443 \u0434\u0435\u0436\u0443\u0440\u043d\u043e\u0433\u043e \u0421\u0438\u0434\u043e\u0440\u0435\u043d\u043a\u043e. \u0410\u0440\u0445\u0438\u0432 \u043e\u0442\u043a\u0440\u044b\u0442 \u043f\u043e \u0447\u0435\u0442\u0432\u0435\u0440\u0433\u0430\u043c, \u0441 9 \u0434\u043e 12.'",
        "windows-1251, '\u041a\u043b\u044e\u0447\u044a\u0442 \u0437\u0430 \u0430\u0440\u0445\u0438\u0432\u0430 \u0435 \u043f\u0440\u0438 \u0434\u0435\u0436\u0443\u0440\u043d\u0438\u044f \u041f\u0435\u0442\u043a\u043e\u0432. \u0410\u0440\u0445\u0438\u0432\u044a\u0442 \u0435 \u043e\u0442\u0432\u043e\u0440\u0435\u043d \u0432 \u0447\u0435\u0442\u0432\u044a\u0440\u0442\u044a\u043a.'",
        "windows-1251, '\u041a\u043b\u044e\u0447 \u0432\u0456\u0434 \u0430\u0440\u0445\u0456\u0432\u0443 \u043c\u0430\u0454 \u0447\u0435\u0440\u0433\u043e\u0432\u0438\u0439 \u0421\u0438\u0434\u043e\u0440\u0435\u043d\u043a\u043e. \u0410\u0440\u0445\u0456\u0432 \u0432\u0456\u0434\u043a\u0440\u0438\u0442\u0438\u0439 \u0449\u043e\u0447\u0435\u0442\u0432\u0435\u0440\u0433\u0430.'",
        "windows-1251, 'server.owner=\u0421\u0438\u0434\u043e\u0440\u0435\u043d\u043a\u043e; server.note=\u043f\u0435\u0440\u0435\u0437\u0430\u043f\u0443\u0441\u043a\u0430\u0442\u044c \u0442\u043e\u043b\u044c\u043a\u043e \u043d\u043e\u0447\u044c\u044e \u043f\u043e\u0441\u043b\u0435 \u043f\u0440\u043e\u0432\u0435\u0440\u043a\u0438'",
        "windows-1253, '\u03a4\u03bf \u03ba\u03bb\u03b5\u03b9\u03b4\u03af \u03c4\u03b7\u03c2 \u03b1\u03c0\u03bf\u03b8\u03ae\u03ba\u03b7\u03c2 \u03c4\u03bf \u03ad\u03c7\u03b5\u03b9 \u03bf \u03ba\u03cd\u03c1\u03b9\u03bf\u03c2 \u03a0\u03b1\u03c0\u03b1\u03b4\u03cc\u03c0\u03bf\u03c5\u03bb\u03bf\u03c2. \u0397 \u03c3\u03cd\u03c3\u03ba\u03b5\u03c8\u03b7 \u03b3\u03af\u03bd\u03b5\u03c4\u03b1\u03b9 \u03c4\u03b7\u03bd \u03a0\u03ad\u03bc\u03c0\u03c4\u03b7.'",
        "UTF-16BE, '\u4f1a\u8b70\u306f\u6c34\u66dc\u65e5\u3067\u3059\u3002 The key is at \u4f50\u85e4\u3055\u3093. 9\u6642\u304b\u3089'"
    })
    void aTextInItsOwnAlphabetIsReadInItsTable(String charset, String text) throws UnreadableFileException {
        assertEquals(text, PlainText.of(text.getBytes(Charset.forName(charset))));
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1255, '\u05d4\u05de\u05e4\u05ea\u05d7 \u05e0\u05de\u05e6\u05d0 \u05d0\u05e6\u05dc \u05e8\u05d1\u05e7\u05d4 \u05db\u05d4\u05df. \u05d4\u05d9\u05e9\u05d9\u05d1\u05d4 \u05ea\u05ea\u05e7\u05d9\u05d9\u05dd \u05d1\u05d9\u05d5\u05dd \u05e9\u05dc\u05d9\u05e9\u05d9 \u05d1\u05d1\u05d5\u05e7\u05e8.'",
        "windows-1256, '\u0627\u0644\u0645\u0641\u062a\u0627\u062d \u0639\u0646\u062f \u0627\u0644\u0633\u064a\u062f\u0629 \u0641\u0627\u0637\u0645\u0629 \u0627\u0644\u0632\u0647\u0631\u0627\u0621. \u0627\u0644\u0627\u062c\u062a\u0645\u0627\u0639 \u064a\u0648\u0645 \u0627\u0644\u0623\u0631\u0628\u0639\u0627\u0621'",
        "x-MacRoman, 'Le coffre se trouve derri\u00e8re le th\u00e9\u00e2tre; la cl\u00e9 est chez H\u00e9l\u00e8ne Lef\u00e8vre, pr\u00e8s de la rivi\u00e8re.'"
    })
    void whatCannotBeToldIsRefusedWithAReason(String charset, String text) {
        UnreadableFileException refusal = assertThrows(
                UnreadableFileException.class, () -> PlainText.of(text.getBytes(Charset.forName(charset))));
        assertTrue(String.valueOf(refusal.getMessage()).contains("UTF-8"), refusal.getMessage());
    }

    @Test
    void numbersInARowAreNoWideText() {
        byte[] numbers = new byte[400];
        for (int i = 0; i < numbers.length; i += 2) {
            numbers[i + 1] = (byte) (1 + i / 2 % 31);
        }
        assertThrows(UnreadableFileException.class, () -> PlainText.of(numbers));
    }

    @Test
    void garbageIsRefused() {
        byte[] garbage = new byte[100_000];
        new Random(7).nextBytes(garbage);
        assertThrows(UnreadableFileException.class, () -> PlainText.of(garbage));
    }
}
