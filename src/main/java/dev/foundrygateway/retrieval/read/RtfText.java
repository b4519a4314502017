package dev.foundrygateway.retrieval.read;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Rich text: paragraphs under their headings with their notes behind them, tables row by row, without what is hidden or was deleted. Its bytes stand in the character set of their font. */
final class RtfText {
    private static final int DEEPEST = 1_000;
    private static final int NO_HEADING = 9;

    /** Groups that hold no text of the document. */
    private static final Set<String> HIDDEN = Set.of(
            "colortbl",
            "stylesheet",
            "pict",
            "header",
            "headerl",
            "headerr",
            "headerf",
            "footer",
            "footerl",
            "footerr",
            "footerf",
            "themedata",
            "colorschememapping",
            "latentstyles",
            "datastore",
            "listtable",
            "listoverridetable",
            "rsidtbl",
            "generator",
            "xmlnstbl",
            "fldinst",
            "object",
            "filetbl",
            "revtbl",
            "nonshppict",
            "author",
            "operator",
            "company",
            "manager",
            "keywords",
            "doccomm",
            "subject",
            "category",
            "hlinkbase",
            "comment",
            "creatim",
            "revtim",
            "printim",
            "buptim",
            "sp",
            "shprslt",
            "atnid",
            "atnauthor",
            "annotation");

    /** Code pages of fonts by the numbers that stand for them. */
    private static final Map<Integer, String> FONT_SETS = Map.ofEntries(
            Map.entry(77, "x-MacRoman"),
            Map.entry(128, "windows-31j"),
            Map.entry(129, "x-windows-949"),
            Map.entry(134, "GBK"),
            Map.entry(136, "Big5"),
            Map.entry(161, "windows-1253"),
            Map.entry(162, "windows-1254"),
            Map.entry(163, "windows-1258"),
            Map.entry(177, "windows-1255"),
            Map.entry(178, "windows-1256"),
            Map.entry(186, "windows-1257"),
            Map.entry(204, "windows-1251"),
            Map.entry(222, "x-windows-874"),
            Map.entry(238, "windows-1250"));

    private final byte[] rtf;
    private final Headings document;
    private final OpenTables tables;
    private final Deque<Group> groups = new ArrayDeque<>();
    private final Map<Integer, Charset> fonts = new HashMap<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final StringBuilder paragraph = new StringBuilder();
    private final StringBuilder title = new StringBuilder();
    /** Notes that are told behind their paragraph. */
    private final StringBuilder notes = new StringBuilder();

    private Group group = new Group(Place.BODY, PlainText.WINDOWS, 1, false);
    private Charset usual = PlainText.WINDOWS;
    private int at;
    private int font;
    private int heading = NO_HEADING;
    private int left;
    private boolean table;
    private boolean starred;

    private enum Place {
        BODY,
        FONTS,
        TITLE,
        NOTE,
        NOWHERE
    }

    /** What holds until the group ends; {@code skipped} is how many characters stand in for one of Unicode. */
    private record Group(Place place, Charset charset, int skipped, boolean hidden) {}

    private RtfText(byte[] rtf, int maxLength) {
        this.rtf = rtf;
        this.document = new Headings(maxLength);
        this.tables = new OpenTables(document, maxLength);
    }

    static Extraction read(byte[] rtf, int maxLength) throws UnreadableFileException {
        if (rtf.length < 6 || !new String(rtf, 0, 5, StandardCharsets.ISO_8859_1).equals("{\\rtf")) {
            throw ZipParts.damaged();
        }
        RtfText reading = new RtfText(rtf, maxLength);
        reading.all();
        return reading.document.extraction(reading.title.toString().strip());
    }

    private void all() throws UnreadableFileException {
        while (at < rtf.length) {
            char c = (char) (rtf[at++] & 0xff);
            if (c == '{') {
                flush();
                starred = false;
                groups.push(group);
                if (groups.size() > DEEPEST) {
                    throw new UnreadableFileException("the file's groups are nested more than " + DEEPEST + " deep");
                }
            } else if (c == '}') {
                flush();
                group = groups.isEmpty() ? group : groups.pop();
            } else if (c == '\\' && at < rtf.length) {
                control();
            } else if (c != '\r' && c != '\n') {
                letter(c);
            }
        }
        flush();
        endParagraph();
        endTable();
    }

    private void letter(int c) {
        if (left > 0) {
            left--;
        } else {
            bytes.write(c);
        }
    }

