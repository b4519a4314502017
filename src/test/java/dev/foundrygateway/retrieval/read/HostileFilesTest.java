package dev.foundrygateway.retrieval.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that unfold, nest, or claim what they don't have: each is refused with a reason, at bearable cost. */
@Timeout(60)
class HostileFilesTest {
    private static final int MOST = 1_000_000;

    private static Extraction read(byte[] file, String name) throws UnreadableFileException {
        return new DocumentReader(MOST).read(file, name);
    }

    private static String refused(byte[] file, String name) {
        return String.valueOf(assertThrows(UnreadableFileException.class, () -> read(file, name), name)
                .getMessage());
    }

    private static String part(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "docx" -> "word/document.xml";
            case "pptx" -> "ppt/presentation.xml";
            case "xlsx" -> "xl/workbook.xml";
            case "epub" -> "META-INF/container.xml";
            default -> "content.xml";
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.docx", "a.pptx", "a.xlsx", "a.odt", "a.epub"})
    void whatIsNoArchiveOrHalfOfOneIsRefused(String name) {
        byte[] whole = Archives.zip(part(name), "<a>" + "x".repeat(1_000) + "</a>");
        for (int length : new int[] {0, 3, 21, 40, whole.length / 2, whole.length - 1}) {
            refused(Arrays.copyOf(whole, length), name);
        }
        byte[] garbage = new byte[100_000];
        new Random(7).nextBytes(garbage);
        refused(garbage, name);
        refused(Archives.zip("other.xml", "<a/>"), name);
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) 0xff;
            try {
                read(flipped, name);
            } catch (UnreadableFileException e) {
                assertTrue(String.valueOf(e.getMessage()).length() > 5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.docx", "a.pptx", "a.xlsx", "a.odt", "a.epub", "a.xml"})
    void entitiesAreNeitherUnfoldedNorFetched(String name) {
        String xml =
                "<!DOCTYPE a [<!ENTITY b 'lol'><!ENTITY c '&b;&b;&b;'><!ENTITY d SYSTEM 'file:///etc/passwd'>]><a><p><t>&c;&d;</t></p></a>";
        byte[] file = name.endsWith("xml") ? xml.getBytes(StandardCharsets.UTF_8) : Archives.zip(part(name), xml);
        try {
            String text = read(file, name).sections().toString();
            assertTrue(!text.contains("lol") && !text.contains("root:"), text);
        } catch (UnreadableFileException e) {
            assertTrue(String.valueOf(e.getMessage()).length() > 5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.docx", "a.odt", "a.epub", "a.xml"})
    void depthEnds(String name) {
        String xml = "<a>".repeat(100_000);
        byte[] file = name.endsWith("xml") ? xml.getBytes(StandardCharsets.UTF_8) : Archives.zip(part(name), xml);
        assertTrue(refused(file, name).contains("deep"));
    }

    /** From JDK 24 on, its reader refuses what an honest office file may have, if nobody tells it otherwise. */
    @ParameterizedTest
    @ValueSource(strings = {"a.docx", "a.xml"})
    void manyCharactersByNameAreReadByEveryJdk(String name) throws UnreadableFileException {
        String xml = "<a><p><t>" + "R&amp;D ".repeat(60_000) + "</t></p></a>";
        byte[] file = name.endsWith("xml") ? xml.getBytes(StandardCharsets.UTF_8) : Archives.zip(part(name), xml);
        String text = read(file, name).sections().toString();
        assertEquals(60_000, text.split("R&D", -1).length - 1);
    }

    @Test
    void aBombIsStoppedByWhatItUnfoldsTo() {
        String blanks = " ".repeat(80 << 20);
        assertTrue(refused(Archives.zip("word/document.xml", "<a><p>" + blanks + "</p></a>"), "a.docx")
                .contains("decompresses"));
        assertTrue(refused(Archives.docx(Archives.p("x".repeat(2 * MOST))), "a.docx")
                .contains("gateway.retrieval.max-text-length"));
        assertTrue(refused(Archives.docx(Archives.p("x".repeat(1_000)).repeat(2_000)), "a.docx")
                .contains("gateway.retrieval.max-text-length"));
    }

    /** The JDK's reader holds such a piece whole, at many times its bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"a.docx", "a.pptx", "a.xlsx", "a.odt", "a.epub", "a.xml"})
    void aPieceOfXmlThatIsHeldWholeEnds(String name) throws UnreadableFileException {
        String much = "x".repeat(9 << 20);
        for (String piece : new String[] {
            "<a b='" + much + "'/>",
            "<a b='" + "&amp;x".repeat(2 << 20) + "'/>",
            "<!--" + much + "-->",
            "<?b " + much + "?>",
            "<" + much + "/>",
            "<a><![CDATA[" + much + "]]></a>",
            "&" + much + ";",
            "<a" + " ".repeat(9 << 20) + "/>"
        }) {
            String told = refused(file(name, "<a>" + piece + "</a>"), name);
            assertTrue(told.contains("MiB") || told.contains("damaged"), piece.substring(0, 4) + " " + told);
        }
        assertTrue(refused(file(name, "<!DOCTYPE a [<!--" + much + "-->]><a/>"), name)
                .contains("MiB"));
    }

    private static byte[] file(String name, String xml) {
        return name.endsWith("xml") ? xml.getBytes(StandardCharsets.UTF_8) : Archives.zip(part(name), xml);
    }

    @Test
    void longTextComesInPiecesAndIsRead() throws UnreadableFileException {
        String text = "word ".repeat(4 << 20);
        byte[] file = Archives.docx(Archives.p(text));
        assertEquals(
                text.strip(),
                new DocumentReader(30 << 20)
                        .read(file, "a.docx")
                        .sections()
                        .get(0)
                        .text());
    }

    @Test
    void titlesAndRowsAreBoundedAsTextIs() {
        String run = "<a:p><a:r><a:t>" + "x".repeat(1_000) + "</a:t></a:r></a:p>";
        String slide =
                "<p:sld xmlns:p='p' xmlns:a='a'><p:sp><p:ph type='title'/>" + run.repeat(2_000) + "</p:sp></p:sld>";
        assertTrue(refused(Archives.zip("ppt/presentation.xml", "<p/>", "ppt/slides/slide1.xml", slide), "a.pptx")
                .contains("gateway.retrieval.max-text-length"));
        String cells = "<w:tc>" + Archives.p("x".repeat(1_000)) + "</w:tc>";
        assertTrue(refused(Archives.docx("<w:tbl><w:tr>" + cells.repeat(2_000) + "</w:tr></w:tbl>"), "a.docx")
                .contains("gateway.retrieval.max-text-length"));
        String row = "<c t='str'><v>" + "x".repeat(1_000) + "</v></c>";
        assertTrue(refused(
                        Archives.zip(
                                "xl/workbook.xml",
                                "<w xmlns:r='r'><sheet name='s' r:id='1'/></w>",
                                "xl/_rels/workbook.xml.rels",
                                Archives.references("1=worksheet=sheet1.xml"),
                                "xl/sheet1.xml",
                                "<s><row>" + row.repeat(2_000) + "</row></s>"),
                        "a.xlsx")
                .contains("gateway.retrieval.max-text-length"));
    }

    @Test
    void entriesAreCounted() {
        String[] parts = new String[2 * 25_000];
        for (int i = 0; i < parts.length; i += 2) {
            parts[i] = "p" + i;
            parts[i + 1] = "";
        }
        assertTrue(refused(Archives.zip(parts), "a.docx").contains("entries"));
    }

    @Test
    void groupsPartsAndTagsAreCounted() {
        assertTrue(refused(("{\\rtf1" + "{".repeat(100_000)).getBytes(StandardCharsets.US_ASCII), "a.rtf")
                .contains("deep"));
        assertTrue(refused("<i>".repeat(600_000).getBytes(StandardCharsets.US_ASCII), "a.html")
                .contains("tags"));
        StringBuilder mail = new StringBuilder("Subject: x\n");
        for (int i = 0; i < 50; i++) {
            mail.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        assertTrue(refused(mail.append("\nx").toString().getBytes(StandardCharsets.US_ASCII), "a.eml")
                .contains("deep"));
        assertTrue(refused(
                        ("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n".repeat(5_000))
                                .getBytes(StandardCharsets.US_ASCII),
                        "a.eml")
                .contains("parts"));
        String cells = "<table:table-cell table:number-columns-repeated='1000'/>".repeat(20_000);
        assertTrue(refused(
                        Archives.zip(
                                "content.xml",
                                "<a xmlns:table='t'><table:table><table:table-row>" + cells
                                        + "</table:table-row></table:table></a>"),
                        "a.ods")
                .contains("cells"));
    }

    @Test
    void cellsThatReachOverAThousandRowsTakeNoMoreMemoryThanTheirPage() throws UnreadableFileException {
        for (String word : new String[] {"", "x"}) {
            String wide = "<table><tr><th>a<th>b<tr>" + ("<td colspan=64 rowspan=1024>" + word).repeat(15_000);
            long page = allocated(wide.getBytes(StandardCharsets.UTF_8), "a.html", word.isEmpty());
            byte[] high = (wide + "<tr>".repeat(1_023)).getBytes(StandardCharsets.UTF_8);
            long all = allocated(high, "a.html", word.isEmpty());
            assertTrue(all <= 1.5 * page + 8_000_000, page + " bytes, then " + all);
        }
    }

    @Test
    void aLongCellThatReachesOverAThousandRowsIsTextInEach() throws UnreadableFileException {
        String rows = "<tr><td>x".repeat(1_023) + "</table>";
        String head = "<table><tr><th>a<th>b<tr><td rowspan=1024>";
        byte[] file = (head + "word ".repeat(MOST / 10) + rows).getBytes(StandardCharsets.UTF_8);
        assertTrue(refused(file, "a.html").contains("gateway.retrieval.max-text-length"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        refused(file, "a.html");
        long refused = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(refused < 60_000_000, refused + " bytes");
        String heads = "<table><tr><th>z<th colspan=64>" + "word ".repeat(MOST / 10) + "<tr>" + "<th>y".repeat(65);
        assertTrue(refused((heads + "<tr><td>1<td>2").getBytes(StandardCharsets.UTF_8), "a.html")
                .contains("gateway.retrieval.max-text-length"));
        String honest = read((head + "word" + rows).getBytes(StandardCharsets.UTF_8), "a.html")
                .sections()
                .toString();
        assertEquals(1_023, honest.split("a: word; b: x\\.", -1).length - 1);
    }

    @Test
    void whatAnswersForItselfInTheMiddleIsNotFollowed() throws UnreadableFileException {
        // A slide that is listed twice, a chapter that names itself, a path out of the book.
        String slides = "<p xmlns:r='http://x/relationships'>" + "<sldId r:id='a'/>".repeat(10_000) + "</p>";
        Extraction read = read(
                Archives.zip(
                        "ppt/presentation.xml",
                        slides,
                        "ppt/_rels/presentation.xml.rels",
                        Archives.references("a=slide=slides/slide1.xml"),
                        "ppt/slides/slide1.xml",
                        "<s><sp><p><r><t>Once</t></r></p></sp></s>"),
                "a.pptx");
        assertEquals(1, read.sections().size());
        assertEquals("b/c.xml", OfficeParts.resolved("a/", "../b/c.xml"));
        assertEquals("etc/passwd", OfficeParts.resolved("a/", "../../../etc/passwd"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.docx", "a.xml", "a.rtf", "a.eml", "a.html", "a.csv", "a.json", "a.jsonl", "a.md", "a.rst", "a.py",
                "a.java", "a.txt", "a.ipynb"
            })
    void twiceTheFileIsTwiceTheMemory(String name) throws UnreadableFileException {
        IntFunction<byte[]> made = made(name);
        read(made.apply(100), name);
        long once = allocated(made.apply(2_000), name);
        long twice = allocated(made.apply(4_000), name);
        assertTrue(twice <= 2.5 * once + 2_000_000, once + " bytes, then " + twice);
    }

    private static IntFunction<byte[]> made(String name) {
        return n -> {
            if (name.equals("a.docx")) {
                return Archives.docx(
                        (Archives.p("word") + "<w:tbl><w:tr><w:tc>" + Archives.p("x") + "</w:tc></w:tr></w:tbl>")
                                .repeat(n));
            }
            String text =
                    switch (name) {
                        case "a.xml" -> "<a>" + "<b c='d'>e <i>f</i></b>".repeat(n) + "</a>";
                        case "a.rtf" -> "{\\rtf1 " + "{\\b x\\'fc}\\par\\cell\\row ".repeat(n) + "}";
                        case "a.eml" -> "Subject: " + "=?utf-8?Q?x?= ".repeat(n) + "\n\n" + "text\n".repeat(n);
                        case "a.html" -> "<table><tr><th>".repeat(n / 10) + "<div class='cookie'><p>x".repeat(n);
                        case "a.csv" -> "a,\"b\n".repeat(n);
                        case "a.json" -> "[" + "{\"a\":{\"b\":1}},".repeat(n) + "1]";
                        case "a.jsonl" -> "{\"a\":{\"b\":1}}\n".repeat(n);
                        case "a.md" -> "a\n=\n- b\n---\n# c\n".repeat(n);
                        case "a.rst" -> "a\n=\nb\n--\n".repeat(n);
                        case "a.ipynb" ->
                            "{\"cells\":[" + "{\"cell_type\":\"code\",\"source\":[\"a\"]},".repeat(n) + "null]}";
                        default -> "// a\nclass A { void b(int c) {\ndef x(((((\n".repeat(n);
                    };
            return text.getBytes(StandardCharsets.UTF_8);
        };
    }

    private static long allocated(byte[] file, String name) throws UnreadableFileException {
        return allocated(file, name, false);
    }

    private static long allocated(byte[] file, String name, boolean empty) throws UnreadableFileException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        if (empty) {
            refused(file, name);
        } else {
            read(file, name);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void aPathThatOnlyGoesUpAndAFormatWithoutAnEndTakeTimeOnceForEachLetter() throws UnreadableFileException {
        String up = "../".repeat(500_000);
        assertEquals("a.xml", OfficeParts.resolved("word/", up + "a.xml"));
        assertEquals("word/a.xml", OfficeParts.resolved("word/b/", "../a.xml"));
        assertEquals("word/a.xml", OfficeParts.resolved("word/", "./a.xml"));
        byte[] sheet = Archives.zip(
                "xl/workbook.xml",
                "<workbook xmlns:r='r'><sheets><sheet name='s' r:id='r1'/></sheets></workbook>",
                "xl/_rels/workbook.xml.rels",
                Archives.references("r1=worksheet=worksheets/sheet1.xml", "r2=styles=styles.xml"),
                "xl/styles.xml",
                "<styleSheet><numFmts><numFmt numFmtId='200' formatCode='" + "[".repeat(200_000)
                        + "'/></numFmts><cellXfs><xf numFmtId='200'/></cellXfs></styleSheet>",
                "xl/worksheets/sheet1.xml",
                "<worksheet><sheetData>" + "<row><c s='0'><v>42</v></c></row>".repeat(200)
                        + "</sheetData></worksheet>");
        assertTrue(read(sheet, "a.xlsx").sections().toString().contains("42"));
    }

    @Test
    void blanksOfAnOdtCountAsItsText() {
        String blanks = "<text:p>" + "<text:s text:c='100'/>".repeat(MOST / 50) + "</text:p>";
        byte[] odt = Archives.zip(
                "content.xml", "<office:body xmlns:office='o' xmlns:text='t'>" + blanks + "</office:body>");
        assertTrue(refused(odt, "a.odt").contains(Integer.toString(MOST)));
    }

    @Test
    void aNotebookOfNothingButBracketsIsRefusedBeforeItIsRead() {
        String cells = "{\"cells\":[{\"source\":[" + "{},".repeat(5_000_001) + "{}]}]}";
        assertTrue(refused(cells.getBytes(StandardCharsets.UTF_8), "a.ipynb").contains("5000000 lists and objects"));
    }

    @Test
    void aMailWhoseBase64WasCutIsReadAsFarAsItCame() throws UnreadableFileException {
        String mail =
                "From: a@example.org\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nVGhlIHBpZXIgaXMgOTAgbSBsb25nLg==\r\n-- \r\nlist\r\n";
        assertTrue(read(mail.getBytes(StandardCharsets.UTF_8), "a.eml")
                .sections()
                .toString()
                .contains("The pier is 90 m long."));
        String cut = mail.substring(0, mail.indexOf("Lg==") + 1);
        String read =
                read(cut.getBytes(StandardCharsets.UTF_8), "a.eml").sections().toString();
        assertTrue(read.contains("The pier is 90 m long") && !read.contains("VGhl"), read);
    }

    @Test
    void aMailWhoseSubjectWasCutIsReadAllTheSame() throws UnreadableFileException {
        String mail = "From: a@example.org\r\nSubject: =?utf-8?B?A?= =?-?Q?x?= pier\r\n\r\nThe pier is 90 m long.\r\n";
        Extraction read = read(mail.getBytes(StandardCharsets.UTF_8), "a.eml");
        assertTrue(read.sections().toString().contains("The pier is 90 m long."));
        assertTrue(read.title().endsWith("pier"), read.title());
    }
}
