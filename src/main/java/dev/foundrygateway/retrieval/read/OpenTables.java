package dev.foundrygateway.retrieval.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The table of a document that is being read: the text of its cells becomes rows; a table within a cell is text of that cell. Confined to its reader's thread. */
final class OpenTables {
    /** How many columns wide a cell is at most. */
    static final int MOST_COLUMNS = 64;

    /** How many rows high. */
    static final int MOST_ROWS = 1_024;

    private final Headings document;
    private final int maxLength;
    private final StringBuilder cell = new StringBuilder();
    private List<String> row = new ArrayList<>();
    private List<String> above = List.of();
    /** Into how many more rows the cell of a column reaches, where there are any. */
    private final Map<Integer, Integer> reaching = new HashMap<>();

    private final StringBuilder lines = new StringBuilder();
    private Rows rows;
    private int depth;
    /** Characters of the row so far. */
    private int held;

    OpenTables(Headings document, int maxLength) {
        this.document = document;
        this.maxLength = maxLength;
        this.rows = new Rows(lines, maxLength);
    }

    void begin() {
        if (depth++ == 0) {
            above = List.of();
            reaching.clear();
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
        held += words.length();
        document.bound(held);
    }

    void endCell() throws UnreadableFileException {
        endCell(1, false);
    }

    /**
     * The cell ends.
     *
     * @param columns how wide it is: what stands below it stays under its own column
     * @param goesOn whether it is part of the one above it, whose words its row then has, too
     */
    void endCell(int columns, boolean goesOn) throws UnreadableFileException {
        if (depth == 1) {
            String words = cell.toString();
            cell.setLength(0);
            row.add(goesOn && words.isBlank() ? ofTheOneAbove() : words);
            for (int i = 1; i < columns; i++) {
                row.add("");
            }
            Rows.check(row);
        }
    }

    /** The cell ends, which is so many rows high: what it covers of them comes as cells of their own. */
    void endHighCell(int rows) throws UnreadableFileException {
        if (depth == 1 && rows > 1) {
            reaching.put(row.size(), rows - 1);
        }
        endCell();
    }

    /** A cell that another one covers: with its words if that one is above, empty if it is at the left. */
    void coveredCell() throws UnreadableFileException {
        if (depth == 1) {
            int left = reaching.getOrDefault(row.size(), 0);
            if (left > 0) {
                reaching.put(row.size(), left - 1);
            }
            endCell(1, left > 0);
        }
    }

    private String ofTheOneAbove() {
        return row.size() < above.size() ? above.get(row.size()) : "";
    }

    /** So many cells that say what the last one says. */
    void repeatCell(int number) throws UnreadableFileException {
        for (int i = 0; i < number && depth == 1; i++) {
            row.add(row.get(row.size() - 1));
        }
        Rows.check(row);
    }

    /** Whether no table stands within another one here. */
    boolean isOutermost() {
        return depth == 1;
    }

    void endRow() throws UnreadableFileException {
        if (depth == 1) {
            rows.add(row);
            above = row;
            row = new ArrayList<>();
            held = 0;
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
