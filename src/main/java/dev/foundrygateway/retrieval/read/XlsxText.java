package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.retrieval.read.OfficeParts.Elements;
import dev.foundrygateway.retrieval.read.OfficeParts.Reference;
import dev.foundrygateway.retrieval.read.XmlEvents.Attributes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Excel's sheets, each under its name, row by row. Values as they were saved: what a formula gave, not the formula. A cell that reaches over several rows stands in each. */
final class XlsxText {
    /** Each costs some 50 bytes beside its letters. */
    private static final int MOST_STRINGS = 4_000_000;

    private static final int MAX_COLUMNS = 16_384;
    private static final Pattern ESCAPED = Pattern.compile("_x([0-9A-Fa-f]{4})_");

    private XlsxText() {}

    static Extraction read(byte[] xlsx, int maxLength) throws IOException, UnreadableFileException {
        OfficeParts parts = new OfficeParts(xlsx);
        String main = parts.main("xl/workbook.xml");
        List<String> shared = new ArrayList<>();
        var strings = parts.related(main, "sharedStrings");
        if (strings.isPresent()) {
            parts.read(strings.get(), new SharedStrings(shared, maxLength));
        }
        CellFormats formats = new CellFormats();
        var styles = parts.related(main, "styles");
        if (styles.isPresent()) {
            parts.read(styles.get(), formats);
        }
        Headings document = new Headings(maxLength);
        for (Map.Entry<String, String> sheet : sheets(parts, main, formats).entrySet()) {
            StringBuilder lines = new StringBuilder();
            SheetSpans spans = new SheetSpans();
            if (parts.parts().mentions(sheet.getKey(), "mergeCell")) {
                parts.read(sheet.getKey(), spans);
            }
            Sheet rows = new Sheet(new Rows(lines, maxLength), maxLength, shared, formats, spans);
            parts.read(sheet.getKey(), rows);
            rows.rows.end();
            if (lines.length() > 0) {
                document.heading(2, sheet.getValue());
                document.text(lines);
            }
        }
        return document.extraction(parts.title("docProps/core.xml"));
    }

    /** The names of the sheets by their parts, in their order. */
    private static Map<String, String> sheets(OfficeParts parts, String main, CellFormats formats)
            throws IOException, UnreadableFileException {
        Map<String, Reference> references = parts.references(main);
        Map<String, String> sheets = new LinkedHashMap<>();
        parts.read(main, new Elements() {
            @Override
            public boolean start(String name, Attributes attributes) {
                if (name.equals("workbookPr")) {
                    formats.countFrom1904(List.of("1", "true").contains(attributes.get("date1904")));
                }
                Reference sheet = name.equals("sheet") ? references.get(attributes.foreign("id")) : null;
                if (sheet != null) {
                    sheets.putIfAbsent(sheet.target(), attributes.get("name"));
                }
                return true;
            }
        });
        return sheets;
    }

    /** Texts that cells name by their number; what is said of their pronunciation is left out. */
    private static final class SharedStrings implements XmlEvents.Listener {
        private final List<String> strings;
        private final int maxLength;
        private final StringBuilder text = new StringBuilder();
        private long length;
        private boolean within;

        SharedStrings(List<String> strings, int maxLength) {
            this.strings = strings;
            this.maxLength = maxLength;
        }

        @Override
        public boolean start(String name, Attributes attributes) {
            within = name.equals("t");
            return !name.equals("rPh");
        }

        @Override
        public void text(char[] characters, int from, int count) throws UnreadableFileException {
            if (within) {
                text.append(characters, from, count);
                length += count;
                if (length > maxLength) {
                    throw DocumentReader.tooLong(maxLength);
                }
            }
        }

        @Override
        public void end(String name) throws UnreadableFileException {
            within = false;
            if (name.equals("si")) {
                if (strings.size() == MOST_STRINGS) {
                    throw DocumentReader.tooLong(maxLength);
                }
                strings.add(unescaped(text.toString()));
                text.setLength(0);
            }
        }
    }

    /** The column's number, from 0, of a cell such as {@code BC12}; where it has no name, {@code next}. */
    static int column(String cell, int next) {
        int column = 0;
        for (int i = 0; i < cell.length() && cell.charAt(i) >= 'A' && cell.charAt(i) <= 'Z' && i < 4; i++) {
            column = column * 26 + cell.charAt(i) - 'A' + 1;
        }
        return column == 0 ? next : Math.min(column, MAX_COLUMNS) - 1;
    }

    /** Letters that XML cannot have stand as their numbers, such as {@code _x000D_}. */
    private static String unescaped(String text) {
        return text.contains("_x") ? ESCAPED.matcher(text).replaceAll(XlsxText::letter) : text;
    }

    private static String letter(MatchResult escaped) {
        int letter = Integer.parseInt(escaped.group(1), 16);
        return letter < ' ' ? " " : Matcher.quoteReplacement(String.valueOf((char) letter));
    }

    private static final class Sheet implements XmlEvents.Listener {
        private final Rows rows;
        private final int maxLength;
        private final List<String> shared;
        private final CellFormats formats;
        private final SheetSpans spans;
        private final StringBuilder value = new StringBuilder();
        private List<String> row = new ArrayList<>();
        private String type = "";
        private int format;
        private int number;
        /** Characters of the row so far. */
        private int held;

        private boolean within;

        Sheet(Rows rows, int maxLength, List<String> shared, CellFormats formats, SheetSpans spans) {
            this.rows = rows;
            this.maxLength = maxLength;
            this.spans = spans;
            this.shared = shared;
            this.formats = formats;
        }

        @Override
        public boolean start(String name, Attributes attributes) throws UnreadableFileException {
            switch (name) {
                case "row" -> number = attributes.number("r", 1, Integer.MAX_VALUE, number + 1);
                case "c" -> {
                    Rows.check(row);
                    int column = column(attributes.get("r"), row.size());
                    while (row.size() < column) {
                        row.add("");
                    }
                    type = attributes.get("t");
                    format = attributes.number("s", 0, Integer.MAX_VALUE, 0);
                    value.setLength(0);
                }
                case "v", "t" -> within = true;
                case "f", "rPh" -> {
                    return false;
                }
                default -> {}
            }
            return true;
        }

        @Override
        public void text(char[] characters, int from, int length) throws UnreadableFileException {
            if (within && value.length() < 1 << 20) {
                value.append(characters, from, length);
                held += length;
                if (held > maxLength) {
                    throw DocumentReader.tooLong(maxLength);
                }
            }
        }

        @Override
        public void end(String name) throws UnreadableFileException {
            switch (name) {
                case "v", "t" -> within = false;
                case "c" -> row.add(shown());
                case "row" -> {
                    spans.fill(number, row);
                    rows.add(row);
                    row = new ArrayList<>();
                    held = 0;
                }
                default -> {}
            }
        }

        private String shown() {
            String saved = value.toString();
            return switch (type) {
                case "s" -> {
                    int number = saved.matches("[0-9]{1,9}") ? Integer.parseInt(saved) : -1;
                    yield number >= 0 && number < shared.size() ? shared.get(number) : "";
                }
                case "b" -> saved.equals("1") ? "true" : saved.isEmpty() ? "" : "false";
                case "str", "inlineStr" -> unescaped(saved);
                case "e", "d" -> saved;
                default -> formats.shown(saved, format);
            };
        }
    }
}
