package dev.foundrygateway.retrieval.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of files that are read, by the endings of their names: the one list that everything else follows. */
public enum FileKind {
    PDF("pdf"),
    WORD("docx", "docm", "dotx"),
    SLIDES("pptx", "pptm", "ppsx"),
    SHEETS("xlsx", "xlsm"),
    OPEN_DOCUMENT("odt", "ods", "odp", "ott"),
    BOOK("epub"),
    RICH_TEXT("rtf"),
    MAIL("eml"),
    NOTEBOOK("ipynb"),
    HTML("html", "htm", "xhtml"),
    MARKDOWN("md", "markdown", "mdx"),
    RESTRUCTURED("rst"),
    TABLE("csv", "tsv"),
    JSON("json", "jsonl", "ndjson"),
    XML("xml", "svg", "xsd", "wsdl", "rss", "atom", "plist"),
    CODE(
            "java", "kt", "scala", "groovy", "py", "js", "mjs", "cjs", "jsx", "ts", "tsx", "go", "rs", "c", "h", "cpp",
            "cc", "hpp", "cs", "fs", "php", "rb", "swift", "lua", "pl", "r", "sh", "ps1", "sql"),
    TEXT("txt", "text", "log", "yaml", "yml", "toml", "ini", "properties", "tex", "adoc", "srt", "vtt"),
    /** A kind that another program must save as one of those above. */
    REFUSED("doc", "xls", "ppt", "msg", "zip", "gz", "tar", "7z", "rar", "pages", "numbers", "key", "odg", "mobi");

    /** How it begins to say that a file is of another kind; the ending follows. */
    public static final String NOT_READ = "files of the kind ";

    /** Between blanks. */
    private final String endings;

    FileKind(String... endings) {
        this.endings = String.join(" ", endings);
    }

    private List<String> endings() {
        return List.of(endings.split(" ", -1));
    }

    /** The kind of a file of that name; text where the ending is unknown. */
    static FileKind of(String name) {
        return told(name).orElse(TEXT);
    }

    /** Whether a file's name has an ending that tells its kind. */
    public static boolean isKnown(String name) {
        return name.contains(".") && told(name).isPresent();
    }

    private static Optional<FileKind> told(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(kind -> kind.endings().contains(ending))
                .findFirst();
    }

    /** The endings of all that is read, each with its dot, as a page's file field takes them. */
    public static List<String> accepted() {
        List<String> all = new ArrayList<>();
        for (FileKind kind : values()) {
            if (kind != REFUSED) {
                kind.endings().forEach(ending -> all.add("." + ending));
            }
        }
        return all;
    }
}
