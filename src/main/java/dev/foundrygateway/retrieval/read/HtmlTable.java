package dev.foundrygateway.retrieval.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Element;

/** A page's table as rows in which each cell stands under its own column, however wide and high the cells around it are. */
final class HtmlTable {
    /** So many rows at the top are kept until all that name the columns are there. */
    private static final int MOST_HEADS = 20;
    /** More columns than any honest table has such cells in: each is said again in each row. */
    private static final int MOST_REACHING = 256;

    private final Map<Integer, Reach> reaching = new HashMap<>();
    private int number;

    /** What a cell says, and down to which row. */
    private record Reach(String words, int last) {}

    private HtmlTable() {}

    /**
     * Tells its rows one by one; those at the top that name the columns together are one.
     *
     * @param maxLength how long these names may get
     */
    static void read(Element table, Rows rows, int maxLength) throws UnreadableFileException {
        HtmlTable reading = new HtmlTable();
        List<List<String>> names = new ArrayList<>();
        boolean top = true;
        for (Element row : table.select("tr")) {
            boolean head = top && names.size() < MOST_HEADS && isHead(row);
            if (top && !head && !names.isEmpty()) {
                rows.add(together(names, maxLength));
                names.clear();
            }
            top = head;
            List<String> cells = reading.row(row, head);
            if (head) {
                names.add(cells);
            } else {
                rows.add(cells);
            }
        }
        if (!names.isEmpty()) {
            rows.add(together(names, maxLength));
        }
    }

    /** Whether it has headings alone. */
    static boolean isHead(Element row) {
        return row.children().stream().allMatch(cell -> cell.normalName().equals("th"));
    }

    private List<String> row(Element row, boolean head) throws UnreadableFileException {
        BoundedReading.check();
        number++;
        reaching.values().removeIf(reach -> reach.last() < number);
        List<String> cells = new ArrayList<>();
        for (Element cell : row.children()) {
            covered(cells);
            int columns = span(cell, "colspan", OpenTables.MOST_COLUMNS);
            int rows = span(cell, "rowspan", OpenTables.MOST_ROWS);
            String words = cell.text();
            for (int i = 0; i < columns; i++) {
                // A heading is that of each of its columns; a value is one.
                String said = i == 0 || head ? words : "";
                if (rows > 1 && reaching.size() < MOST_REACHING) {
                    reaching.put(cells.size(), new Reach(said, number + rows - 1));
                }
                cells.add(said);
            }
            Rows.check(cells);
        }
        covered(cells);
        Rows.check(cells);
        return cells;
    }

    private void covered(List<String> cells) {
        for (Reach reach = reaching.get(cells.size()); reach != null; reach = reaching.get(cells.size())) {
            cells.add(reach.words());
        }
    }

    private static int span(Element cell, String name, int most) {
        String number = cell.attr(name).strip();
        return number.matches("[0-9]{1,6}") ? Math.max(1, Math.min(most, Integer.parseInt(number))) : 1;
    }

    private static List<String> together(List<List<String>> names, int maxLength) throws UnreadableFileException {
        int columns = names.stream().mapToInt(List::size).max().orElse(0);
        List<String> all = new ArrayList<>();
        long length = 0;
        for (int column = 0; column < columns; column++) {
            Set<String> words = new LinkedHashSet<>();
            for (List<String> row : names) {
                if (column < row.size() && !row.get(column).isBlank()) {
                    words.add(row.get(column));
                }
            }
            // Several columns may share a name, and each has its own together with it.
            length += words.stream().mapToLong(String::length).sum();
            if (length > maxLength) {
                throw DocumentReader.tooLong(maxLength);
            }
            all.add(String.join(" ", words));
        }
        return all;
    }
}
