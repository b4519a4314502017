package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.retrieval.read.OfficeParts.Elements;
import dev.foundrygateway.retrieval.read.OpenParagraphs.Paragraph;
import dev.foundrygateway.retrieval.read.XmlEvents.Attributes;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Word's documents: paragraphs under their headings, tables row by row, notes at the end. What was deleted while changes were tracked is left out, and so is what is hidden. */
final class DocxText {
    /** The level of the document's own title. */
    private static final int TITLE = 0;

    private static final int NONE = -1;
    private static final int MOST_STYLES = 65_536;

    private DocxText() {}

    static Extraction read(byte[] docx, int maxLength) throws IOException, UnreadableFileException {
        OfficeParts parts = new OfficeParts(docx);
        String main = parts.main("word/document.xml");
        Body body = new Body(new Headings(maxLength), levels(parts, main), maxLength);
        parts.read(main, body);
        for (String notes : List.of("footnotes", "endnotes")) {
            var part = parts.related(main, notes);
            if (part.isPresent()) {
                parts.read(part.get(), body);
            }
        }
        String title = parts.title("docProps/core.xml");
        return body.document.extraction(title.isEmpty() ? body.title : title);
    }

    /** The levels of the styles that are headings, by their ids; those are of the writer's language, their names are not. */
    private static Map<String, Integer> levels(OfficeParts parts, String main)
            throws IOException, UnreadableFileException {
        Map<String, Integer> levels = new HashMap<>();
        var styles = parts.related(main, "styles");
        if (styles.isPresent()) {
            parts.read(styles.get(), new Elements() {
                private String style = "";

                @Override
                public boolean start(String name, Attributes attributes) {
                    if (name.equals("style")) {
                        style = attributes.get("styleId");
                    } else if (name.equals("name")) {
                        int level = named(attributes.get("val"));
                        if (level != NONE && levels.size() < MOST_STYLES) {
                            levels.put(style, level);
                        }
                    } else if (name.equals("outlineLvl")) {
                        if (levels.size() < MOST_STYLES) {
                            levels.putIfAbsent(style, attributes.number("val", 0, 9, 9) + 1);
                        }
                    }
                    return true;
                }
            });
        }
        return levels;
    }

    private static int named(String style) {
        String name = style.toLowerCase(Locale.ROOT).replace(" ", "");
        if (name.equals("title")) {
            return TITLE;
        }
        boolean heading = name.length() == "heading1".length() && name.startsWith("heading");
        int level = heading ? name.charAt(name.length() - 1) - '0' : NONE;
        return level >= 1 && level <= 9 ? level : NONE;
    }

    private static final class Body implements XmlEvents.Listener {
        private final Headings document;
        private final Map<String, Integer> levels;
        private final OpenParagraphs paragraphs;
        private final OpenTables tables;
        private String title = "";
        private int columns = 1;
        private boolean goesOn;
        private boolean run;
        private boolean hidden;
        private boolean text;

        Body(Headings document, Map<String, Integer> levels, int maxLength) {
            this.document = document;
            this.levels = levels;
            this.paragraphs = new OpenParagraphs(document);
            this.tables = new OpenTables(document, maxLength);
        }

        @Override
        public boolean start(String name, Attributes attributes) {
            switch (name) {
                // What says how a word is pronounced stands above it.
                case "Fallback", "del", "moveFrom", "instrText", "sdtPr", "rt" -> {
                    return false;
                }
                case "tbl" -> tables.begin();
                case "tc", "gridSpan", "vMerge" -> cell(name, attributes);
                case "p" -> paragraphs.begin(NONE);
                case "pStyle" -> {
                    String style = attributes.get("val");
                    paragraphs.level(levels.getOrDefault(style, named(style)));
                }
                case "outlineLvl" -> {
                    if (paragraphs.level() == NONE) {
                        paragraphs.level(attributes.number("val", 0, 9, 9) + 1);
                    }
                }
                case "numPr" -> paragraphs.item();
                case "r" -> {
                    run = true;
                    hidden = false;
                }
                case "vanish" -> hidden = run && !List.of("0", "false", "off").contains(attributes.get("val"));
                case "t" -> text = !hidden;
                case "tab", "ptab" -> paragraphs.append("\t");
                case "br", "cr" -> paragraphs.append("\n");
                case "noBreakHyphen" -> paragraphs.append("-");
                default -> {}
            }
            return true;
        }

        /** How wide it is, and whether it goes on with the one above it; of a table within a cell nobody asks. */
        private void cell(String name, Attributes attributes) {
            if (tables.isOutermost()) {
                switch (name) {
                    case "gridSpan" -> columns = attributes.number("val", 1, OpenTables.MOST_COLUMNS, 1);
                    case "vMerge" -> goesOn = !attributes.get("val").equals("restart");
                    default -> {
                        columns = 1;
                        goesOn = false;
                    }
                }
            }
        }

        @Override
        public void text(char[] characters, int from, int length) {
            if (text) {
                paragraphs.append(new String(characters, from, length));
            }
        }

        @Override
        public void end(String name) throws UnreadableFileException {
            switch (name) {
                case "t" -> text = false;
                case "r" -> {
                    run = false;
                    hidden = false;
                }
                case "p" -> {
                    for (Paragraph ended : paragraphs.end(tables.open())) {
                        tell(ended);
                    }
                }
                case "tc" -> tables.endCell(columns, goesOn);
                case "tr" -> tables.endRow();
                case "tbl" -> tables.end();
                default -> {}
            }
        }

        private void tell(Paragraph paragraph) throws UnreadableFileException {
            String words = paragraph.words();
            int level = paragraph.level();
            if (tables.open()) {
                tables.text(words);
            } else if (level == TITLE && title.isEmpty()) {
                title = words.strip();
                document.text(words).text("\n");
            } else if (level > 0 && level <= 9 && !words.isBlank()) {
                document.heading(Math.min(level, Headings.DEEPEST), words);
            } else if (!words.isBlank()) {
                document.text(paragraph.item() ? "- " : "").text(words).text("\n");
            }
        }
    }
}
