package dev.foundrygateway.retrieval.read;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What a file is by its bytes, where its name says something else: programs export pages and tables as {@code xls} and letters in RTF as {@code doc}, and people
 * give files another ending. Pure.
 */
final class TrueKind {
    private static final int BEGINNING = 2_048;
    /** Where an archive tells the names of its parts. */
    private static final int END = 1 << 16;

    /** Names that are given to files of these other kinds. */
    private static final Set<FileKind> DOUBTED = EnumSet.of(
            FileKind.WORD,
            FileKind.SLIDES,
            FileKind.SHEETS,
            FileKind.OPEN_DOCUMENT,
            FileKind.BOOK,
            FileKind.RICH_TEXT,
            FileKind.TEXT);

    private static final Set<String> OLD_OFFICE = Set.of("doc", "xls", "ppt");

    private TrueKind() {}

    /** The kind to read it as: the one of its name, if its bytes don't say that it is of another. */
    static FileKind of(FileKind named, String ending, byte[] file) {
        boolean old = OLD_OFFICE.contains(ending);
        if (!old && !DOUBTED.contains(named)) {
            return named;
        }
        String beginning = new String(file, 0, Math.min(file.length, BEGINNING), StandardCharsets.ISO_8859_1);
        if (beginning.startsWith("{\\rtf")) {
            return FileKind.RICH_TEXT;
        }
        if (beginning.startsWith("%PDF-")) {
            return FileKind.PDF;
        }
        if (beginning.startsWith("PK\u0003\u0004")) {
            return archive(named, beginning, file);
        }
        if (named != FileKind.TEXT && isPage(beginning)) {
            return FileKind.HTML;
        }
        return ending.equals("xls") && isTable(beginning) ? FileKind.TABLE : named;
    }

    private static FileKind archive(FileKind named, String beginning, byte[] file) {
        int from = Math.max(0, file.length - END);
        String end = new String(file, from, file.length - from, StandardCharsets.ISO_8859_1);
        if (beginning.contains("mimetypeapplication/epub+zip")) {
            return FileKind.BOOK;
        }
        if (beginning.contains("mimetypeapplication/vnd.oasis.opendocument.")) {
            return FileKind.OPEN_DOCUMENT;
        }
        if (end.contains("word/document.xml")) {
            return FileKind.WORD;
        }
        if (end.contains("ppt/presentation.xml")) {
            return FileKind.SLIDES;
        }
        return end.contains("xl/workbook.xml") ? FileKind.SHEETS : named;
    }

    private static boolean isPage(String beginning) {
        String page =
                beginning.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading().toLowerCase(Locale.ROOT);
        return page.startsWith("<")
                && (page.contains("<html") || page.contains("<table") || page.startsWith("<!doctype html"));
    }

    private static boolean isTable(String beginning) {
        int end = beginning.indexOf('\n');
        return beginning.indexOf('\0') < 0
                && end > 0
                && beginning.substring(0, end).contains("\t");
    }
}
