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
    record Notebook(
            @JsonProperty("cells") @Nullable List<@Nullable Cell> cells,
            @JsonProperty("worksheets") @Nullable List<@Nullable Notebook> sheets) {}

    /** A cell; its source is a text or a list of lines. */
    @RegisterForReflection
    record Cell(
            @JsonProperty("cell_type") @Nullable String type,
            @JsonProperty("source") @Nullable Object source,
            @JsonProperty("input") @Nullable Object input,
            @JsonProperty("level") @Nullable Object level,
            @JsonProperty("outputs") @Nullable List<@Nullable Output> outputs) {}

    /** What a cell printed, or showed. */
    @RegisterForReflection
    record Output(
            @JsonProperty("text") @Nullable Object text,
            @JsonProperty("ename") @Nullable Object error,
            @JsonProperty("evalue") @Nullable Object message,
            @JsonProperty("data") @Nullable Shown data) {}

    /** What a cell showed, as a text. */
    @RegisterForReflection
    record Shown(
            @JsonProperty("text/plain") @Nullable Object plain,
            @JsonProperty("text/markdown") @Nullable Object markdown,
            @JsonProperty("text/html") @Nullable Object html) {}

    static Extraction read(String json, int maxLength) throws UnreadableFileException {
        if (json.chars().filter(c -> c == '{' || c == '[').count() > MOST_VALUES) {
            throw new UnreadableFileException("the notebook has more than " + MOST_VALUES + " lists and objects");
        }
        Notebook notebook;
        try {
            notebook = TypedJson.read(json, Notebook.class);
        } catch (IllegalArgumentException e) {
            throw new UnreadableFileException("the notebook is not valid Jupyter JSON: " + e.getMessage());
        }
        Headings document = new Headings(maxLength);
        cells(notebook, document);
        // Of the format's version 3.
        for (Notebook sheet : notebook.sheets() == null ? List.<Notebook>of() : notebook.sheets()) {
            if (sheet != null) {
                cells(sheet, document);
            }
        }
        return document.extraction("");
    }

    private static void cells(Notebook notebook, Headings document) {
        for (Cell cell : notebook.cells() == null ? List.<Cell>of() : notebook.cells()) {
            if (cell != null) {
                cell(cell, document);
            }
        }
    }

    private static void cell(Cell cell, Headings document) {
        String source = joined(cell.source()) + joined(cell.input());
        if ("heading".equals(cell.type()) && cell.level() instanceof Integer level && level > 0) {
            document.heading(Math.min(level, Headings.DEEPEST), source);
            return;
        }
        if ("markdown".equals(cell.type())) {
            MarkdownText.read(source, document);
            return;
        }
        document.text(source).text("\n");
        for (Output output : cell.outputs() == null ? List.<Output>of() : cell.outputs()) {
            if (output != null) {
                String printed = joined(output.text())
                        + (output.data() == null ? "" : shown(output.data(), document.maxLength()))
                        + (output.error() == null ? "" : joined(output.error()) + ": " + joined(output.message()));
                document.text(printed.length() > MAX_OUTPUT ? printed.substring(0, MAX_OUTPUT) : printed)
                        .text("\n");
            }
        }
    }

    /** The form that says most: the plain one may be but the name of an object. */
    private static String shown(Shown data, int maxLength) {
        String plain = joined(data.plain());
        boolean name =
                plain.isBlank() || (plain.startsWith("<") && plain.strip().endsWith(">"));
        String markdown = name ? joined(data.markdown()) : "";
        String html = name && markdown.isBlank() ? joined(data.html()) : "";
        if (!html.isBlank()) {
            StringBuilder text = new StringBuilder();
            HtmlText.read(html, maxLength)
                    .sections()
                    .forEach(section -> text.append(section.heading())
                            .append(section.heading().isEmpty() ? "" : "\n")
                            .append(section.text())
                            .append('\n'));
            return text.toString();
        }
        return markdown.isBlank() ? plain : markdown;
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
