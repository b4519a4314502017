package dev.foundrygateway.retrieval.read;

import java.util.ArrayList;
import java.util.List;

/** The table of a document that is being read: the text of its cells becomes rows; a table within a cell is text of that cell. Confined to its reader's thread. */
final class OpenTables {
    private final Headings document;
    private final int maxLength;
    private final StringBuilder cell = new StringBuilder();
    private List<String> row = new ArrayList<>();
    private final StringBuilder lines = new StringBuilder();
    private Rows rows;
    private int depth;

    OpenTables(Headings document, int maxLength) {
        this.document = document;
        this.maxLength = maxLength;
        this.rows = new Rows(lines, maxLength);
    }

    void begin() {
        if (depth++ == 0) {
            rows = new Rows(lines, maxLength);
        }
    }

    boolean open() {
        return depth > 0;
    }

    /** A paragraph of the cell. */
    void text(CharSequence words) throws UnreadableFileException {
        if (cell.length() > 0 && words.length() > 0) {
            cell.append(' ');
        }
        cell.append(words);
        document.bound(cell.length());
    }

    void endCell() throws UnreadableFileException {
        if (depth == 1) {
            row.add(cell.toString());
            cell.setLength(0);
            Rows.check(row);
        }
    }

    /** Cells of this number that are empty. */
    void skipCells(int number) {
        for (int i = 0; i < number && depth == 1; i++) {
            row.add("");
        }
    }

    void endRow() throws UnreadableFileException {
        if (depth == 1) {
            rows.add(row);
            row = new ArrayList<>();
        }
    }

    void end() throws UnreadableFileException {
        if (--depth == 0) {
            rows.end();
            document.text(lines).text("\n");
            lines.setLength(0);
        }
    }
}
