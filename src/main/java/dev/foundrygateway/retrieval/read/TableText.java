package dev.foundrygateway.retrieval.read;

import java.io.IOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Tables with a header: one line for each row, each value behind its column's name, so that a row says by itself what it means. */
final class TableText {
    /** It stands before each value: a long one would unfold a small file. */
    private static final int MAX_COLUMN = 200;

    private TableText() {}

    static Extraction read(String table, char delimiter, int maxLength) throws UnreadableFileException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(delimiter)
                .setHeader()
                .setSkipHeaderRecord(true)
                .setAllowMissingColumnNames(true)
                .setIgnoreSurroundingSpaces(true)
                .get();
        StringBuilder text = new StringBuilder();
        try (CSVParser rows = CSVParser.parse(table, format)) {
            List<String> columns =
                    rows.getHeaderNames().stream().map(TableText::shortened).toList();
            for (CSVRecord row : rows) {
                BoundedReading.check();
                String separator = "";
                for (int i = 0; i < row.size(); i++) {
                    if (!row.get(i).isBlank()) {
                        String column = i < columns.size() ? columns.get(i) : "";
                        text.append(separator)
                                .append(column.isEmpty() ? "" : column + ": ")
                                .append(row.get(i));
                        separator = "; ";
                    }
                    if (text.length() > maxLength) {
                        throw DocumentReader.tooLong(maxLength);
                    }
                }
                text.append(".\n");
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException | java.io.UncheckedIOException e) {
            throw new UnreadableFileException("the table cannot be read: " + e.getMessage());
        }
        return new Extraction("", List.of(new Section("", text.toString())));
    }

    private static String shortened(String column) {
        return column.length() <= MAX_COLUMN ? column : column.substring(0, MAX_COLUMN);
    }
}
