package dev.foundrygateway.retrieval.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are of another kind than their names say, and files that say themselves what they are in. */
class MislabelledFilesTest {
    private static final String PAGE =
            "<html><body><table><tr><th>Part</th><th>Stock</th></tr><tr><td>Gasket</td><td>312</td></tr></table></body></html>";

    private static String read(String name, byte[] file) {
        try {
            StringBuilder all = new StringBuilder();
            new DocumentReader(1_000_000)
                    .read(file, name)
                    .sections()
                    .forEach(section -> all.append('[')
                            .append(section.heading())
                            .append("] ")
                            .append(section.text().strip())
                            .append('\n'));
            return all.toString().strip();
        } catch (UnreadableFileException e) {
            throw new AssertionError(name + ": " + e.getMessage(), e);
        }
    }

    private static String read(String name, String text) {
        return read(name, text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"export.xls", "export.doc", "export.docx", "export.xlsx"})
    void aPageThatAProgramExportedIsReadAsOne(String name) {
        assertEquals("[] Part: Gasket; Stock: 312.", read(name, PAGE));
        assertEquals("[] Part: Gasket; Stock: 312.", read(name, "\uFEFF\r\n<!DOCTYPE html>" + PAGE));
    }

    @Test
    void aTableThatAProgramExportedIsReadAsOne() {
        assertEquals("[] Part: Gasket; Stock: 312.", read("export.xls", "Part\tStock\nGasket\t312\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"letter.doc", "letter.docx", "letter.txt", "letter"})
    void richTextIsReadUnderAnyName(String name) {
        assertEquals("[] The otter is called Biscuit.", read(name, "{\\rtf1\\ansi The otter is called Biscuit.\\par}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.doc", "a.docx", "a.txt", "a.pptx", "a.xls", "a"})
    void anArchiveIsReadAsWhatStandsInIt(String name) {
        byte[] word = Archives.zip(
                "word/document.xml", "<d><body><p><r><t>The otter is called Biscuit.</t></r></p></body></d>");
        assertEquals("[] The otter is called Biscuit.", read(name, word));
    }

    @Test
    void whatIsNoneOfTheseIsRefusedByNameAsBefore() {
        for (String name : new String[] {"a.xls", "a.doc", "a.ppt", "a.zip"}) {
            UnreadableFileException refused = assertThrows(
                    UnreadableFileException.class,
                    () -> new DocumentReader(1_000).read("one line".getBytes(StandardCharsets.UTF_8), name));
            assertTrue(String.valueOf(refused.getMessage()).startsWith(FileKind.NOT_READ), refused.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1255, '<meta charset=windows-1255>', \u05e9\u05dc\u05d5\u05dd",
        "KOI8-R, '<meta http-equiv=\"Content-Type\" content=\"text/html; charset=koi8-r\">', \u0434\u0430",
        "windows-1252, '<META CHARSET=\"iso-8859-1\">', \u201eja\u201c \u00fe",
        "Big5, '<?xml version=\"1.0\" encoding=\"big5\"?>', \u6797\u6dd1\u82ac"
    })
    void aPageIsReadInTheCharacterSetThatItSays(String charset, String head, String words) {
        String page = head.startsWith("<?") ? head + "<html><body>" : "<html><head>" + head + "</head><body>";
        assertEquals(
                "[] " + words,
                read("a.html", (page + "<p>" + words + "</p></body></html>").getBytes(Charset.forName(charset))));
    }

    @Test
    void aPageThatSaysWhatIsNoCharacterSetIsReadAllTheSame() {
        assertEquals("[] caf\u00e9", read("a.html", "<meta charset=\"klingon\"><p>caf\u00e9</p>"));
        assertEquals("[] caf\u00e9", read("a.html", "<meta charset=\"latin1\"><p>caf\u00e9</p>"));
    }

    @Test
    void aSummaryIsALineOfItsOwn() {
        assertEquals(
                "[] Dogs\nneed a muzzle", read("a.html", "<details><summary>Dogs</summary>need a muzzle</details>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\n\n"})
    void anUnderlinedHeadingBelowFrontMatterIsOne(String between) {
        assertEquals(
                "[] title: Failover\n[Promotion] Run it on osprey.",
                read("a.md", "---\ntitle: Failover\n---\n" + between + "Promotion\n---------\nRun it on osprey.\n"));
    }

    @Test
    void settingsInJsonMayHaveCommentsAndALastComma() {
        assertEquals(
                "[] theme: walnut\ndepth: 12",
                read("tsconfig.json", "// settings\n{\"theme\": \"walnut\", /* why */ \"depth\": 12,}\n"));
    }
}
