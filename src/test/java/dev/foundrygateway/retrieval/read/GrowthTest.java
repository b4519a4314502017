package dev.foundrygateway.retrieval.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.retrieval.PdfFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twice the text is twice the work, whatever the text is made of. */
class GrowthTest {
    private static final int N = 20_000;

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "word ",
                "a. ",
                "x",
                "\n",
                " ",
                "a ",
                "\u4e2d",
                "\u4e2d ",
                "?!",
                "x\t\t",
                "\ud83d\ude00",
                "a \u4e2d\u4e2d\u4e2d"
            })
    void cuttingIsLinear(String unit) {
        long once = looks(unit.repeat(N));
        long twice = looks(unit.repeat(2 * N));
        assertTrue(twice <= 2.1 * once + 1_000, once + " looks, then " + twice);
        assertTrue(twice <= 20L * 2 * N * unit.length(), twice + " looks");
    }

    @Test
    void aWordBeforeALongOneChangesNothing() {
        long once = looks("a b " + "x".repeat(N * 5));
        long twice = looks("a b " + "x".repeat(N * 10));
        assertTrue(twice <= 2.1 * once, once + " looks, then " + twice);
    }

    private static long looks(String text) {
        CountedText counted = new CountedText(text);
        List<Section> chunks = new ArrayList<>();
        new Chunker(300, 45).chunk("", counted, chunks);
        return counted.looks();
    }

    @Test
    @Timeout(120)
    void aLongLineThatBeginsLikeAHeadingIsText() {
        for (String unit : List.of("# ", "#", "\t", " x #", "#\t")) {
            Extraction read = MarkdownText.read("# Title\n\n#### " + unit.repeat(1_000_000) + "x\nend\n");
            assertEquals("Title", read.title());
            assertTrue(read.sections().get(0).text().endsWith("end"), unit);
            assertTrue(
                    read.sections().stream()
                            .allMatch(section -> section.heading().length() < 400),
                    unit);
        }
    }

    /** A line of marks that something follows is one look at each of them, whatever ends the line for others. */
    @Test
    @Timeout(20)
    void aFenceOfAMillionMarksIsOneLine() {
        for (String unit : List.of("`", "~")) {
            for (String end : List.of("\u2028x", "\u0085x", "x", "")) {
                String line = unit.repeat(1_000_000) + end;
                assertEquals(
                        List.of(new Section("", line + "\n# no heading")),
                        MarkdownText.read(line + "\n# no heading\n").sections());
            }
        }
    }

    @Test
    void fencesEndWithTheirOwnMarksAlone() {
        String text = "```java\n# a\n``` x\n~~~\n``\n    ```\n   ````  \n# Title\nb\n";
        List<Section> sections = MarkdownText.read(text).sections();
        assertEquals(
                List.of("", "Title"), sections.stream().map(Section::heading).toList());
        assertEquals("b", sections.get(1).text());
    }

    @Test
    @Timeout(120)
    void aDeepPageIsReadInItsOrder() {
        String html = "<html><body>" + "<div>a".repeat(50_000) + "<pre>  b</pre> c</body></html>";
        String text = HtmlText.read(html, 70_000_000).sections().get(0).text();
        assertTrue(text.contains("  b"), "a pre keeps its spaces");
        assertTrue(text.endsWith("c"), "and ends");
        assertTrue(text.startsWith("a"), "nothing is lost");
    }

    @Test
    @Timeout(120)
    void aWideTableIsReadWhole() throws UnreadableFileException {
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            table.append(i == 0 ? "" : ",").append("column").append(i);
        }
        table.append('\n');
        for (int i = 0; i < 100_000; i++) {
            table.append(i == 0 ? "" : ",").append(i);
        }
        String text = TableText.read(table.toString(), ',', 70_000_000)
                .sections()
                .get(0)
                .text();
        assertTrue(text.contains("column99999: 99999."), "the last one");
    }

    /** A reader's work by what it allocates, which is the same on every machine. */
    @Test
    void twiceTheTextIsTwiceTheMemory() throws Exception {
        for (Reading reading : List.<Reading>of(
                n -> MarkdownText.read("#### " + "# ".repeat(n) + "\n" + "# a\n\nb\n".repeat(n / 10)),
                n -> HtmlText.read("<html><body>" + "<div>a".repeat(n / 10), 70_000_000),
                n -> HtmlText.read("<html><body>" + "<table><tr><td>a".repeat(n / 40), 70_000_000),
                n -> HtmlText.read("<table><tr><th>a<th>b" + "<tr><td rowspan=9>c<td>d<tr>".repeat(n / 40), 70_000_000),
                n -> TableText.read("a,".repeat(n / 10) + "\n" + "1,".repeat(n / 10), ',', 70_000_000),
                n -> JsonText.read("[" + "{\"a\":[1,2]},".repeat(n / 10) + "1]", false, 70_000_000))) {
            reading.of(N);
            long once = allocated(reading, 10 * N);
            long twice = allocated(reading, 20 * N);
            assertTrue(twice <= 2.6 * once + 1_000_000, once + " bytes, then " + twice);
        }
    }

    /** An honest book. */
    @Test
    void twiceThePagesAreTwiceTheMemory() throws Exception {
        Path book = pages("book.pdf", 300);
        Path twice = pages("twice.pdf", 600);
        Reading reading = n -> PdfText.read(n == 300 ? book : twice, 70_000_000);
        reading.of(300);
        long once = allocated(reading, 300);
        long more = allocated(reading, 600);
        assertTrue(more <= 2.3 * once, once + " bytes, then " + more);
        List<Section> read = reading.of(600).sections();
        assertEquals(600, read.size());
        assertTrue(
                read.get(599).text().contains("page 599 says so."),
                read.get(599).text());
    }

    private Path pages(String name, int count) throws IOException {
        List<List<PdfFiles.Line>> pages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pages.add(List.of(new PdfFiles.Line(72, 700, 12, "The heron waits at the weir: page " + i + " says so.")));
        }
        return Files.write(folder.resolve(name), PdfFiles.pages(pages));
    }

    private interface Reading {
        Extraction of(int n) throws UnreadableFileException, IOException;
    }

    private static long allocated(Reading reading, int n) throws Exception {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        reading.of(n);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
