package dev.foundrygateway.openai.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.foundrygateway.testing.RandomJson;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCursorTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " [ ] ",
                "\"\"",
                "0",
                "-0",
                "10.50e+3",
                "1E5",
                "true",
                "null\n",
                "[1,2 , 3]",
                "{\"a\":{\"b\":[{}]}}",
                "\"\\u00E9\\uD83D\"",
                "\"\u007f é 漢 😀 and a run longer than eight bytes\"",
                "{\"a\":1,\"a\":2}"
            })
    void takesWhatTheGrammarAllows(String json) {
        assertTrue(valid(json), json);
        assertTrue(validForJackson(json), json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "}",
                "]",
                "[}",
                "{]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{'a':1}",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\":1 \"b\":2}",
                "{\"a\" 1}",
                "01",
                "-",
                "+1",
                "1.",
                ".5",
                "1e",
                "1e+",
                "0x1",
                "tru",
                "truex",
                "nul",
                "NaN",
                "Infinity",
                "\"",
                "\"\\\"",
                "\"\\",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"a\nb\"",
                "\"eight or more\tbytes\"",
                "1 2",
                "{} {}",
                "[] x",
                "\u0000",
                "[1,{\"a\":[true,false,nulL]}]",
                "\ufeff{}"
            })
    void refusesWhatTheGrammarDoesNot(String json) {
        assertFalse(valid(json), json);
    }

    @Test
    void agreesWithJacksonOnRandomTexts() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RandomJson texts = new RandomJson(random);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            String json = texts.value(4);
            for (int mutations = random.nextInt(3); mutations > 0; mutations--) {
                json = json.isEmpty() ? json : texts.mutate(json);
            }
            boolean valid = validForJackson(json);
            assertEquals(valid, valid(json), "seed " + seed + ": " + json);
            refused += valid ? 0 : 1;
        }
        assertTrue(refused > 500, "mutations make enough invalid texts: " + refused);
    }

    @Test
    void decodesStringsAsJacksonDoes() throws IOException {
        long seed = System.nanoTime();
        RandomJson texts = new RandomJson(new Random(seed));
        for (int i = 0; i < 5_000; i++) {
            String json = texts.string();
            assertEquals(MAPPER.readValue(json, String.class), cursor(json).readString(), "seed " + seed + ": " + json);
        }
    }

    @Test
    void findsTheEndOfAStringWhereverItLiesInAWord() {
        for (int before = 0; before < 20; before++) {
            for (int length = 0; length < 40; length++) {
                String json = " ".repeat(before) + '"' + "é".repeat(length / 2) + "x".repeat(length) + "\",";
                JsonCursor cursor = cursor(json);
                cursor.skipValue();
                assertEquals(json.getBytes(UTF_8).length - 1, cursor.position(), json);
            }
        }
    }

    @Test
    void nestsAsDeepAsTheLimitAndNoDeeper() {
        assertTrue(valid("[".repeat(512) + "]".repeat(512)));
        assertFalse(valid("[".repeat(513) + "]".repeat(513)));
        assertFalse(valid("{\"a\":".repeat(100_000)));
    }

    @Test
    void saysWhereTheFirstErrorIs() {
        JsonCursor cursor = cursor("{\"a\":\n [1,\n  tru]}");
        cursor.skipValue();
        assertEquals("unknown word at byte offset 13 (line 3, column 3)", cursor.problem());
    }

    @Test
    void comparesNamesThatAreEscaped() {
        JsonCursor cursor = cursor("{\"us\\u0061ge\":1}");
        assertTrue(cursor.enterObject());
        assertTrue(cursor.nextMember());
        assertTrue(cursor.keyIs("usage".getBytes(UTF_8)));
        assertFalse(cursor.keyIs("us\\u0061ge".getBytes(UTF_8)));
    }

    @Test
    void countsAreWholeNumbersOfAtMostEighteenDigits() {
        assertEquals(0, cursor("0").readCount());
        assertEquals(999_999_999_999_999_999L, cursor(" 999999999999999999 ").readCount());
        for (String other : new String[] {"-1", "1.0", "1e3", "\"1\"", "null", "[1]", "1000000000000000000", ""}) {
            assertEquals(-1, cursor(other).readCount(), other);
        }
    }

    @Test
    void staysInsideItsPartOfTheArray() {
        byte[] array = "xx{\"a\":12}34".getBytes(UTF_8);
        JsonCursor cursor = new JsonCursor().reset(array, 2, 10);
        cursor.skipValue();
        assertTrue(cursor.finish());
        for (int end = 3; end < 10; end++) {
            cursor.reset(array, 2, end);
            cursor.skipValue();
            assertFalse(cursor.finish(), "cut at " + end);
        }
    }

    private static JsonCursor cursor(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        return new JsonCursor().reset(bytes, 0, bytes.length);
    }

    private static boolean valid(String json) {
        JsonCursor cursor = cursor(json);
        cursor.skipValue();
        return cursor.finish();
    }

    private static boolean validForJackson(String json) {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            int depth = 0;
            int values = 0;
            while (parser.nextToken() != null) {
                values += depth == 0 ? 1 : 0;
                depth += parser.currentToken().isStructStart()
                        ? 1
                        : parser.currentToken().isStructEnd() ? -1 : 0;
                parser.getText();
            }
            return values == 1;
        } catch (JsonProcessingException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
