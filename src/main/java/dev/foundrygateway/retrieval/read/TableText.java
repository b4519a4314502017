package dev.foundrygateway.retrieval.read;

import java.io.IOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Tables with a header: one line for each row, each value behind its column's name, so that a row says by itself what it means. */
final class TableText {
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
            List<String> columns = rows.getHeaderNames();
            for (CSVRecord row : rows) {
                String separator = "";
                for (int i = 0; i < row.size(); i++) {
                    if (!row.get(i).isBlank()) {
                        String column = i < columns.size() ? columns.get(i) : "";
                        text.append(separator)
                                .append(column.isEmpty() ? "" : column + ": ")
                                .append(row.get(i));
                        separator = "; ";
                    }
                }
                text.append(".\n");
                if (text.length() > maxLength) {
                    // A long column name before each of many values unfolds a small file.
                    throw DocumentReader.tooLong(maxLength);
                }
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException | java.io.UncheckedIOException e) {
            throw new UnreadableFileException("the table cannot be read: " + e.getMessage());
        }
        return new Extraction("", List.of(new Section("", text.toString())));
    }
}
