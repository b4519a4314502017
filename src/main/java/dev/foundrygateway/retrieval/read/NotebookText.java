package dev.foundrygateway.retrieval.read;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.openai.json.TypedJson;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Jupyter's notebooks: their Markdown with its headings, and between it code and what it printed. */
final class NotebookText {
    private static final int MOST_VALUES = 5_000_000;

    private static final int MAX_OUTPUT = 10_000;

    private NotebookText() {}

    /** The whole notebook. */
    @RegisterForReflection
    record Notebook(@JsonProperty("cells") @Nullable List<@Nullable Cell> cells) {}

    /** A cell; its source is a text or a list of lines. */
    @RegisterForReflection
    record Cell(
            @JsonProperty("cell_type") @Nullable String type,
            @JsonProperty("source") @Nullable Object source,
            @JsonProperty("outputs") @Nullable List<@Nullable Output> outputs) {}

    /** What a cell printed, or showed. */
    @RegisterForReflection
    record Output(
            @JsonProperty("text") @Nullable Object text,
            @JsonProperty("data") @Nullable Shown data) {}

    /** What a cell showed, as a text. */
    @RegisterForReflection
    record Shown(@JsonProperty("text/plain") @Nullable Object plain) {}

    static Extraction read(String json, int maxLength) throws UnreadableFileException {
        if (json.chars().filter(c -> c == '{' || c == '[').count() > MOST_VALUES) {
            throw new UnreadableFileException("the notebook has more than " + MOST_VALUES + " lists and objects");
        }
        List<@Nullable Cell> cells;
        try {
            cells = TypedJson.read(json, Notebook.class).cells();
        } catch (IllegalArgumentException e) {
            throw new UnreadableFileException("the notebook is no valid JSON of Jupyter's: " + e.getMessage());
        }
        Headings document = new Headings(maxLength);
        for (Cell cell : cells == null ? List.<Cell>of() : cells) {
            if (cell != null) {
                cell(cell, document);
            }
        }
        return document.extraction("");
    }

    private static void cell(Cell cell, Headings document) {
        String source = joined(cell.source());
        if ("markdown".equals(cell.type())) {
            MarkdownText.read(source, document);
            return;
        }
        document.text(source).text("\n");
        for (Output output : cell.outputs() == null ? List.<Output>of() : cell.outputs()) {
            if (output != null) {
                String printed = joined(output.text())
                        + (output.data() == null ? "" : joined(output.data().plain()));
                document.text(printed.length() > MAX_OUTPUT ? printed.substring(0, MAX_OUTPUT) : printed)
                        .text("\n");
            }
        }
    }

    private static String joined(@Nullable Object text) {
        if (text instanceof List<?> lines) {
            StringBuilder all = new StringBuilder();
            lines.forEach(line -> all.append(line instanceof String words ? words : ""));
            return all.toString();
        }
        return text instanceof String words ? words : "";
    }
}
