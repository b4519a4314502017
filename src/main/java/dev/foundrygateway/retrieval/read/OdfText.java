package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.retrieval.read.XmlEvents.Attributes;
import java.io.IOException;

/** OpenDocument's texts, sheets and slides: paragraphs under their headings, tables row by row, sheets and slides under their names. */
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
        private final StringBuilder paragraph = new StringBuilder();
        private final OpenTables tables;
        private int level;
        private int paragraphs;
        private int repeated;
        private boolean titled;
        private boolean sheets;
        private String slide = "";
        private String value = "";
        private boolean written;

        Body(Headings document, int maxLength) {
            this.document = document;
            this.tables = new OpenTables(document, maxLength);
        }

        @Override
        public boolean start(String name, Attributes attributes) throws UnreadableFileException {
            switch (name) {
                case "tracked-changes", "annotation", "automatic-styles", "forms", "scripts", "desc" -> {
                    return false;
                }
                case "spreadsheet" -> sheets = true;
                case "h" -> {
                    level = attributes.number("outline-level", 1, Headings.DEEPEST, 1);
                    paragraphs++;
                }
                case "p" -> paragraphs++;
                case "s" -> {
                    paragraph.append(" ".repeat(attributes.number("c", 1, 100, 1)));
                    document.bound(paragraph.length());
                }
                case "tab" -> paragraph.append('\t');
                case "line-break" -> paragraph.append('\n');
                case "page" -> {
                    slide = attributes.get("name");
                    document.heading(2, slide);
                }
                case "frame" -> titled = attributes.get("class").equals("title");
                case "table" -> {
                    if (sheets && !tables.open()) {
                        document.heading(2, attributes.get("name"));
                    }
                    tables.begin();
                }
                case "table-cell", "covered-table-cell" -> {
                    repeated = attributes.number("number-columns-repeated", 1, MOST_REPEATED, 1);
                    value = attributes.get("value");
                    written = false;
                }
                default -> {}
            }
            return true;
        }

        @Override
        public void text(char[] characters, int from, int length) throws UnreadableFileException {
            if (paragraphs > 0) {
                paragraph.append(characters, from, length);
                document.bound(paragraph.length());
            }
        }

        @Override
        public void end(String name) throws UnreadableFileException {
            switch (name) {
                case "h", "p" -> {
                    paragraphs--;
                    paragraph();
                }
                case "frame" -> titled = false;
                case "table-cell", "covered-table-cell" -> {
                    if (!written && !value.isEmpty()) {
                        tables.text(value);
                    }
                    tables.endCell();
                    tables.skipCells(repeated - 1);
                }
                case "table-row" -> tables.endRow();
                case "table" -> tables.end();
                default -> {}
            }
        }

        private void paragraph() throws UnreadableFileException {
            String words = paragraph.toString();
            paragraph.setLength(0);
            int heading = level;
            level = 0;
            if (words.isBlank()) {
                return;
            }
            if (tables.open()) {
                written = true;
                tables.text(words);
            } else if (titled && !slide.isEmpty()) {
                document.heading(1, words);
                document.text(words).text("\n");
            } else if (heading > 0) {
                document.heading(heading, words);
            } else {
                document.text(words).text("\n");
            }
        }
    }
}
