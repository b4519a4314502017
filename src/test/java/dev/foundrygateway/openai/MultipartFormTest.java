package dev.foundrygateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.foundrygateway.openai.json.BytePattern;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFormTest {
    private static final String TYPE = "multipart/form-data; boundary=----xyz";
    private static final String FILE = part(
            "Content-Disposition: form-data; name=\"file\"; filename=\"model.wav\"\r\nContent-Type: audio/wav",
            "\r\n--\r\n----x\0ÿ");

    @Test
    void aFieldIsFoundBeforeAndAfterAFile() {
        String model = part("Content-Disposition: form-data; name=\"model\"", "whisper-é");
        assertEquals(Optional.of("whisper-é"), field(TYPE, model + FILE + end()));
        assertEquals(Optional.of("whisper-é"), field(TYPE, FILE + model + end()));
        assertEquals(Optional.of("whisper-é"), field(TYPE, "preamble\r\n" + FILE + model + end() + "epilogue"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Disposition: form-data; name=\"model\"",
                "content-disposition:form-data;name=model",
                "Content-Type: text/plain; charset=utf-8\r\nCONTENT-DISPOSITION: Form-Data ; NAME = \"model\" ; x=\"a;b\\\"c\"",
                "Content-Disposition: form-data; name=\"mod\\el\""
            })
    void headersMayBeWrittenInManyWays(String head) {
        assertEquals(Optional.of("m"), field(TYPE, FILE + part(head, "m") + end()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Disposition: form-data; name=\"models\"",
                "Content-Disposition: form-data; name=\"model\"; filename=\"x\"",
                "Content-Disposition: form-data; name=\"model\"; filename*=UTF-8''x",
                "Content-Disposition: attachment; name=\"model\"",
                "Content-Disposition: form-data; x=\"; name=model\"",
                "X: form-data; name=\"model\"",
                "Content-Disposition: form-data"
            })
    void otherPartsAreNotTheField(String head) {
        assertEquals(Optional.empty(), field(TYPE, part(head, "m") + end()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data; boundary=\"----xyz\"",
                "Multipart/Form-Data;charset=utf-8;BOUNDARY=----xyz",
                "multipart/form-data ; boundary = ----xyz ; x"
            })
    void theBoundaryMayBeWrittenInManyWays(String type) {
        assertEquals(Optional.of("m"), field(type, part("Content-Disposition: form-data; name=model", "m") + end()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=other",
                "application/json; boundary=----xyz"
            })
    void withoutItsBoundaryAFormIsNotRead(String type) {
        assertEquals(Optional.empty(), field(type, part("Content-Disposition: form-data; name=model", "m") + end()));
    }

    @Test
    void emptyValuesAndLongOnesAreRead() {
        String head = "Content-Disposition: form-data; name=model";
        assertEquals(Optional.of(""), field(TYPE, part(head, "") + end()));
        assertEquals(Optional.of(""), field(TYPE, "------xyz\r\n" + head + "\r\n\r\n------xyz--"));
        assertEquals(Optional.of("x\r\n".repeat(9_000)), field(TYPE, part(head, "x\r\n".repeat(9_000)) + end()));
        assertEquals(Optional.of("first"), field(TYPE, part(head, "first") + part(head, "second") + end()));
    }

    @Test
    void aFormCutAnywhereIsReadOrMalformedButNeverFails() {
        String form = FILE + part("Content-Disposition: form-data; name=\"model\"", "m");
        byte[] bytes = (form + end()).getBytes(UTF_8);
        int closed = form.getBytes(UTF_8).length + "------xyz".length();
        for (int length = 0; length <= bytes.length; length++) {
            Optional<String> expected = length < closed ? Optional.empty() : Optional.of("m");
            assertEquals(
                    expected,
                    MultipartForm.field(TYPE, Buffer.buffer(bytes).slice(0, length), "model"),
                    "cut at " + length);
        }
    }

    @Test
    void hostileFormsCostNoMoreThanTheirLength() {
        String type = "multipart/form-data; boundary=" + "-".repeat(70);
        String dashes = "-".repeat(72) + "\r\n\r\n\r\n" + ("\r\n" + "-".repeat(71) + "x").repeat(100_000);
        String heads = FILE.replace("Content-Type", ";=".repeat(7_000) + "Content-Type")
                .repeat(500);
        String parts = "------xyz\r\n\r\n\r\n".repeat(300_000);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertEquals(Optional.empty(), field(type, dashes));
            assertEquals(Optional.empty(), field(TYPE, heads));
            assertEquals(Optional.empty(), field(TYPE, parts));
        });
    }

    @Test
    void aPatternIsFoundWherePlainSearchFindsIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String text = letters(random, 40);
            String pattern = "a" + letters(random, 4);
            int at = text.indexOf(pattern);
            byte[] bytes = text.getBytes(UTF_8);
            assertEquals(
                    at < 0 ? -1 : at + pattern.length(),
                    new BytePattern(pattern.getBytes(UTF_8)).endIn(bytes, 0, bytes.length),
                    "seed " + seed + ": " + pattern + " in " + text);
        }
    }

    private static String letters(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i > 0; i--) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }

    private static Optional<String> field(String type, String body) {
        return MultipartForm.field(type, Buffer.buffer(body), "model");
    }

    private static String part(String head, String content) {
        return "------xyz\r\n" + head + "\r\n\r\n" + content + "\r\n";
    }

    private static String end() {
        return "------xyz--\r\n";
    }
}
