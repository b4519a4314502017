package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.retrieval.read.OpenParagraphs.Paragraph;
import dev.foundrygateway.retrieval.read.XmlEvents.Attributes;
import java.io.IOException;

/** OpenDocument's texts, sheets and slides: paragraphs under their headings, with their notes behind them, tables row by row, sheets and slides under their names. */
final class OdfText {
    /** Sheets end in a million empty rows or cells, which are one that is repeated. */
    private static final int MOST_REPEATED = 1_024;

    private OdfText() {}

    static Extraction read(byte[] document, int maxLength) throws IOException, UnreadableFileException {
        OfficeParts parts = new OfficeParts(document);
        if (!parts.parts().names().contains("content.xml")) {
            throw ZipParts.damaged();
        }
        if (new String(parts.parts().bytes("META-INF/manifest.xml"), java.nio.charset.StandardCharsets.UTF_8)
                .contains("encryption-data")) {
            throw new UnreadableFileException("the file is protected by a password");
        }
        Body body = new Body(new Headings(maxLength), maxLength);
        parts.read("content.xml", body);
        return body.document.extraction(parts.title("meta.xml"));
    }

    private static final class Body implements XmlEvents.Listener {
        private final Headings document;
        private final OpenParagraphs paragraphs;
        private final OpenTables tables;
        private int repeated = 1;
        private int rows = 1;
        private boolean titled;
        private boolean sheets;
        /** The slide or sheet of which nothing has been told yet. */
        private String slide = "";

        private String value = "";
        private boolean written;

        Body(Headings document, int maxLength) {
            this.document = document;
            this.paragraphs = new OpenParagraphs(document);
            this.tables = new OpenTables(document, maxLength);
        }

        @Override
        public boolean start(String name, Attributes attributes) throws UnreadableFileException {
            switch (name) {
                case "tracked-changes",
                        "annotation",
                        "automatic-styles",
                        "forms",
                        "scripts",
                        "desc",
                        "note-citation",
                        "ruby-text" -> {
                    return false;
                }
                case "spreadsheet" -> sheets = true;
                case "h" -> paragraphs.begin(attributes.number("outline-level", 1, Headings.DEEPEST, 1));
                case "p" -> paragraphs.begin(0);
                case "s" -> paragraphs.append(" ".repeat(attributes.number("c", 1, 100, 1)));
                case "tab" -> paragraphs.append("\t");
                case "line-break" -> paragraphs.append("\n");
                case "page" -> slide = attributes.get("name");
                case "frame" -> titled = attributes.get("class").equals("title");
                case "table" -> {
                    if (sheets && !tables.open()) {
                        slide = attributes.get("name");
                    } else {
                        nameSlide();
                    }
                    tables.begin();
                }
                case "table-cell", "covered-table-cell" -> {
                    if (tables.isOutermost()) {
                        repeated = attributes.number("number-columns-repeated", 1, MOST_REPEATED, 1);
                        rows = attributes.number("number-rows-spanned", 1, OpenTables.MOST_ROWS, 1);
                        value = attributes.get("value");
                        written = false;
                    }
                }
                default -> {}
            }
            return true;
        }

        /** One without a title stands under its name. */
        private void nameSlide() {
            if (!slide.isEmpty()) {
                document.heading(2, slide);
                slide = "";
            }
        }

        @Override
        public void text(char[] characters, int from, int length) {
            if (paragraphs.isOpen()) {
                paragraphs.append(new String(characters, from, length));
            }
        }

        @Override
        public void end(String name) throws UnreadableFileException {
            switch (name) {
                case "h", "p" -> {
                    for (Paragraph ended : paragraphs.end(tables.open() || titled)) {
                        tell(ended);
                    }
                }
                case "frame" -> titled = false;
                case "table-cell" -> {
                    if (!written && !value.isEmpty()) {
                        nameSlide();
                        tables.text(value);
                    }
                    tables.endHighCell(rows);
                    tables.repeatCell(repeated - 1);
                }
                case "covered-table-cell" -> {
                    for (int i = 0; i < repeated; i++) {
                        tables.coveredCell();
                    }
                }
                case "table-row" -> tables.endRow();
                case "table" -> tables.end();
                default -> {}
            }
        }

        private void tell(Paragraph paragraph) throws UnreadableFileException {
            String words = paragraph.words();
            if (words.isBlank()) {
                return;
            }
            if (tables.open()) {
                written = true;
                nameSlide();
                tables.text(words);
            } else if (titled && !slide.isEmpty()) {
                slide = "";
                document.heading(1, words);
                document.text(words).text("\n");
            } else if (paragraph.level() > 0) {
                nameSlide();
                document.heading(paragraph.level(), words);
            } else {
                nameSlide();
                document.text(words).text("\n");
            }
        }
    }
}
