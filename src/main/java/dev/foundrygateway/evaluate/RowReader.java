package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Signal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads recorded rows. A CSV file (RFC 4180) has a header with {@code prompt}, a column of true or false for each of two models, the small one first, and
 * each one's answers in a column of its name and {@code _response}, as RouteLLM publishes them. A JSON-lines file has objects with {@code prompt},
 * {@code draft}, {@code draft_right}, {@code strong_right} and perhaps {@code logprobs}, {@code disagreement}, {@code verdict},
 * {@code verdict_graded}, {@code kind} and {@code spent}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class RowReader {
    private static final String RESPONSE = "_response";

    private RowReader() {}

    /** Reads files, one after the other; as {@link #read(Path)}. */
    static List<Row> read(List<Path> files) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Path file : files) {
            rows.addAll(read(file));
        }
        return rows;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException when it is of neither form; the message says what is missing
     * @throws IOException when it cannot be read
     */
    static List<Row> read(Path file) throws IOException {
        return read(file, Common.text(file));
    }

    /** Reads the text of a file; as {@link #read(Path)}. */
    static List<Row> read(Path file, String text) throws IOException {
        List<Row> rows;
        try {
            rows = text.stripLeading().startsWith("{") ? jsonLines(text) : csv(text);
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
            throw new IllegalArgumentException(file + " cannot be read as rows: " + e.getMessage(), e);
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(file + " has no rows");
        }
        return rows;
    }

    private static List<Row> jsonLines(String text) {
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (!line.isBlank()) {
                try {
                    rows.add(row(new JsonObject(line)));
                } catch (DecodeException | ClassCastException | NullPointerException e) {
                    throw new IllegalArgumentException(
                            "line " + number
                                    + " must be an object with prompt, draft, draft_right and strong_right, and has not",
                            e);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        return rows;
    }

    private static Row row(JsonObject row) {
        List<Double> logprobs = new ArrayList<>();
        JsonArray recorded = row.getJsonArray("logprobs", new JsonArray());
        for (int i = 0; i < recorded.size(); i++) {
            if (!(recorded.getValue(i) instanceof Number one)) {
                throw new IllegalArgumentException("logprobs must be numbers, and has " + recorded.getValue(i));
            }
            logprobs.add(one.doubleValue());
        }
        Map<Signal, Double> heard = new EnumMap<>(Signal.class);
        for (Signal witness : SignalSet.WITNESSES) {
            said(row, witness.label()).ifPresent(said -> heard.put(witness, said));
        }
        Map<String, Spent> spent = new LinkedHashMap<>();
        JsonObject costs = row.getJsonObject("spent", new JsonObject());
        costs.fieldNames().forEach(who -> spent.put(who, Spent.of(costs.getJsonObject(who))));
        return new Row(
                row.getString("kind", ""),
                Objects.requireNonNull(row.getString("prompt")),
                Objects.requireNonNull(row.getString("draft")),
                logprobs,
                row.getBoolean("draft_right"),
                row.getBoolean("strong_right"),
                heard,
                said(row, "verdict_graded"),
                spent);
    }

    private static OptionalDouble said(JsonObject row, String witness) {
        Double said = row.getDouble(witness);
        return said == null ? OptionalDouble.empty() : OptionalDouble.of(Common.part(witness, said));
    }

    private static List<Row> csv(String text) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(text.replaceFirst("^\uFEFF", ""), CSVFormat.DEFAULT)) {
            List<String> header = List.of();
            long end = 0;
            for (CSVRecord fields : parser) {
                String line = "line " + (end + 1);
                end = parser.getCurrentLineNumber();
                if (header.isEmpty()) {
                    header = fields.toList();
                    models(header);
                } else if (fields.size() == header.size()) {
                    rows.add(row(header, fields, line));
                } else {
                    throw new IllegalArgumentException(
                            line + " has " + fields.size() + " fields, and the header " + header.size());
                }
            }
            models(header);
        }
        return rows;
    }

    /** The two models, the small one first. */
    private static List<String> models(List<String> header) {
        List<String> models =
                header.stream().filter(name -> header.contains(name + RESPONSE)).toList();
        if (!header.contains("prompt") || models.size() != 2) {
            throw new IllegalArgumentException(
                    "the header must have prompt and, for two models, NAME and NAME_response; it has " + header);
        }
        return models;
    }

    private static Row row(List<String> header, CSVRecord fields, String line) {
        List<String> models = models(header);
        return new Row(
                fields.get(header.indexOf("prompt")),
                fields.get(header.indexOf(models.get(0) + RESPONSE)),
                List.of(),
                truth(fields.get(header.indexOf(models.get(0))), line),
                truth(fields.get(header.indexOf(models.get(1))), line));
    }

    private static boolean truth(String word, String line) {
        return switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "true", "1", "1.0" -> true;
            case "false", "0", "0.0" -> false;
            default -> throw new IllegalArgumentException(line + " must have true or false, and has " + word);
        };
    }
}
