package dev.foundrygateway.retrieval.read;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rows of a table as lines, each value behind its column's name, so that a row says by itself what it means. The first row names the columns unless it
 * looks like one of the others; a single cell above it is a title. Confined to its reader's thread.
 */
final class Rows {
    /** It stands before each value: a long one would unfold a small file. */
    private static final int MAX_COLUMN = 200;

    private static final int MAX_CELLS = 1_000_000;
    private static final int LOOKED_AT = 20;
    private static final Pattern VALUE =
            Pattern.compile("[-+(]?[$\u20ac\u00a3\u00a5]?[-+]?[0-9][0-9.,:/'\u2019\u00a0_-]*+ ?[%\u20ac$\u00a3\u00a5)]?|[0-9]{4}-[0-9T:.+Z-]++|[^\\s@]++@\\S++");
    private static final Pattern YEAR = Pattern.compile("(?:19|20)[0-9]{2}");

    private final StringBuilder text;
    private final int maxLength;
    private final List<List<String>> first = new ArrayList<>();
    private List<String> columns = List.of();
    private boolean begun;

    /**
     * A table that is added to a text.
     *
     * @param maxLength how long the text may get
     */
    Rows(StringBuilder text, int maxLength) {
        this.text = text;
        this.maxLength = maxLength;
    }

    /** The next row. */
    void add(List<String> cells) throws UnreadableFileException {
        BoundedReading.check();
        check(cells);
        if (begun) {
            line(cells);
            return;
        }
        first.add(cells);
        if (first.size() == LOOKED_AT) {
            begin();
        }
    }

    /** Refuses a row that has more cells than any honest one, before it takes more memory. */
    static void check(List<String> cells) throws UnreadableFileException {
        if (cells.size() > MAX_CELLS) {
            throw new UnreadableFileException("a row of the table has more than " + MAX_CELLS + " cells");
        }
    }

    /** Behind the last row. */
    void end() throws UnreadableFileException {
        if (!begun) {
            begin();
        }
    }

    private void begin() throws UnreadableFileException {
        begun = true;
        List<List<String>> rows = first.stream()
                .filter(row -> row.stream().anyMatch(cell -> !cell.isBlank()))
                .toList();
        int at = 0;
        while (at < rows.size() - 1 && filled(rows.get(at)) == 1 && filled(rows.get(at + 1)) > 1) {
            line(rows.get(at++));
        }
        if (rows.size() - at > 1 && isHeader(rows.get(at), rows.subList(at + 1, rows.size()))) {
            columns = rows.get(at++).stream().map(Rows::shortened).toList();
        } else if (rows.size() - at == 1 && filled(rows.get(at)) > 1 && noneIsValue(rows.get(at))) {
            at++; // a header alone states nothing
        }
        for (List<String> row : rows.subList(at, rows.size())) {
            line(row);
        }
        first.clear();
    }

    private static long filled(List<String> row) {
        return row.stream().filter(cell -> !cell.isBlank()).count();
    }

    private static boolean noneIsValue(List<String> row) {
        return row.stream().noneMatch(Rows::isValue);
    }

    /** Whether the row names the columns: no value among its cells that the rows below have, too, and no name twice. */
    private static boolean isHeader(List<String> row, List<List<String>> below) {
        if (filled(row) < 2) {
            return row.size() == 1 && !isValue(row.get(0)) && below.stream().allMatch(other -> isValue(other.get(0)));
        }
        boolean years = row.stream().skip(1).allMatch(cell -> YEAR.matcher(cell.strip()).matches());
        if (years && !isValue(row.get(0))) {
            return true;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < row.size(); i++) {
            String name = row.get(i).strip();
            if (isValue(name) || (!name.isEmpty() && !names.add(name))) {
                return false;
            }
            int column = i;
            if (!name.isEmpty()
                    && below.stream().anyMatch(other -> column < other.size() && other.get(column).strip().equals(name))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isValue(String cell) {
        String word = cell.strip();
        return word.length() <= MAX_COLUMN && VALUE.matcher(word).matches();
    }

    private void line(List<String> cells) throws UnreadableFileException {
        String separator = "";
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i).strip();
            if (!cell.isEmpty()) {
                String column = i < columns.size() ? columns.get(i) : "";
                text.append(separator).append(column).append(column.isEmpty() ? "" : ": ").append(cell);
                separator = "; ";
                if (text.length() > maxLength) {
                    throw DocumentReader.tooLong(maxLength);
                }
            }
        }
        if (!separator.isEmpty()) {
            text.append(".\n");
        }
    }

    private static String shortened(String column) {
        String name = column.strip();
        return name.length() <= MAX_COLUMN ? name : name.substring(0, MAX_COLUMN);
    }
}
