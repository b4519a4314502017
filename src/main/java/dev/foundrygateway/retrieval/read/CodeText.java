package dev.foundrygateway.retrieval.read;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Source code as it stands, cut where a function or a type begins, with the comments and annotations above it; a passage knows the name of what it stands in.
 * Told by the words and brackets that most languages share, not by a parser of any.
 */
final class CodeText {
    private static final int MAX_LINE = 300;
    private static final int DEEPEST = 12;
    private static final int TYPE = 2;
    private static final int FUNCTION = 3;

    private static final Pattern TYPES = Pattern.compile(
            "\\b(?:class|interface|struct|enum|trait|impl|object|record|protocol|namespace|module)\\s++([\\w.$<>]++)");
    private static final Pattern FUNCTIONS = Pattern.compile(
            "\\b(?:def|func|fn|fun|function|sub|procedure)\\s++(?:\\([^)]*+\\)\\s*+)?+([\\w.$!?:]++)");
    private static final Pattern TABLES = Pattern.compile(
            "(?i)^\\s*+create\\s++(?:or\\s++replace\\s++)?+(?:table|view|function|procedure|trigger|index)\\s++([\\w.\"]++)");
    /** What has brackets behind its name and is no call: a line that ends in the bracket of a body. */
    private static final Pattern METHOD = Pattern.compile("([\\w$~]++)\\s?\\(");

    private static final Pattern VARIABLE =
            Pattern.compile("\\b(?:const|let|var)\\s++([\\w$]++)\\s*+=\\s*+(?:async\\b|function\\b|\\()");
    private static final Set<String> NO_NAMES = Set.of(
            "if", "for", "while", "switch", "catch", "return", "else", "new", "do", "try", "using", "lock", "with",
            "foreach", "when", "match", "elif", "synchronized", "assert", "throw", "and", "or", "not", "in", "await");

    private CodeText() {}

    static Extraction read(String code) {
        Headings document = new Headings();
        List<String> above = new ArrayList<>();
        Iterator<String> lines = code.lines().iterator();
        while (lines.hasNext()) {
            String line = lines.next();
            String words = line.strip();
            if (isAbove(words) && above.size() < MAX_LINE) {
                above.add(line);
                continue;
            }
            define(line, words, document);
            above.forEach(one -> document.text(one).text("\n"));
            above.clear();
            document.text(line).text("\n");
        }
        above.forEach(one -> document.text(one).text("\n"));
        return document.extraction("");
    }

    /** Comments, annotations and attributes belong to what stands below them. */
    private static boolean isAbove(String words) {
        return words.startsWith("//")
                || words.startsWith("/*")
                || words.startsWith("*")
                || words.startsWith("@")
                || words.startsWith("#")
                || words.startsWith("--");
    }

    private static void define(String line, String words, Headings document) {
        int indent = line.length() - line.stripLeading().length();
        if (words.length() < 3 || words.length() > MAX_LINE || indent > DEEPEST) {
            return;
        }
        Matcher type = TYPES.matcher(words);
        Matcher function = FUNCTIONS.matcher(words);
        Matcher table = TABLES.matcher(words);
        Matcher variable = VARIABLE.matcher(words);
        boolean assigned = words.indexOf('=') >= 0 && words.indexOf('=') < words.indexOf('(');
        if (type.find() && !words.endsWith(";") && (words.indexOf('(') < 0 || words.indexOf('(') > type.start())) {
            document.heading(indent == 0 ? TYPE - 1 : TYPE, type.group(1));
        } else if (function.find() && !words.endsWith(";")) {
            document.heading(FUNCTION, function.group(1));
        } else if (table.find()) {
            document.heading(FUNCTION, table.group(1));
        } else if (variable.find() && indent == 0) {
            document.heading(FUNCTION, variable.group(1));
        } else if (words.endsWith("{") && !assigned) {
            Matcher method = METHOD.matcher(words);
            if (method.find() && !NO_NAMES.contains(method.group(1)) && !NO_NAMES.contains(first(words))) {
                document.heading(FUNCTION, method.group(1));
            }
        }
    }

    private static String first(String words) {
        int end = 0;
        String line = words.startsWith("}") ? words.substring(1).strip() : words;
        while (end < line.length() && Character.isJavaIdentifierPart(line.charAt(end))) {
            end++;
        }
        return line.substring(0, end);
    }
}
