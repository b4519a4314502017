package dev.foundrygateway.retrieval.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.retrieval.PdfFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages in columns, tables, titles and headings. */
class PdfOrderTest {
    private static final String LEFT = "Leave requests are signed by the lead of team ";
    private static final String RIGHT = "Travel costs are paid back after so many days ";

    private static Extraction read(List<PdfFiles.Line> lines) throws IOException, UnreadableFileException {
        return new DocumentReader(1_000_000).read(PdfFiles.page(lines), "a.pdf");
    }

    private static List<PdfFiles.Line> columns(boolean inTurn) {
        List<PdfFiles.Line> lines = new ArrayList<>();
        lines.add(new PdfFiles.Line(72, 760, 20, "The handbook of the house by the river"));
        for (int i = 0; i < 20; i++) {
            lines.add(new PdfFiles.Line(50, 700 - 14 * i, 10, LEFT + i));
            if (inTurn) {
                lines.add(new PdfFiles.Line(310, 700 - 14 * i, 10, RIGHT + i));
            }
        }
        for (int i = 0; i < 20 && !inTurn; i++) {
            lines.add(new PdfFiles.Line(310, 700 - 14 * i, 10, RIGHT + i));
        }
        return lines;
    }

    @Test
    void twoColumnsAreReadOneAfterTheOtherHoweverTheyWereWritten() throws IOException, UnreadableFileException {
        for (boolean inTurn : List.of(true, false)) {
            Extraction read = read(columns(inTurn));
            assertEquals("The handbook of the house by the river", read.title());
            String text = read.sections().get(0).text();
            assertTrue(text.contains(LEFT + "3\n" + LEFT + "4\n"), text);
            assertTrue(text.contains(LEFT + "19\n" + RIGHT + "0\n"), text);
            assertTrue(text.contains(RIGHT + "18\n" + RIGHT + "19"), text);
        }
    }

    @Test
    void aTableStaysInItsRows() throws IOException, UnreadableFileException {
        List<PdfFiles.Line> lines = new ArrayList<>();
        lines.add(new PdfFiles.Line(50, 740, 10, "Each office has its own number of days, and this is what they are in all of them."));
        for (int i = 0; i < 20; i++) {
            lines.add(new PdfFiles.Line(50, 700 - 14 * i, 10, "Office " + i));
            lines.add(new PdfFiles.Line(330, 700 - 14 * i, 10, (20 + i) + " days"));
        }
        String text = read(lines).sections().get(0).text();
        assertTrue(text.contains("Office 3") && text.indexOf("23 days") < text.indexOf("Office 4"), text);
    }

    @Test
    void largerLinesAreHeadings() throws IOException, UnreadableFileException {
        List<Section> sections = read(List.of(
                        new PdfFiles.Line(50, 700, 16, "Leave"),
                        new PdfFiles.Line(50, 680, 10, "Requests are signed by the lead of the team."),
                        new PdfFiles.Line(50, 640, 16, "Travel"),
                        new PdfFiles.Line(50, 620, 10, "Costs are paid back after thirty days.")))
                .sections();
        assertEquals(List.of("page 1 > Leave", "page 1 > Travel"), sections.stream().map(Section::heading).toList());
        assertTrue(sections.get(1).text().contains("thirty days"));
    }
}
