package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.retrieval.read.OfficeParts.Elements;
import dev.foundrygateway.retrieval.read.OfficeParts.Reference;
import dev.foundrygateway.retrieval.read.XmlEvents.Attributes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Excel's sheets, each under its name, row by row. Values as they were saved: what a formula gave, not the formula. */
final class XlsxText {
    /** Each costs some 50 bytes beside its letters. */
    private static final int MOST_STRINGS = 4_000_000;

    private static final int MAX_COLUMNS = 16_384;

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
            document.heading(2, sheet.getValue());
            StringBuilder lines = new StringBuilder();
            Sheet rows = new Sheet(new Rows(lines, maxLength), shared, formats);
            parts.read(sheet.getKey(), rows);
            rows.rows.end();
            document.text(lines);
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
                strings.add(text.toString());
                text.setLength(0);
            }
        }
    }

    private static final class Sheet implements XmlEvents.Listener {
        private final Rows rows;
        private final List<String> shared;
        private final CellFormats formats;
        private final StringBuilder value = new StringBuilder();
        private List<String> row = new ArrayList<>();
        private String type = "";
        private int format;
        private boolean within;

        Sheet(Rows rows, List<String> shared, CellFormats formats) {
            this.rows = rows;
            this.shared = shared;
            this.formats = formats;
        }

        @Override
        public boolean start(String name, Attributes attributes) throws UnreadableFileException {
            switch (name) {
                case "c" -> {
                    Rows.check(row);
                    int column = column(attributes.get("r"));
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

        /** The column's number, from 0, of a cell such as {@code BC12}; where it has no name, the next one's. */
        private int column(String cell) {
            int column = 0;
            for (int i = 0; i < cell.length() && cell.charAt(i) >= 'A' && cell.charAt(i) <= 'Z' && i < 4; i++) {
                column = column * 26 + cell.charAt(i) - 'A' + 1;
            }
            return column == 0 ? row.size() : Math.min(column, MAX_COLUMNS) - 1;
        }

        @Override
        public void text(char[] characters, int from, int length) {
            if (within && value.length() < 1 << 20) {
                value.append(characters, from, length);
            }
        }

        @Override
        public void end(String name) throws UnreadableFileException {
            switch (name) {
                case "v", "t" -> within = false;
                case "c" -> row.add(shown());
                case "row" -> {
                    rows.add(row);
                    row = new ArrayList<>();
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
                case "str", "inlineStr", "e", "d" -> saved;
                default -> formats.shown(saved, format);
            };
        }
    }
}
