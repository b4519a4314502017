package dev.foundrygateway.retrieval.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads text out of files of every {@link FileKind}, by the endings of their names. Thread-safe. */
public final class DocumentReader {
    private static final int MAX_TITLE = 80;
    /** A mail may have mails attached, those others. */
    private static final int DEEPEST = 3;

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
        if (FileKind.of(name) != FileKind.PDF) {
            return read(Files.readAllBytes(file), name);
        }
        return checked(PdfText.read(file, maxLength));
    }

    /**
     * Reads a file that is in memory.
     *
     * @param name what it is called, for its ending
     * @throws UnreadableFileException when it gives no text
     */
    public Extraction read(byte[] file, String name) throws UnreadableFileException {
        return checked(read(file, name, 0));
    }

    /** The same for what is attached to another file, so deep. */
    Extraction read(byte[] file, String name, int depth) throws UnreadableFileException {
        if (depth > DEEPEST) {
            throw new UnreadableFileException("mails are attached to mails more than " + DEEPEST + " deep");
        }
        try {
            return switch (TrueKind.of(FileKind.of(name), ending(name), file)) {
                case PDF -> PdfText.read(file, maxLength);
                case WORD -> DocxText.read(file, maxLength);
                case SLIDES -> PptxText.read(file, maxLength);
                case SHEETS -> XlsxText.read(file, maxLength);
                case OPEN_DOCUMENT -> OdfText.read(file, maxLength);
                case BOOK -> EpubText.read(file, maxLength);
                case RICH_TEXT -> RtfText.read(file, maxLength);
                case MAIL -> MailText.read(file, maxLength, this, depth);
                case XML -> XmlText.read(file, maxLength);
                case NOTEBOOK -> NotebookText.read(PlainText.of(file), maxLength);
                case HTML -> HtmlText.read(PlainText.of(file, HtmlText.charset(file)), maxLength);
                case MARKDOWN -> MarkdownText.read(PlainText.of(file));
                case RESTRUCTURED -> RstText.read(PlainText.of(file));
                case TABLE -> TableText.read(PlainText.of(file), ending(name).equals("csv") ? ',' : '\t', maxLength);
                case JSON -> JsonText.read(PlainText.of(file), !ending(name).equals("json"), maxLength);
                case CODE -> CodeText.read(PlainText.of(file));
                case TEXT -> text(PlainText.of(file));
                case REFUSED ->
                    throw new UnreadableFileException(FileKind.NOT_READ + ending(name)
                            + " are not read: save it as one of " + String.join(" ", FileKind.accepted()));
            };
        } catch (ZipParts.UnfoldsException e) {
            throw new UnreadableFileException("the file decompresses to far more than its size allows");
        } catch (IOException e) {
            // It is in memory: what fails is what it says, not the disk.
            throw ZipParts.damaged();
        } catch (Headings.TooLongException e) {
            String message = String.valueOf(e.getMessage());
            throw message.isEmpty() ? tooLong(maxLength) : new UnreadableFileException(message);
        }
    }

    private Extraction checked(Extraction extraction) throws UnreadableFileException {
        if (extraction.length() > maxLength) {
            throw tooLong(maxLength);
        }
        if (extraction.sections().stream().allMatch(section -> section.text().isBlank())) {
            throw new UnreadableFileException("the file contains no text");
        }
        return extraction;
    }

    static UnreadableFileException tooLong(int maxLength) {
        return new UnreadableFileException(
                "the extracted text exceeds " + maxLength + " characters (gateway.retrieval.max-text-length)");
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** Text as it stands; its first line is the title, where it is short, no sentence and not all there is. */
    private static Extraction text(String text) {
        String words = text.stripLeading();
        int end = words.indexOf('\n');
        String first =
                end < 0 || end > 2 * MAX_TITLE ? "" : words.substring(0, end).strip();
        boolean title = !first.isEmpty()
                && first.length() <= MAX_TITLE
                && Character.isLetterOrDigit(first.codePointAt(0))
                && first.chars().filter(Character::isLetter).count() * 2 >= first.length()
                && ".,;:!\u3002{".indexOf(first.charAt(first.length() - 1)) < 0
                && !words.substring(end).isBlank();
        return new Extraction(title ? first : "", List.of(new Section("", text)));
    }
}
