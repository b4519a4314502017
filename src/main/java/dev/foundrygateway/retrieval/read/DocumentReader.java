package dev.foundrygateway.retrieval.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads text out of files, by the ending of their names: Markdown, HTML, CSV, JSON, PDF; everything else that is text as plain text. Thread-safe. */
public final class DocumentReader {
    private final int maxLength;

    /**
     * A reader.
     *
     * @param maxLength the most characters that one file may give
     */
    public DocumentReader(int maxLength) {
        this.maxLength = maxLength;
    }

    /**
     * Reads a file.
     *
     * @param name what it is called, for its ending
     * @throws UnreadableFileException when it gives no text
     * @throws IOException when the disk fails
     */
    public Extraction read(Path file, String name) throws IOException, UnreadableFileException {
        Extraction extraction =
                switch (ending(name)) {
                    case "pdf" -> PdfText.read(file, maxLength);
                    case "html", "htm", "xhtml" -> HtmlText.read(text(file));
                    case "md", "markdown", "mdx" -> MarkdownText.read(text(file));
                    case "csv" -> TableText.read(text(file), ',', maxLength);
                    case "tsv" -> TableText.read(text(file), '\t', maxLength);
                    case "json", "jsonl", "ndjson" -> JsonText.read(text(file));
                    default -> new Extraction("", List.of(new Section("", text(file))));
                };
        if (extraction.length() > maxLength) {
            throw tooLong(maxLength);
        }
        if (extraction.sections().stream().allMatch(section -> section.text().isBlank())) {
            throw new UnreadableFileException("the file contains no text");
        }
        return extraction;
    }

    static UnreadableFileException tooLong(int maxLength) {
        return new UnreadableFileException("the file unfolds to more than " + maxLength
                + " characters of text (gateway.retrieval.max-text-length)");
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static String text(Path file) throws IOException, UnreadableFileException {
        return PlainText.of(Files.readAllBytes(file));
    }
}
