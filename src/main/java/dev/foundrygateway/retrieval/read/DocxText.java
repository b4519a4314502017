package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.retrieval.read.OfficeParts.Elements;
import dev.foundrygateway.retrieval.read.XmlEvents.Attributes;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Word's documents: paragraphs under their headings, tables row by row, notes at the end. What was deleted while changes were tracked is left out. */
final class DocxText {
    /** The level of the document's own title. */
    private static final int TITLE = 0;

    private static final int NONE = -1;

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
                        if (level != NONE) {
                            levels.put(style, level);
                        }
                    } else if (name.equals("outlineLvl")) {
                        levels.putIfAbsent(style, attributes.number("val", 0, 9, 9) + 1);
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
        private final StringBuilder paragraph = new StringBuilder();
        private final OpenTables tables;
        private String title = "";
        private int level = NONE;
        private boolean item;
        private boolean text;

        Body(Headings document, Map<String, Integer> levels, int maxLength) {
            this.document = document;
            this.levels = levels;
            this.tables = new OpenTables(document, maxLength);
        }

        @Override
        public boolean start(String name, Attributes attributes) {
            switch (name) {
                case "Fallback", "del", "moveFrom", "instrText", "sdtPr" -> {
                    return false;
                }
                case "tbl" -> tables.begin();
                case "p" -> {
                    level = NONE;
                    item = false;
                }
                case "pStyle" -> {
                    String style = attributes.get("val");
                    level = levels.getOrDefault(style, named(style));
                }
                case "outlineLvl" -> level = level == NONE ? attributes.number("val", 0, 9, 9) + 1 : level;
                case "numPr" -> item = true;
                case "t" -> text = true;
                case "tab", "ptab" -> paragraph.append('\t');
                case "br", "cr" -> paragraph.append('\n');
                case "noBreakHyphen" -> paragraph.append('-');
                default -> {}
            }
            return true;
        }

        @Override
        public void text(char[] characters, int from, int length) throws UnreadableFileException {
            if (text) {
                paragraph.append(characters, from, length);
                document.bound(paragraph.length());
            }
        }

        @Override
        public void end(String name) throws UnreadableFileException {
            switch (name) {
                case "t" -> text = false;
                case "p" -> paragraph();
                case "tc" -> tables.endCell();
                case "tr" -> tables.endRow();
                case "tbl" -> tables.end();
                default -> {}
            }
        }

        private void paragraph() throws UnreadableFileException {
            String words = paragraph.toString();
            paragraph.setLength(0);
            if (tables.open()) {
                tables.text(words);
            } else if (level == TITLE && title.isEmpty()) {
                title = words.strip();
                document.text(words).text("\n");
            } else if (level > 0 && level <= 9 && !words.isBlank()) {
                document.heading(Math.min(level, Headings.DEEPEST), words);
            } else if (!words.isBlank()) {
                document.text(item ? "- " : "").text(words).text("\n");
            }
        }
    }
}
