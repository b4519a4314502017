package dev.foundrygateway.retrieval.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is unfolded counts once, though a sheet is gone through more than once. */
class ZipPartsTest {
    private static final String MERGED = "<mergeCells><mergeCell ref='A2:A3'/></mergeCells>";

    /** More than half of what so small an archive may unfold to. */
    private static final int LARGE = 18 << 20;

    private static byte[] sheet(int blanks, String behind) {
        return Archives.zip(
                "xl/workbook.xml",
                "<w xmlns:r='http://x/r'><sheets><sheet name='S' r:id='s'/></sheets></w>",
                "xl/_rels/workbook.xml.rels",
                Archives.references("s=worksheet=s.xml"),
                "xl/s.xml",
                "<w><sheetData><row r='1'><c r='A1'><v>7</v></c><c r='B1'><v>8</v></c></row><row r='2'><c r='A2'><v>1</v></c></row>"
                        + "<row r='3'><c r='B3'><v>2</v></c></row>" + " ".repeat(blanks) + "</sheetData>" + behind
                        + "</w>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", MERGED})
    void aLargeSheetCountsOnce(String behind) throws UnreadableFileException {
        String rows = behind.isEmpty() ? "7; 8.\n1.\n2.\n" : "7; 8.\n1.\n1; 2.\n";
        for (int blanks : new int[] {0, LARGE}) {
            Extraction read = new DocumentReader(1_000).read(sheet(blanks, behind), "a.xlsx");
            assertEquals(rows.strip(), read.sections().get(0).text().strip());
        }
        byte[] twice = sheet(2 * LARGE, behind);
        assertTrue(String.valueOf(assertThrows(
                                UnreadableFileException.class, () -> new DocumentReader(1_000).read(twice, "a.xlsx"))
                        .getMessage())
                .contains("decompresses"));
    }

    @Test
    void aPartThatIsOpenedAgainCountsAgain() throws IOException, UnreadableFileException {
        ZipParts parts = ZipParts.of(Archives.zip("a", " ".repeat(LARGE)));
        assertEquals(LARGE, parts.bytes("a").length);
        assertThrows(ZipParts.UnfoldsException.class, () -> parts.bytes("a"));
    }

    @Test
    void aWordIsSeenWhereverItStands() throws IOException, UnreadableFileException {
        for (int before : new int[] {0, 1, 65_526, 65_527, 65_530, 65_535, 65_536, 131_070, 200_000}) {
            String blanks = " ".repeat(before);
            ZipParts parts = ZipParts.of(Archives.zip("a", blanks + "mergeCell", "b", blanks + "mergeCel", "c", ""));
            assertTrue(parts.mentions("a", "mergeCell"), blanks);
            assertFalse(parts.mentions("b", "mergeCell"), blanks);
            assertFalse(parts.mentions("c", "mergeCell") || parts.mentions("none", "mergeCell"));
        }
    }
}