    private void control() throws UnreadableFileException {
        char c = (char) (rtf[at++] & 0xff);
        if (c == '\'') {
            int high = at + 1 < rtf.length ? Character.digit(rtf[at], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(rtf[at + 1], 16);
            at = Math.min(rtf.length, at + 2);
            if (low >= 0) {
                letter(high * 16 + low);
            }
        } else if (!isLetter(c)) {
            symbol(c);
        } else {
            int from = at - 1;
            while (at < rtf.length && isLetter((char) rtf[at]) && at - from < 32) {
                at++;
            }
            String word = new String(rtf, from, at - from, StandardCharsets.ISO_8859_1);
            int digits = at;
            while (at < rtf.length
                    && at - digits < 10
                    && (Character.isDigit(rtf[at]) || (at == digits && rtf[at] == '-'))) {
                at++;
            }
            boolean negative = at > digits && rtf[digits] == '-';
            long number = 0;
            for (int i = negative ? digits + 1 : digits; i < at; i++) {
                number = number * 10 + rtf[i] - '0';
            }
            boolean numbered = at > digits + (negative ? 1 : 0);
            at += at < rtf.length && rtf[at] == ' ' ? 1 : 0;
            BoundedReading.check();
            word(word, (int) (negative ? -number : number), numbered);
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private void symbol(char c) throws UnreadableFileException {
        switch (c) {
            case '*' -> starred = true;
            case '~' -> add("\u00a0");
            case '_' -> add("-");
            case '\\', '{', '}' -> letter(c);
            case '\r', '\n' -> word("par", 0, false);
            default -> {}
        }
    }

    private void word(String word, int number, boolean numbered) throws UnreadableFileException {
        if (word.equals("bin")) {
            at = (int) Math.min(rtf.length, (long) at + Math.max(0, number));
            return;
        }
        if (word.equals("u") && numbered) {
            add(String.valueOf((char) number));
            left = group.skipped();
            return;
        }
        flush();
        if (HIDDEN.contains(word) || (starred && !word.equals("shppict") && !word.equals("shpinst"))) {
            place(Place.NOWHERE);
        }
        starred = false;
        switch (word) {
            case "ansicpg" -> {
                usual = charset(
                        number == 65001
                                ? "UTF-8"
                                : number == 932
                                        ? "windows-31j"
                                        : number == 936 ? "GBK" : number == 950 ? "Big5" : "windows-" + number);
                in(usual);
            }
            case "mac" -> in(charset("x-MacRoman"));
            case "uc" ->
                group = new Group(group.place(), group.charset(), Math.max(0, Math.min(number, 10)), group.hidden());
            case "v", "deleted" -> hide(!numbered || number != 0);
            case "footnote" -> place(group.place() == Place.BODY ? Place.NOTE : Place.NOWHERE);
            case "fonttbl" -> place(Place.FONTS);
            case "title" -> place(group.place() == Place.BODY ? Place.TITLE : Place.NOWHERE);
            case "f" -> {
                font = number;
                if (group.place() != Place.FONTS) {
                    in(fonts.getOrDefault(number, usual));
                }
            }
            case "fcharset" -> {
                if (group.place() == Place.FONTS && FONT_SETS.containsKey(number)) {
                    fonts.put(font, charset(FONT_SETS.getOrDefault(number, "")));
                }
            }
            case "plain" -> {
                in(usual);
                hide(false);
            }
            case "outlinelevel" -> heading = number;
            case "pard" -> {
                if (group.place() != Place.NOTE) {
                    heading = NO_HEADING;
                    table = false;
                }
            }
            case "intbl" -> table = true;
            case "par", "sect", "page", "column" -> endParagraph();
            case "line" -> add("\n");
            case "tab" -> add("\t");
            case "emspace", "enspace", "qmspace" -> add(" ");
            case "cell", "nestcell" -> endCell();
            case "row" -> {
                if (tables.open()) {
                    tables.endRow();
                }
            }
            case "emdash" -> add("\u2014");
            case "endash" -> add("\u2013");
            case "bullet" -> add("\u2022");
            case "lquote" -> add("\u2018");
            case "rquote" -> add("\u2019");
            case "ldblquote" -> add("\u201c");
            case "rdblquote" -> add("\u201d");
            default -> {}
        }
    }

    private void place(Place place) {
        group = new Group(place, group.charset(), group.skipped(), group.hidden());
    }

    private void hide(boolean hidden) {
        group = new Group(group.place(), group.charset(), group.skipped(), hidden);
    }

    private void in(Charset charset) {
        group = new Group(group.place(), charset, group.skipped(), group.hidden());
    }

    private static Charset charset(String name) {
        try {
            return Charset.isSupported(name) ? Charset.forName(name) : PlainText.WINDOWS;
        } catch (IllegalArgumentException e) {
            return PlainText.WINDOWS;
        }
    }

    private void flush() {
        left = 0;
        if (bytes.size() > 0) {
            String words = new String(bytes.toByteArray(), group.charset());
            bytes.reset();
            put(words);
        }
    }

    private void add(String words) {
        flush();
        put(words);
    }

    private void put(String words) {
        if (group.hidden()) {
            return;
        }
        if (group.place() == Place.BODY) {
            paragraph.append(words);
            document.bound(paragraph.length());
        } else if (group.place() == Place.NOTE) {
            notes.append(words);
            document.bound(notes.length());
        } else if (group.place() == Place.TITLE) {
            title.append(words);
        }
    }

    private void endCell() throws UnreadableFileException {
        if (group.place() != Place.BODY) {
            return;
        }
        if (!tables.open()) {
            tables.begin();
        }
        tables.text(paragraph.toString());
        tables.text(notes.toString().strip());
        paragraph.setLength(0);
        notes.setLength(0);
        tables.endCell();
    }

    private void endTable() throws UnreadableFileException {
        if (tables.open()) {
            tables.endRow();
            tables.end();
        }
    }

    private void endParagraph() throws UnreadableFileException {
        if (group.place() == Place.NOTE) {
            notes.append('\n');
        }
        if (group.place() != Place.BODY) {
            return;
        }
        if (table) {
            paragraph.append(' ');
            return;
        }
        endTable();
        String words = paragraph.toString();
        paragraph.setLength(0);
        if (heading >= 0 && heading < NO_HEADING && !words.isBlank()) {
            document.heading(Math.min(heading + 1, Headings.DEEPEST), words);
        } else {
            document.text(words).text("\n");
        }
        if (notes.length() > 0) {
            document.text(notes.toString().strip()).text("\n");
            notes.setLength(0);
        }
    }
}
