package dev.foundrygateway.retrieval.read;

import java.util.ArrayList;
import java.util.List;

/** Tables of separated values: which separator, and whether the first row names the columns, is told by the table itself. */
final class TableText {
    /** Where two of them suit as well, the first: a comma stands in texts and numbers, too. */
    private static final String SEPARATORS = "\t;|,";

    private static final int LOOKED_AT = 20;
    private static final int SAMPLE = 1 << 16;

    private TableText() {}

    /**
     * Reads a table.
     *
     * @param usual a comma for whichever it is
     */
    static Extraction read(String table, char usual, int maxLength) throws UnreadableFileException {
        int from = 0;
        char separator = usual == ',' ? 0 : usual;
        if (table.startsWith("sep=") && table.length() > 5 && "\r\n".indexOf(table.charAt(5)) >= 0) {
            // Excel's own first line.
            separator = table.charAt(4);
            from = 6;
        }
        StringBuilder text = new StringBuilder();
        Rows rows = new Rows(text, maxLength);
        Cursor cursor = new Cursor(table, from, separator == 0 ? separator(table, from) : separator);
        while (cursor.more()) {
            rows.add(cursor.row());
        }
        rows.end();
        return new Extraction("", List.of(new Section("", text.toString())));
    }

    /** The separator by which most of the first rows have as many cells as the first one, and more than one. */
    private static char separator(String table, int from) throws UnreadableFileException {
        String sample = table.substring(from, Math.min(table.length(), from + SAMPLE));
        char best = ',';
        double most = 0;
        for (int i = 0; i < SEPARATORS.length(); i++) {
            char separator = SEPARATORS.charAt(i);
            Cursor cursor = new Cursor(sample, 0, separator);
            List<Integer> counts = new ArrayList<>();
            while (cursor.more() && counts.size() < LOOKED_AT) {
                int cells = cursor.row().size();
                // The last row of a sample may be cut.
                if (cursor.more() || sample.length() < SAMPLE || counts.isEmpty()) {
                    counts.add(cells);
                }
            }
            int columns = counts.stream()
                    .max((one, other) -> Long.compare(share(counts, one), share(counts, other)))
                    .orElse(1);
            double share = columns < 2 ? 0 : (double) share(counts, columns) / counts.size();
            if (share > most + .05) {
                best = separator;
                most = share;
            }
        }
        return best;
    }

    private static long share(List<Integer> counts, int columns) {
        return counts.stream().filter(count -> count == columns).count();
    }

    /**
     * One row after the other, as RFC 4180 has them: a cell in quotes may have separators, line ends and doubled quotes. A quote within a cell that does not
     * begin with one is a letter, and one that never ends takes its line alone.
     */
    private static final class Cursor {
        private final String table;
        private final char separator;
        private int at;
        /** Behind it no quote is closed. */
        private int unclosed = Integer.MAX_VALUE;

        Cursor(String table, int from, char separator) {
            this.table = table;
            this.at = from;
            this.separator = separator;
        }

        boolean more() {
            return at < table.length();
        }

        List<String> row() throws UnreadableFileException {
            List<String> cells = new ArrayList<>();
            while (true) {
                cells.add(cell());
                Rows.check(cells);
                if (at >= table.length()) {
                    return cells;
                }
                char c = table.charAt(at++);
                if (c != separator) {
                    at += c == '\r' && at < table.length() && table.charAt(at) == '\n' ? 1 : 0;
                    return cells;
                }
            }
        }

        private String cell() {
            int from = at;
            while (from < table.length() && table.charAt(from) == ' ') {
                from++;
            }
            if (from < table.length() && table.charAt(from) == '"' && from < unclosed) {
                int end = closing(from);
                if (end >= 0) {
                    String quoted = table.substring(from + 1, end).replace("\"\"", "\"");
                    at = end + 1;
                    return quoted + plain();
                }
                unclosed = from;
            }
            return plain();
        }

        private int closing(int from) {
            int end = table.indexOf('"', from + 1);
            while (end >= 0 && end + 1 < table.length() && table.charAt(end + 1) == '"') {
                end = table.indexOf('"', end + 2);
            }
            return end;
        }

        private String plain() {
            int from = at;
            while (at < table.length() && table.charAt(at) != separator && "\r\n".indexOf(table.charAt(at)) < 0) {
                at++;
            }
            return table.substring(from, at);
        }
    }
}
