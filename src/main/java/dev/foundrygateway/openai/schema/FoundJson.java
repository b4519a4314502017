package dev.foundrygateway.openai.schema;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON that a text may mean to be: without the fence, the thinking and the sentences around it, and with its commas put right. Nothing is made up: no value, no name and no closing
 * bracket is added. Pure; linear in the text.
 */
public final class FoundJson {
    /** More than one object stands in an answer that explains itself; the last is as a rule the one meant, so few are enough. */
    private static final int MAX_FOUND = 8;

    private static final Pattern THINKING = Pattern.compile("^\\s{0,99}<think>.*?</think>", Pattern.DOTALL);
    private static final String FENCE = "```";

    private FoundJson() {}

    /** What the text may mean, the likeliest first: the text itself, then what stands in it. Each may still be no JSON. */
    public static List<String> in(String text) {
        Set<String> found = new LinkedHashSet<>();
        String bare = withoutThinking(text);
        found.add(bare.strip());
        fenced(bare).ifPresent(inner -> {
            found.add(inner);
            found.add(withCommas(inner));
        });
        for (String part : parts(bare)) {
            found.add(part);
            found.add(withCommas(part));
        }
        found.remove("");
        return List.copyOf(found);
    }

    private static String withoutThinking(String text) {
        Matcher thinking = THINKING.matcher(text);
        return thinking.find() ? text.substring(thinking.end()) : text;
    }

    private static Optional<String> fenced(String text) {
        int open = text.indexOf(FENCE);
        int line = open < 0 ? -1 : text.indexOf('\n', open);
        int close = line < 0 ? -1 : text.indexOf(FENCE, line);
        return close < 0
                ? Optional.empty()
                : Optional.of(text.substring(line, close).strip());
    }

    /** The objects and arrays that stand in the text, the largest first. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length() && parts.size() < MAX_FOUND) {
            char c = text.charAt(at);
            int end = c == '{' || c == '[' ? end(text, at) : -1;
            if (end > 0) {
                parts.add(text.substring(at, end));
                at = end;
            } else if (end == 0) {
                // It never closes, and so none of those within it is the answer.
                break;
            } else {
                at++;
            }
        }
        parts.sort((one, other) -> other.length() - one.length());
        return parts;
    }

    /** One past the bracket that closes this one; 0 if none does. */
    public static int end(String text, int open) {
        int depth = 0;
        boolean string = false;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (string) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    string = false;
                }
            } else if (c == '"') {
                string = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return i + 1;
            }
        }
        return 0;
    }

    /** The text without commas before a closing bracket or before another comma, and with one between two values that have none. */
    public static String withCommas(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        // What stood last outside of strings, whitespace aside: an opening bracket at first.
        char last = '{';
        int lastAt = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ') {
                out.append(c);
                continue;
            }
            boolean closes = c == '}' || c == ']';
            if (last == ',' && (closes || c == ',')) {
                out.deleteCharAt(lastAt);
            }
            boolean opens = c == '"' || c == '{' || c == '[';
            if (opens && (last == '"' || last == '}' || last == ']')) {
                out.append(',');
            }
            lastAt = out.length();
            last = c;
            out.append(c);
            if (c == '"') {
                i = copyString(text, i + 1, out);
            }
        }
        return out.toString();
    }

    /** Copies the rest of a string; where its closing quote stands. */
    private static int copyString(String text, int from, StringBuilder out) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c);
            if (c == '\\' && i + 1 < text.length()) {
                out.append(text.charAt(++i));
            } else if (c == '"') {
                return i;
            }
        }
        return text.length();
    }
}
