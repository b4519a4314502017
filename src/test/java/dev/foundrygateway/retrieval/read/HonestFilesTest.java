package dev.foundrygateway.retrieval.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What honest files have beside plain paragraphs: the words that a reader sees are all there, in their order, once. */
class HonestFilesTest {
    private static final String ODF =
            "<office:d xmlns:office='o' xmlns:text='t' xmlns:table='a' xmlns:draw='d' xmlns:presentation='p' xmlns:svg='s'>";

    private static String read(String name, byte[] file) {
        try {
            StringBuilder all = new StringBuilder();
            new DocumentReader(1_000_000)
                    .read(file, name)
                    .sections()
                    .forEach(section -> all.append('[')
                            .append(section.heading())
                            .append("] ")
                            .append(section.text().strip().replaceAll("\n+", " / "))
                            .append('\n'));
            return all.toString();
        } catch (UnreadableFileException e) {
            throw new AssertionError(name + ": " + e.getMessage(), e);
        }
    }

    private static String read(String name, String text) {
        return read(name, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aTextBoxFollowsTheParagraphThatItStandsIn() {
        assertEquals(
                "[] The tower is 91 m high. / Open in May.\n",
                read(
                        "a.docx",
                        Archives.docx(
                                "<w:p><w:r><w:t xml:space='preserve'>The tower </w:t></w:r><w:r><AlternateContent>"
                                        + "<Choice><w:txbxContent>" + Archives.p("Open in May.")
                                        + "</w:txbxContent></Choice>"
                                        + "<Fallback><w:txbxContent>" + Archives.p("Open in May.")
                                        + "</w:txbxContent></Fallback>"
                                        + "</AlternateContent></w:r><w:r><w:t>is 91 m high.</w:t></w:r></w:p>")));
    }

    @Test
    void whatIsHiddenOrOnlySpokenIsLeftOut() {
        assertEquals(
                "[] \u6771\u4eac is here.\n",
                read(
                        "a.docx",
                        Archives.docx(
                                "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:ruby><w:rt><w:r><w:t>toukyou</w:t></w:r></w:rt>"
                                        + "<w:rubyBase><w:r><w:t>\u6771\u4eac</w:t></w:r></w:rubyBase></w:ruby></w:r>"
                                        + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
                                        + "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t xml:space='preserve'> is here.</w:t></w:r></w:p>")));
        assertEquals(
                "[] One three four.\n",
                read("a.rtf", "{\\rtf1 One {\\v two }{\\deleted gone }three\\v  hidden\\v0\\plain  four.}"));
    }

    @Test
    void mergedCellsStandUnderTheirColumnsAndInEachOfTheirRows() {
        String cell = "<w:tc><w:tcPr>%s</w:tcPr><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc>";
        String expected =
                "City: Lisbon; Desk: Sales; Days: 25. / City: Lisbon; Desk: Support; Days: 22. / City: All; Days: 47.";
        assertEquals(
                "[] " + expected + "\n",
                read(
                        "a.docx",
                        Archives.docx("<w:tbl><w:tr>" + String.format(cell, "", "City")
                                + String.format(cell, "", "Desk")
                                + String.format(cell, "", "Days") + "</w:tr><w:tr>"
                                + String.format(cell, "<w:vMerge w:val='restart'/>", "Lisbon")
                                + String.format(cell, "", "Sales") + String.format(cell, "", "25") + "</w:tr><w:tr>"
                                + String.format(cell, "<w:vMerge/>", "") + String.format(cell, "", "Support")
                                + String.format(cell, "", "22") + "</w:tr><w:tr>"
                                + String.format(cell, "<w:gridSpan w:val='2'/>", "All")
                                + String.format(cell, "", "47") + "</w:tr></w:tbl>")));
        assertEquals(
                "[] " + expected + "\n",
                read(
                        "a.html",
                        "<table><tr><th>City<th>Desk<th>Days</tr><tr><td rowspan=2>Lisbon<td>Sales<td>25</tr>"
                                + "<tr><td>Support<td>22</tr><tr><td colspan=2>All<td>47</tr></table>"));
        String odf = "<table:table-cell%s><text:p>%s</text:p></table:table-cell>";
        assertEquals(
                "[] " + expected + "\n",
                read(
                        "a.odt",
                        Archives.zip(
                                "content.xml",
                                ODF + "<table:table><table:table-row>" + String.format(odf, "", "City")
                                        + String.format(odf, "", "Desk") + String.format(odf, "", "Days")
                                        + "</table:table-row><table:table-row>"
                                        + String.format(odf, " table:number-rows-spanned='2'", "Lisbon")
                                        + String.format(odf, "", "Sales") + String.format(odf, "", "25")
                                        + "</table:table-row><table:table-row><table:covered-table-cell/>"
                                        + String.format(odf, "", "Support") + String.format(odf, "", "22")
                                        + "</table:table-row><table:table-row>"
                                        + String.format(odf, " table:number-columns-spanned='2'", "All")
                                        + "<table:covered-table-cell/>" + String.format(odf, "", "47")
                                        + "</table:table-row></table:table></office:d>")));
        assertEquals(
                "[S] " + expected + "\n",
                read(
                        "a.xlsx",
                        sheet(
                                "<row r='1'>" + string("A1", "City") + string("B1", "Desk") + string("C1", "Days")
                                        + "</row><row r='2'>" + string("A2", "Lisbon") + string("B2", "Sales")
                                        + "<c r='C2'><v>25</v></c></row><row r='3'><c r='A3'/>"
                                        + string("B3", "Support")
                                        + "<c r='C3'><v>22</v></c></row><row r='4'>" + string("A4", "All")
                                        + "<c r='B4'/><c r='C4'><v>47</v></c></row>",
                                "<mergeCells><mergeCell ref='A2:A3'/><mergeCell ref='A4:B4'/></mergeCells>")));
    }

    private static String string(String cell, String words) {
        return "<c r='" + cell + "' t='inlineStr'><is><t>" + words + "</t></is></c>";
    }

    private static byte[] sheet(String rows, String behind) {
        return Archives.zip(
                "xl/workbook.xml",
                "<w xmlns:r='http://x/r'><sheets><sheet name='S' r:id='s'/><sheet name='Empty' r:id='e'/></sheets></w>",
                "xl/_rels/workbook.xml.rels",
                Archives.references("s=worksheet=w/s.xml", "e=worksheet=w/e.xml", "u=styles=styles.xml"),
                "xl/styles.xml",
                "<s><numFmts><numFmt numFmtId='170' formatCode='[h]:mm'/><numFmt numFmtId='171' formatCode='#,##0.00\\ [$\u20ac-407]'/>"
                        + "<numFmt numFmtId='172' formatCode='\"$\"#,##0.00'/><numFmt numFmtId='173' formatCode='[$-10409]#,##0.00;-#,##0.00'/>"
                        + "<numFmt numFmtId='174' formatCode='[$-409]#,##0'/><numFmt numFmtId='175' formatCode='[$\u20ac-407]#,##0'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='170'/>"
                        + "<xf numFmtId='171'/><xf numFmtId='172'/><xf numFmtId='46'/><xf numFmtId='173'/><xf numFmtId='174'/><xf numFmtId='175'/></cellXfs></s>",
                "xl/w/s.xml",
                "<w><sheetData>" + rows + "</sheetData>" + behind + "</w>",
                "xl/w/e.xml",
                "<w><sheetData/></w>");
    }

    @Test
    void hoursBeyondADayAndCurrenciesAreShown() {
        assertEquals(
                "[S] 36:00; 12.5 \u20ac; $9; 25:00:30; two lines.\n",
                read(
                        "a.xlsx",
                        sheet(
                                "<row><c s='1'><v>1.5</v></c><c s='2'><v>12.5</v></c><c s='3'><v>9</v></c>"
                                        + "<c s='4'><v>1.0420138888888889</v></c><c t='str'><v>two_x000A_lines</v></c></row>",
                                "")));
    }

    @Test
    void aLanguageWithoutACurrencyIsNone() {
        assertEquals(
                "[S] 1234.5; 1234.5; \u20ac1234.5.\n",
                read(
                        "a.xlsx",
                        sheet(
                                "<row><c s='5'><v>1234.5</v></c><c s='6'><v>1234.5</v></c><c s='7'><v>1234.5</v></c></row>",
                                "")));
    }

    @Test
    void cellsOverRowsKeepTheirColumnsThoughTheyAreBlankOrTheRowIsShort() {
        assertEquals(
                "[] b: 1; c: 2. / b: 3; c: 4. / a: 5; b: w; c: 6. / a: 7. / a: 8; b: 9.\n",
                read(
                        "a.html",
                        "<table><tr><th>a<th>b<th>c<tr><td rowspan=2><td>1<td>2<tr><td>3<td>4<tr><td>5<td rowspan=2>w<td>6"
                                + "<tr><tr><td>7<tr><td>8<td>9</table>"));
    }

    @Test
    void headersOfSeveralRowsAreOne() {
        assertEquals(
                "[] Name: Ann; Leave from: 1 May; Leave to: 8 May.\n",
                read(
                        "a.html",
                        "<table><thead><tr><th rowspan=2>Name<th colspan=2>Leave</tr><tr><th>from<th>to</tr></thead>"
                                + "<tr><td>Ann<td>1 May<td>8 May</tr></table>"));
    }

    @Test
    void notesFollowTheirParagraph() {
        assertEquals(
                "[] The lead signs it. / On paper.\n",
                read(
                        "a.odt",
                        Archives.zip(
                                "content.xml",
                                ODF
                                        + "<text:p>The lead<text:note><text:note-citation>1</text:note-citation><text:note-body>"
                                        + "<text:p>On paper.</text:p></text:note-body></text:note> signs it.</text:p></office:d>")));
        assertEquals(
                "[] The lead signs it. / On paper. / Next.\n",
                read(
                        "a.rtf",
                        "{\\rtf1 The lead{\\super \\chftn}{\\footnote\\pard\\plain {\\super\\chftn} On paper.} signs it.\\par Next.}"));
    }

    @Test
    void repeatedCellsAreEachThere() {
        assertEquals(
                "[Plan] Mon: 5; Tue: 5; Wed: 5.\n",
                read(
                        "a.ods",
                        Archives.zip(
                                "content.xml",
                                ODF + "<office:spreadsheet><table:table table:name='Plan'><table:table-row>"
                                        + "<table:table-cell><text:p>Mon</text:p></table:table-cell><table:table-cell><text:p>Tue</text:p></table:table-cell>"
                                        + "<table:table-cell><text:p>Wed</text:p></table:table-cell><table:table-cell table:number-columns-repeated='1000'/></table:table-row>"
                                        + "<table:table-row><table:table-cell table:number-columns-repeated='3' table:value='5'><text:p>5</text:p></table:table-cell></table:table-row>"
                                        + "</table:table><table:table table:name='Empty'/></office:spreadsheet></office:d>")));
    }

    @Test
    void diagramsOfSlidesAreRead() {
        assertEquals(
                "[Steps] Steps / Ask / Sign / Say it.\n",
                read(
                        "a.pptx",
                        Archives.zip(
                                "ppt/presentation.xml",
                                "<p xmlns:r='http://x/r'><sldId id='1' r:id='a'/></p>",
                                "ppt/_rels/presentation.xml.rels",
                                Archives.references("a=slide=slides/s.xml"),
                                "ppt/slides/s.xml",
                                "<sld><sp><ph type='title'/><p><r><t>Steps</t></r></p></sp></sld>",
                                "ppt/slides/_rels/s.xml.rels",
                                Archives.references(
                                        "d=diagramData=../diagrams/data1.xml", "n=notesSlide=../notesSlides/n.xml"),
                                "ppt/diagrams/data1.xml",
                                "<m><pt><t><p><r><t>Ask</t></r></p></t></pt><pt><t><p><r><t>Sign</t></r></p></t></pt></m>",
                                "ppt/notesSlides/n.xml",
                                "<n><sp><p><r><t>Say it.</t></r></p></sp></n>")));
    }

    @Test
    void shapesOfRichTextAreReadOnceWithoutTheirProperties() {
        assertEquals(
                "[] Box text Behind\u2003it, snow \u2603.\n",
                read(
                        "a.rtf",
                        "{\\rtf1\\uc1 {\\shp{\\*\\shpinst\\shpleft1{\\sp{\\sn shapeType}{\\sv 202}}{\\shptxt Box text }}{\\shprslt Box text }}"
                                + "Behind\\u8195\\'20it, snow \\u9731?.}"));
    }

    @Test
    void aMailsBoundariesWordsAndFilesAreTold() {
        String mail = String.join(
                "\r\n",
                "From: =?utf-8?Q?J=C3?= =?utf-8?Q?=BCrgen?= <j@example.org>",
                "Subject: Plan",
                "Content-Type: multipart/alternative; boundary=\"b\"",
                "",
                "--b",
                "Content-Type: text/plain",
                "",
                "See the plan.",
                "--b-not",
                "--b",
                "Content-Type: multipart/mixed; boundary=b2",
                "",
                "--b2",
                "Content-Type: text/html",
                "",
                "<p>See the plan.</p>",
                "--b2",
                "Content-Type: text/csv; name=plan.csv",
                "Content-Disposition: attachment; filename=plan.csv",
                "",
                "City,Days",
                "Lisbon,25",
                "--b2--",
                "--b--",
                "");
        assertEquals(
                "[] From: J\u00fcrgen <j@example.org> / Subject: Plan / See the plan.\r / --b-not\r / Attachment: plan.csv\n[plan.csv] City: Lisbon; Days: 25.\n",
                read("a.eml", mail));
        assertEquals(
                "[] From: a@example.org / Come at nine.\n",
                read(
                        "a.eml",
                        String.join(
                                "\r\n",
                                "From: a@example.org",
                                "Content-Type: multipart/alternative; boundary=b",
                                "",
                                "--b",
                                "Content-Type: text/html",
                                "",
                                "<p>Come at nine.</p>",
                                "--b",
                                "Content-Type: text/calendar",
                                "",
                                "BEGIN:VCALENDAR",
                                "--b--",
                                "")));
    }

    @Test
    void aNotebookShowsErrorsAndFormattedOutput() {
        assertEquals(
                "[Costs] 1/0 / ZeroDivisionError: division by zero / **Two** million / City: Lisbon; Days: 25.\n",
                read(
                        "a.ipynb",
                        "{\"cells\":[{\"cell_type\":\"markdown\",\"source\":[\"# Costs\"]},{\"cell_type\":\"code\",\"source\":\"1/0\",\"outputs\":["
                                + "{\"output_type\":\"error\",\"ename\":\"ZeroDivisionError\",\"evalue\":\"division by zero\",\"traceback\":[\"\\u001b[0m\"]},"
                                + "{\"data\":{\"text/plain\":[\"<IPython.core.display.Markdown object>\"],\"text/markdown\":[\"**Two** million\"]}},"
                                + "{\"data\":{\"text/plain\":\"<table>\",\"text/html\":\"<table><tr><th>City<th>Days<tr><td>Lisbon<td>25</table>\"}}]}]}"));
        assertEquals(
                "[Old] x = 1\n",
                read(
                        "a.ipynb",
                        "{\"worksheets\":[{\"cells\":[{\"cell_type\":\"heading\",\"level\":1,\"source\":[\"Old\"]},{\"cell_type\":\"code\",\"input\":[\"x = 1\"]}]}]}"));
    }

    @Test
    void aBooksClosedElementsSwallowNothingAndItsNotesAreRead() {
        assertEquals(
                "[One] The boat leaves. / At noon.\n",
                read(
                        "a.epub",
                        Archives.zip(
                                "META-INF/container.xml",
                                "<c><rootfile full-path='b.opf'/></c>",
                                "b.opf",
                                "<p><item id='a' href='a%20b.xhtml'/><itemref idref='a'/></p>",
                                "a b.xhtml",
                                "<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title/><script src='x.js'/><style/></head>"
                                        + "<body><h1>One</h1><a id='x'/><p>The boat leaves.</p><aside epub:type='footnote'><p>At noon.</p></aside></body></html>")));
    }

    @Test
    void xmlOfOneDocumentTypeKeepsItsEntities() {
        assertEquals(
                "[] note: Caf\u00e9 & bar <b>, Acme\u2026\n",
                read(
                        "a.xml",
                        "<?xml version='1.0'?><!DOCTYPE note [<!ENTITY company 'Acme'>]><x:note xmlns:x='x'>Caf\u00e9 &amp; bar <![CDATA[<b>]]>, &company;&hellip;</x:note>"));
    }

    @Test
    void codeWithinCodeIsNoHeading() {
        assertEquals(
                "[Guide] ````md / ```sh / # not one / ``` / # nor this / ```` / Done.\n",
                read("a.md", "# Guide\n````md\n```sh\n# not one\n```\n# nor this\n````\nDone.\n"));
        assertEquals(
                "[Guide] ```sh / # one / ```python / # two / ```\n",
                read("a.md", "# Guide\n```sh\n# one\n```python\n# two\n```\n"));
    }

    @Test
    void headingsThatNothingStandsUnderAreThere() {
        assertEquals(
                "[Guide > Leave > Forms] Ask.\n[Guide > Desk] Lost / Found / Here.\n[] Last\n",
                read("a.md", "# Guide\n## Leave\n### Forms\nAsk.\n## Lost\n## Found\n## Desk\nHere.\n## Last\n"));
        assertEquals("[] Only / Headings\n", read("a.md", "# Only\n# Headings\n"));
    }

    @Test
    void quotesLinesAndAMarkOfATable() {
        assertEquals(
                "[] City: Lisbon, \"old\" / town; Days: 25. / City: Porto; Days: 22.\n",
                read("a.csv", "\uFEFFCity,Days\r\n\"Lisbon, \"\"old\"\"\ntown\",25\r\nPorto,22\r\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "windows-1250, Wniosek podpisuje kierownik dzia\u0142u. Za\u0142\u0105cz fakture do rozliczenia i wy\u015blij j\u0105 do biura najp\u00f3\u017aniej w pi\u0105tek.",
        "ISO-8859-2, Wniosek podpisuje kierownik dzia\u0142u. Za\u0142\u0105cz fakture do rozliczenia i wy\u015blij j\u0105 do biura najp\u00f3\u017aniej w pi\u0105tek.",
        "windows-1250, P\u0159\u00edli\u0161 \u017elu\u0165ou\u010dk\u00fd k\u016f\u0148 b\u011b\u017e\u00ed kolem domu a pak se vrac\u00ed zp\u011bt do st\u00e1je.",
        "windows-1250, A k\u00e9relmet az oszt\u00e1lyvezet\u0151 \u00edrja al\u00e1. A sz\u00e1ml\u00e1t a k\u00f6nyvel\u0151h\u00f6z kell k\u00fcldeni leg\u00fajabb \u0171rlapon.",
        "windows-1254, \u0130zin talebini b\u00f6l\u00fcm y\u00f6neticisi imzalar. Faturay\u0131 sal\u0131 g\u00fcn\u00fc ak\u015fam\u0131na kadar g\u00f6nderin.",
        "windows-1252, Le c\u0153ur a ses raisons\\, o\u00f9 l'\u00e9t\u00e9 f\u00eate No\u00ebl \u00e0 5\u00bd \u20ac et 20 \u00b0C.",
        "windows-1252, \u00dea\u00f0 er gott a\u00f0 vera h\u00e9r og fara \u00fat \u00e1 sj\u00f3 me\u00f0 henni og honum."
    })
    void lettersOfOldTablesAreTold(String charset, String text) {
        assertEquals(
                text,
                read("a.txt", text.getBytes(Charset.forName(charset))).strip().substring("[] ".length()));
    }
}
