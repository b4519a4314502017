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
    private final Map<Integer, Reach> reaching = new HashMap<>();

    /** What a cell says, and in how many more rows. */
    private record Reach(String words, int rows) {}

    private HtmlTable() {}

    /** Its rows; those at the top that name the columns together are one. */
    static List<List<String>> rows(Element table) throws UnreadableFileException {
        HtmlTable reading = new HtmlTable();
        List<List<String>> rows = new ArrayList<>();
        List<List<String>> names = new ArrayList<>();
        for (Element row : table.select("tr")) {
            boolean head = rows.isEmpty() && isHead(row);
            (head ? names : rows).add(reading.row(row, head));
        }
        if (!names.isEmpty()) {
            rows.add(0, together(names));
        }
        return rows;
    }

    /** Whether it has headings alone. */
    static boolean isHead(Element row) {
        return row.children().stream().allMatch(cell -> cell.normalName().equals("th"));
    }

    private List<String> row(Element row, boolean head) throws UnreadableFileException {
        List<String> cells = new ArrayList<>();
        for (Element cell : row.children()) {
            covered(cells);
            int columns = span(cell, "colspan", OpenTables.MOST_COLUMNS);
            int rows = span(cell, "rowspan", OpenTables.MOST_ROWS);
            for (int i = 0; i < columns; i++) {
                // A heading is that of each of its columns; a value is one.
                String words = i == 0 || head ? cell.text() : "";
                if (rows > 1) {
                    reaching.put(cells.size(), new Reach(words, rows - 1));
                }
                cells.add(words);
            }
            Rows.check(cells);
        }
        covered(cells);
        return cells;
    }

    private void covered(List<String> cells) {
        for (Reach reach = reaching.remove(cells.size()); reach != null; reach = reaching.remove(cells.size())) {
            if (reach.rows() > 1) {
                reaching.put(cells.size(), new Reach(reach.words(), reach.rows() - 1));
            }
            cells.add(reach.words());
        }
    }

    private static int span(Element cell, String name, int most) {
        String number = cell.attr(name).strip();
        return number.matches("[0-9]{1,6}") ? Math.max(1, Math.min(most, Integer.parseInt(number))) : 1;
    }

    private static List<String> together(List<List<String>> names) {
        int columns = names.stream().mapToInt(List::size).max().orElse(0);
        List<String> all = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            Set<String> words = new LinkedHashSet<>();
            for (List<String> row : names) {
                if (column < row.size() && !row.get(column).isBlank()) {
                    words.add(row.get(column));
                }
            }
            all.add(String.join(" ", words));
        }
        return all;
    }
}
