package dev.foundrygateway.retrieval.read;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.retrieval.PdfFiles;
import dev.foundrygateway.testing.Corpus;
import dev.foundrygateway.testing.RandomJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken files of every kind: each gives a text within its limit, or is refused in words. The seed is fixed: what fails once fails again. */
@Timeout(60)
class ReaderFuzzTest {
    private static final int MOST = 100_000;
    private static final String[] PIECES = {
        "# ",
        "#### ",
        "\n",
        "\r\n",
        "\n\n",
        "- ",
        "```",
        "| a | b |",
        "<p>",
        "</p>",
        "<table><tr><td>",
        "<!--",
        "<script>",
        "&amp;",
        "&#x1F600;",
        "\"",
        "\"\"",
        ",",
        "\t",
        ";",
        "word ",
        "Grüße ",
        "漢字",
        "😀",
        "\u0000",
        "\ufeff",
        "{\"a\":",
        "[",
        "]",
        "}",
        "1e9",
        "\\u00e9",
        "[x](y)",
        "=",
        "---",
        "~~~",
        "<h1>",
        "<br",
        "<![CDATA["
    };

    /** What PDFBox says of each broken file would be most of the tests' log. */
    private static final Logger PDFBOX = Logger.getLogger("org.apache.pdfbox");

    static {
        PDFBOX.setLevel(Level.OFF);
    }

    @TempDir
    private Path folder = Path.of("");

    private final Random random = new Random(20_261_128);

    private void read(byte[] bytes, String name) throws IOException {
        try {
            Extraction extraction = new DocumentReader(MOST).read(Files.write(folder.resolve("a"), bytes), name);
            assertTrue(extraction.length() <= MOST);
        } catch (UnreadableFileException told) {
            assertFalse(String.valueOf(told.getMessage()).isBlank());
        }
    }

    private byte[] broken(byte[] bytes) {
        byte[] broken = bytes.clone();
        for (int i = random.nextInt(5); i > 0 && broken.length > 0; i--) {
            broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(3) > 0 || broken.length == 0
                ? broken
                : Arrays.copyOf(broken, random.nextInt(broken.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"txt", "md", "html", "xhtml", "csv", "tsv", "json", "jsonl"})
    void brokenTextsAreReadOrRefused(String ending) throws IOException {
        for (int round = 0; round < 150; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            read(broken(text.toString().getBytes(StandardCharsets.UTF_8)), "a." + ending);
        }
    }

    @Test
    void everyKeptFileIsReadOrRefused() throws IOException {
        for (Map.Entry<String, byte[]> kept : Corpus.of("files").entrySet()) {
            read(kept.getValue(), kept.getKey());
            for (int round = 0; round < 10; round++) {
                read(broken(kept.getValue()), kept.getKey());
            }
        }
    }

    @Test
    void brokenJsonIsReadOrRefused() throws IOException {
        RandomJson texts = new RandomJson(random, "title", "text", "url");
        for (int round = 0; round < 150; round++) {
            String json = texts.mutate(texts.object(4)) + "\n" + texts.value(3);
            read(json.getBytes(StandardCharsets.UTF_8), round % 2 == 0 ? "a.json" : "a.jsonl");
        }
    }

    @Test
    void brokenPdfsAreReadOrRefused() throws IOException {
        byte[] pdf = PdfFiles.text("What the tower is made of");
        for (int round = 0; round < 50; round++) {
            read(broken(pdf), "a.pdf");
        }
    }
}
