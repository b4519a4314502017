package dev.foundrygateway.retrieval.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read out of each kind of file: titles, headings, and rows that say what they mean. */
class FileKindsTest {
    private static final String R = "xmlns:r='http://x/relationships'";

    private static Extraction read(String name, byte[] file) {
        try {
            return new DocumentReader(1_000_000).read(file, name);
        } catch (UnreadableFileException e) {
            throw new AssertionError(name + ": " + e.getMessage(), e);
        }
    }

    private static Extraction read(String name, String text) {
        return read(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String all(Extraction read) {
        StringBuilder all = new StringBuilder();
        read.sections().forEach(section -> all.append('[')
                .append(section.heading())
                .append("] ")
                .append(section.text().strip())
                .append('\n'));
        return all.toString();
    }

    @Test
    void aWordDocumentHasHeadingsTablesNotesAndATitle() {
        byte[] docx = Archives.zip(
                "_rels/.rels", Archives.references("1=officeDocument=word/document2.xml"),
                "docProps/core.xml", "<c xmlns:dc='dc'><dc:title>Leave handbook</dc:title></c>",
                "word/_rels/document2.xml.rels", Archives.references("1=styles=styles.xml", "2=footnotes=footnotes.xml"),
                "word/styles.xml",
                        "<s><style styleId='berschrift1'><name val='heading 1'/></style><style styleId='x'><pPr><outlineLvl val='1'/></pPr></style></s>",
                "word/footnotes.xml", "<f>" + "<p><r><t>See the intranet.</t></r></p></f>",
                "word/document2.xml",
                        "<w:document xmlns:w='w'><w:body><w:p><w:pPr><w:pStyle w:val='berschrift1'/></w:pPr><w:r><w:t>Leave</w:t></w:r></w:p>"
                                + "<w:p><w:pPr><w:pStyle w:val='x'/></w:pPr><w:r><w:t>Requests</w:t></w:r></w:p>"
                                + "<w:p><w:r><w:t xml:space='preserve'>Signed by </w:t></w:r><w:r><w:t>the lead.</w:t></w:r><w:del><w:r><w:delText>Nobody.</w:delText></w:r></w:del></w:p>"
                                + "<w:tbl><w:tr><w:tc>" + Archives.p("Office") + "</w:tc><w:tc>" + Archives.p("Days") + "</w:tc></w:tr>"
                                + "<w:tr><w:tc>" + Archives.p("Lisbon") + "</w:tc><w:tc>" + Archives.p("25") + "</w:tc></w:tr></w:tbl></w:body></w:document>");
        Extraction read = read("a.docx", docx);
        assertEquals("Leave handbook", read.title());
        assertEquals(
                "[Leave > Requests] Signed by the lead.\nOffice: Lisbon; Days: 25.\n\nSee the intranet.\n", all(read));
    }

    @Test
    void slidesStandUnderTheirTitlesInTheirOrder() {
        String slide = "<p:sld xmlns:p='p' xmlns:a='a'><p:sp><p:nvPr><p:ph type='title'/></p:nvPr><a:p><a:r><a:t>%s</a:t></a:r></a:p></p:sp>"
                + "<p:sp><a:p><a:r><a:t>%s</a:t></a:r></a:p></p:sp></p:sld>";
        byte[] pptx = Archives.zip(
                "ppt/presentation.xml",
                        "<p:p xmlns:p='p' " + R + "><p:sldId id='9' r:id='b'/><p:sldId id='8' r:id='a'/></p:p>",
                "ppt/_rels/presentation.xml.rels",
                        Archives.references("a=slide=slides/slide1.xml", "b=slide=slides/slide2.xml"),
                "ppt/slides/slide1.xml", String.format(slide, "Costs", "Two million."),
                "ppt/slides/slide2.xml", String.format(slide, "Plan", "Open in May."),
                "ppt/slides/_rels/slide2.xml.rels", Archives.references("n=notesSlide=../notesSlides/n.xml"),
                "ppt/notesSlides/n.xml",
                        "<n xmlns:a='a'><sp><a:p><a:r><a:t>Say it slowly.</a:t></a:r></a:p></sp></n>");
        Extraction read = read("a.pptx", pptx);
        assertEquals("Plan", read.title());
        assertEquals("[Plan] Plan\nOpen in May.\nSay it slowly.\n[Costs] Costs\nTwo million.\n", all(read));
    }

    @Test
    void aSheetSaysWhatItsRowsMeanAndShowsDatesAsDates() {
        byte[] xlsx = Archives.zip(
                "xl/workbook.xml",
                        "<w " + R + "><sheets><sheet name='Offices' r:id='s'/></sheets></w>",
                "xl/_rels/workbook.xml.rels",
                        Archives.references(
                                "s=worksheet=/xl/worksheets/sheet1.xml", "t=sharedStrings=sharedStrings.xml",
                                "u=styles=styles.xml"),
                "xl/sharedStrings.xml",
                        "<sst><si><t>City</t></si><si><r><t>Lis</t></r><r><t>bon</t></r><rPh><t>x</t></rPh></si></sst>",
                "xl/styles.xml",
                        "<s><numFmts><numFmt numFmtId='170' formatCode='0.0\"dm\"%'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='170'/></cellXfs></s>",
                "xl/worksheets/sheet1.xml",
                        "<w><row><c r='A1' t='s'><v>0</v></c><c r='B1' t='inlineStr'><is><t>Opened</t></is></c><c r='D1' t='str'><v>Share</v></c></row>"
                                + "<row><c r='A2' t='s'><v>1</v></c><c r='B2' s='1'><f>NOW()</f><v>45292</v></c><c r='D2' s='2'><v>0.19500000000000001</v></c></row></w>");
        assertEquals("[Offices] City: Lisbon; Opened: 2024-01-01; Share: 19.5%.\n", all(read("a.xlsx", xlsx)));
    }

    @Test
    void openDocumentsHaveHeadingsSheetsAndSlides() {
        String start = "<office:d xmlns:office='o' xmlns:text='t' xmlns:table='a' xmlns:draw='d' xmlns:presentation='p'>";
        Extraction text = read(
                "a.odt",
                Archives.zip(
                        "meta.xml", "<m xmlns:dc='dc'><dc:title>Guide</dc:title></m>",
                        "content.xml",
                        start
                                + "<text:h text:outline-level='2'>Leave</text:h><text:p>Ask<text:s text:c='2'/>the <text:span>lead</text:span>.</text:p></office:d>"));
        assertEquals("Guide", text.title());
        assertEquals("[Leave] Ask  the lead.\n", all(text));
        String cell = "<table:table-cell><text:p>%s</text:p></table:table-cell>";
        assertEquals(
                "[Offices] City: Lisbon; Days: 25.\n",
                all(read(
                        "a.ods",
                        Archives.zip(
                                "content.xml",
                                start + "<office:spreadsheet><table:table table:name='Offices'><table:table-row>"
                                        + String.format(cell, "City")
                                        + "<table:table-cell table:number-columns-repeated='2'/>"
                                        + String.format(cell, "Days") + "</table:table-row><table:table-row>"
                                        + String.format(cell, "Lisbon")
                                        + "<table:table-cell table:number-columns-repeated='2'/>"
                                        + String.format(cell, "25")
                                        + "</table:table-row></table:table></office:spreadsheet></office:d>"))));
        assertEquals(
                "[Plan] Plan\nOpen in May.\n",
                all(read(
                        "a.odp",
                        Archives.zip(
                                "content.xml",
                                start
                                        + "<draw:page draw:name='page1'><draw:frame presentation:class='title'><text:p>Plan</text:p></draw:frame><draw:frame><text:p>Open in May.</text:p></draw:frame></draw:page></office:d>"))));
    }

    @Test
    void aBookIsReadInItsOrder() {
        byte[] epub = Archives.zip(
                "META-INF/container.xml", "<c><rootfiles><rootfile full-path='OPS/book.opf'/></rootfiles></c>",
                "OPS/book.opf",
                        "<package xmlns:dc='dc'><metadata><dc:title>The Pier</dc:title></metadata><manifest><item id='b' href='b%20two.xhtml'/><item id='a' href='a.xhtml'/></manifest><spine><itemref idref='a'/><itemref idref='b'/></spine></package>",
                "OPS/b two.xhtml", "<html><body><h1>Two</h1><p>It rained.</p></body></html>",
                "OPS/a.xhtml", "<!DOCTYPE html><html><body><h1>One</h1><p>The&nbsp;ferry left.</p></body></html>");
        Extraction read = read("a.epub", epub);
        assertEquals("The Pier", read.title());
        assertEquals("[One] The ferry left.\n[Two] It rained.\n", all(read));
    }

    @Test
    void richTextIsReadInTheLettersOfItsFonts() {
        String rtf = "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset204 Arial;}}{\\info{\\title Leave}{\\author Ann}}{\\*\\generator x;}"
                + "\\pard\\outlinelevel0 Leave\\par\\pard Signed by M\\'fcller \\u8364? and {\\f1\\'cb\\'e5\\'ed\\'e0}.\\par"
                + "\\trowd\\pard\\intbl City\\cell Days\\cell\\row\\intbl Lisbon\\cell 25\\cell\\row\\pard End.\\par}";
        Extraction read = read("a.rtf", rtf.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("Leave", read.title());
        assertEquals(
                "[Leave] Signed by M\u00fcller \u20ac and \u041b\u0435\u043d\u0430.\nCity: Lisbon; Days: 25.\n\nEnd.\n",
                all(read));
    }

    @Test
    void aMailSaysWhoWroteAndWhatIsAttached() {
        String docx = Base64.getMimeEncoder().encodeToString(Archives.docx(Archives.p("The pier closes at nine.")));
        String mail = "From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>\r\nTo: ann@example.org\r\nSubject: =?UTF-8?B?UGllcnM=?=\r\n =?utf-8?Q?_and_boats?=\r\n"
                + "Content-Type: multipart/mixed; boundary=\"b=1\"\r\n\r\n--b=1\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n"
                + "--c\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nDie T=FCrme sind =\r\nhoch.\r\n"
                + "--c\r\nContent-Type: text/html\r\n\r\n<p>Not this</p>\r\n--c--\r\n"
                + "--b=1\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=UTF-8''pier%20times.docx\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + docx + "\r\n--b=1--\r\n";
        Extraction read = read("a.eml", mail.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("Piers and boats", read.title());
        String all = all(read);
        assertTrue(all.contains("From: J\u00fcrgen <j@example.org>"), all);
        assertTrue(all.contains("Die T\u00fcrme sind hoch."), all);
        assertTrue(all.contains("[pier times.docx] The pier closes at nine."), all);
        assertFalse(all.contains("Not this"), all);
    }

    @Test
    void aNotebookHasItsHeadingsCodeAndOutput() {
        Extraction read = read(
                "a.ipynb",
                "{\"cells\":[{\"cell_type\":\"markdown\",\"source\":[\"# Tides\\n\",\"High at noon.\"]},{\"cell_type\":\"code\",\"source\":\"print(7)\",\"outputs\":[{\"text\":[\"7\\n\"]},{\"data\":{\"text/plain\":\"42\",\"image/png\":\"AAAA\"}}]}],\"nbformat\":4}");
        assertEquals("Tides", read.title());
        assertEquals("[Tides] High at noon.\nprint(7)\n7\n\n42\n", all(read));
    }

    @Test
    void xmlIsReadByTheNamesOfItsElements() {
        assertEquals(
                "[] city name: Lisbon\ndays: 25\nAsk the lead first.\n",
                all(read(
                        "a.xml",
                        "<?xml version='1.0'?><!DOCTYPE a><a><city name='Lisbon'><days>25</days></city><p>Ask <b>the lead</b> first.</p></a>")));
    }

    @Test
    void aTableTellsItsSeparatorAndWhetherItHasAHeader() {
        assertEquals(
                "[] Ware: Apfel; Preis: 1,50.\nWare: Birne; Preis: 2,30.\n",
                all(read("a.csv", "Ware;Preis\nApfel;1,50\nBirne;2,30\n")));
        assertEquals(
                "[] Anna; 34; Lisbon.\nBen; 27; Porto.\n", all(read("a.csv", "Anna,34,Lisbon\nBen,27,Porto\n")));
        assertEquals(
                "[] Land: Spain; 2023: 4; 2024: 5.\n", all(read("a.csv", "Land\t2023\t2024\nSpain\t4\t5\n")));
        assertEquals("[] a: x\ny; b: say \"no\".\n", all(read("a.csv", "sep=|\na|b\n\"x\ny\"|\"say \"\"no\"\"\"\n")));
        assertEquals("[] a: \"open; b: 2.\na: 3; b: 4.\n", all(read("a.csv", "a,b\n\"open,2\n3,4")));
        assertEquals(
                "[] Prices of May.\nWare: Apfel; Preis: 1.\nWare: Birne; Preis: 2.\n",
                all(read("a.csv", "Prices of May,\nWare,Preis\nApfel,1\nBirne,2\n")));
        assertEquals("[] 1; 2.\n3; 4.\n", all(read("a.csv", "1,2\n3,4\n")));
    }

    @Test
    void jsonHasPathsForNamesAndAnObjectIsAPartOfItsOwn() {
        assertEquals(
                "[] name: Ann\naddress.city: Lisbon\n[] name: Ben\ntags: a\ntags: b\n",
                all(read(
                        "a.json",
                        "[{\"name\":\"Ann\",\"address\":{\"city\":\"Lisbon\"}},{\"name\":\"Ben\",\"tags\":[\"a\",\"b\"],\"x\":null}]")));
        assertEquals(
                "[] title: Piers\n[] piers.name: West\npiers.times.opens: 8\n[] piers.name: East\n[] closed: true\n",
                all(read(
                        "a.json",
                        "{\"title\":\"Piers\",\"piers\":[{\"name\":\"West\",\"times\":[{\"opens\":8}]},{\"name\":\"East\"}],\"closed\":true}")));
        assertEquals(
                "[] a: 1\nb.c: 2\n[] a: 3\n", all(read("a.jsonl", "{\"a\":1,\"b\":[{\"c\":2}]}\n{\"a\":3}\n")));
    }

    @Test
    void aPageIsItsArticle() {
        String page = "<html><head><title>Pier times</title></head><body><header><nav>Home News</nav><h1>Piers</h1></header><div id='cookie-banner'>We use cookies</div>"
                + "<aside>Also read</aside><div class='content'><p>The west pier opens at eight every day.</p><p style='display: none'>secret</p>"
                + "<table><tr><th>Pier</th><th>Opens</th></tr><tr><td>West</td><td>8</td></tr></table></div><div class='sidebar x'>Links</div><footer>Imprint</footer></body></html>";
        Extraction read = read("a.html", page);
        assertEquals("Pier times", read.title());
        assertEquals("[Piers] The west pier opens at eight every day.\nPier: West; Opens: 8.\n", all(read));
        assertEquals(
                "[] All of the text.\n",
                all(read("a.html", "<body class='cookie-on'><div id='consent-page'><p>All of the text.</p></div></body>")));
        assertEquals("[] Only menus.\n", all(read("a.html", "<body><aside>Only menus.</aside></body>")));
        assertEquals(
                "[In] The article.\n",
                all(read("a.html", "<body><p>Ads</p><main><h2>In</h2><p>The article.</p></main><p>More</p></body>")));
    }

    @Test
    void markdownHasFrontMatterAndUnderlinedHeadings() {
        Extraction read = read(
                "a.md",
                "---\ntitle: \"Leave\"\ntags: [a]\n---\n\nRequests\n========\nSigned by the lead.\n\nDays\n---\nThere are 25.\n\n- a\n---\n\n```\nx\n===\n```\n");
        assertEquals("Leave", read.title());
        assertEquals(
                "[] title: \"Leave\"\ntags: [a]\n[Requests] Signed by the lead.\n[Requests > Days] There are 25.\n\n- a\n---\n\n```\nx\n===\n```\n",
                all(read));
    }

    @Test
    void reStructuredTextFindsItsOwnLevels() {
        Extraction read = read(
                "a.rst", "=====\nPiers\n=====\n\nWest\n----\nOpens at eight.\n\nEast\n----\nIs closed.\n\nNorth\n~~~~~\nGone.\n");
        assertEquals("Piers", read.title());
        assertEquals(
                "[Piers > West] Opens at eight.\n[Piers > East] Is closed.\n[Piers > East > North] Gone.\n", all(read));
    }

    @Test
    void codeIsCutAtItsFunctions() {
        assertEquals(
                "[] import os\n[rate] # The tax.\ndef rate(x):\n    return x\n[Pier] class Pier:\n[Pier > opens] def opens(self):\n        return 8\n",
                all(
                        read(
                                "a.py",
                                "import os\n\n# The tax.\ndef rate(x):\n    return x\n\nclass Pier:\n    def opens(self):\n        return 8\n")));
        String java = all(read(
                "A.java",
                "package a;\n\n/** A pier. */\npublic final class Pier {\n    /** When. */\n    @Override\n    public int opens(String day) {\n        if (day.isEmpty()) {\n            return 8;\n        }\n        return 9;\n    }\n}\n"));
        assertTrue(java.contains("[Pier] /** A pier. */\npublic final class Pier {"), java);
        assertTrue(java.contains("[Pier > opens] /** When. */\n    @Override\n    public int opens"), java);
        assertTrue(all(read("a.go", "func (p *Pier) Opens() int {\n\treturn 8\n}\n")).startsWith("[Opens] "));
        assertTrue(all(read("a.ts", "export const opens = async () => {\n  return 8;\n};\n")).startsWith("[opens] "));
        assertTrue(all(read("a.sql", "CREATE TABLE piers (\n id int\n);\n")).startsWith("[piers] "));
    }

    @Test
    void theFirstShortLineOfATextIsItsTitle() {
        assertEquals("Leave policy", read("a.txt", "\nLeave policy\n\nRequests are signed.").title());
        assertEquals("", read("a.txt", "The tower is 91 m high.\nIt is old.").title());
        assertEquals("", read("a.txt", "Only line").title());
        assertEquals("", read("a.log", "2026-01-01 12:00:00 INFO 1\n2026-01-01 x").title());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.doc", "a.zip", "a.msg"})
    void otherKindsAreRefusedByName(String name) {
        UnreadableFileException refused = assertThrows(
                UnreadableFileException.class,
                () -> new DocumentReader(1_000).read("text".getBytes(StandardCharsets.UTF_8), name));
        assertTrue(String.valueOf(refused.getMessage()).contains(".docx"), refused.getMessage());
    }

    @Test
    void passwordsAreTold() {
        UnreadableFileException refused = assertThrows(
                UnreadableFileException.class,
                () -> new DocumentReader(1_000)
                        .read(new byte[] {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, 1, 2}, "a.docx"));
        assertTrue(String.valueOf(refused.getMessage()).contains("password"));
    }

    @Test
    void eachEndingIsOfOneKind() {
        List<String> accepted = FileKind.accepted();
        assertEquals(accepted.size(), accepted.stream().distinct().count());
        assertTrue(accepted.containsAll(List.of(".docx", ".pdf", ".txt", ".eml")), accepted.toString());
    }

    @Test
    void thePageTakesWhatIsRead() throws IOException {
        try (InputStream page = FileKind.class.getResourceAsStream("/META-INF/resources/playground/index.html")) {
            String html = new String(Objects.requireNonNull(page).readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(html.contains("accept=\"" + String.join(",", FileKind.accepted()) + ",text/*\""), html);
        }
    }
}
