package dev.foundrygateway.openai;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where in a text a tool call may begin that the model wrote as text; told from a text that has not all come yet. Pure. */
public final class CallOpening {
    private static final String FUNCTION = "<function=";
    /**
     * The marks of the families: Qwen, Hermes, Granite and GLM; Phi and Granite; Mistral; Llama, three of them; Phi; Liquid; Seed; MiniMax; Kimi and DeepSeek.
     *
     * @see ToolCallText
     */
    static final List<String> MARKS = Stream.concat(
                    Stream.of(
                            "<tool_call>",
                            "<|tool_call|>",
                            "[TOOL_CALLS]",
                            "<|python_tag|>",
                            FUNCTION,
                            "<|python_start|>",
                            "functools[",
                            "<|tool_call_start|>",
                            "<seed:tool_call>",
                            "<minimax:tool_call>",
                            "<" + TaggedCalls.DSML + "function_calls>",
                            "<|tool_calls_section_begin|>"),
                    beginnings())
            .toList();

    /** How JSON begins that is a call, whitespace aside. */
    private static final List<String> BARE = List.of(
            "{\"name\":\"",
            "{\"type\":\"function\"",
            "{\"function\":",
            "{\"arguments\":{",
            "{\"arguments\":\"",
            "{\"parameters\":{");

    private static final Pattern FENCE = Pattern.compile("```\\w{0,20}\\s{0,20}");
    private static final Pattern HALF_FENCE = Pattern.compile("`{1,2}|```\\w{0,20}\\s{0,20}");
    private static final Pattern NAME = Pattern.compile("\"(?:name|function)\"\\s{0,9}:\\s{0,9}\"([^\"\\\\]{1,128})\"");
    /** How far a name may stand from the beginning, in characters. */
    private static final int MAX_OPENING = 512;
    /** How many blanks may stand behind a mark. */
    private static final int MAX_BLANK = 64;

    private CallOpening() {}

    /** DeepSeek's have full-width bars and blocks for blanks; its smaller models write the like of them. */
    private static Stream<String> beginnings() {
        return Stream.of("tool\u2581calls\u2581begin", "tool\u2581call\u2581begin")
                .flatMap(words -> Stream.of(words, words.replace('\u2581', '_'), words.replace('\u2581', ' ')))
                .flatMap(words -> Stream.of("<\uff5c" + words + "\uff5c>", "<|" + words + "|>"));
    }

    /** Whether names stand behind that mark, with a mark of their own between name and arguments. */
    static boolean separates(String mark) {
        return mark.contains("begin");
    }

    /** What a place in the text is. */
    public enum Opening {
        /** No call begins here. */
        NONE,
        /** The text is too short to tell. */
        OPEN,
        /** What begins here is to be read to its end. */
        CALL
    }

    /** The first place from there on at which a call may begin; -1 if there is none. */
    public static int next(CharSequence text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '<' || c == '[' || c == '{' || c == '`' || c == 'f') {
                return i;
            }
        }
        return -1;
    }

    /** The mark that stands at that place. */
    static Optional<String> mark(String text, int at) {
        return begun(text, at).filter(mark -> mark.length() <= text.length() - at);
    }

    /** The mark that stands there, or half of it where the text ends; no mark begins another. */
    private static Optional<String> begun(String text, int at) {
        for (String mark : MARKS) {
            if (begins(text, at, mark)) {
                return Optional.of(mark);
            }
        }
        return Optional.empty();
    }

    /**
     * What begins at that place.
     *
     * @param known the functions that the model is offered
     * @param first whether nothing is answered before it
     */
    public static Opening at(String text, int at, Set<String> known, boolean first) {
        Optional<String> mark = begun(text, at);
        if (mark.isEmpty()) {
            return unmarked(text, at, known, first);
        }
        return mark.get().length() > text.length() - at ? Opening.OPEN : marked(text, at, mark.get(), known);
    }

    /** What begins at that place, where no mark stands. */
    static Opening unmarked(String text, int at, Set<String> known, boolean first) {
        if (text.charAt(at) == 'f' || text.charAt(at) == '<') {
            return Opening.NONE;
        }
        String start = text.substring(at, Math.min(text.length(), at + MAX_OPENING));
        if (start.charAt(0) == '`') {
            Matcher fence = FENCE.matcher(start);
            if (!fence.lookingAt()) {
                return HALF_FENCE.matcher(start).matches() ? Opening.OPEN : Opening.NONE;
            }
            return fence.end() == start.length() ? Opening.OPEN : bare(start.substring(fence.end()), known);
        }
        if (at > 0 && "`'\"".indexOf(text.charAt(at - 1)) >= 0) {
            return Opening.NONE;
        }
        Opening pythonic = first && start.charAt(0) == '[' ? PythonicCalls.at(text, at, known) : Opening.NONE;
        return pythonic == Opening.NONE ? bare(start, known) : pythonic;
    }

    /** What begins at that place, where that mark stands. */
    static Opening marked(String text, int place, String mark, Set<String> known) {
        int at = skipBlanks(text, place + mark.length());
        if (at == text.length()) {
            return Opening.OPEN;
        }
        char c = text.charAt(at);
        boolean named = mark.equals("[TOOL_CALLS]") || mark.equals(FUNCTION) || separates(mark);
        if (c == '`') {
            return text.startsWith("```", at) ? Opening.CALL : text.length() - at < 3 ? Opening.OPEN : Opening.NONE;
        }
        if (mark.startsWith("<") && !mark.equals(FUNCTION)) {
            for (String opening : TaggedCalls.OPENINGS) {
                if (begins(text, at, opening)) {
                    return text.startsWith(opening, at) ? Opening.CALL : Opening.OPEN;
                }
            }
        }
        if (mark.equals("<tool_call>") && (Character.isLetterOrDigit(c) || c == '_')) {
            return TaggedCalls.at(text, at, known);
        }
        return c == '{'
                        || c == '['
                        || (named && Character.isJavaIdentifierStart(c))
                        || (separates(mark) && c == '<')
                        || mark.equals("functools[")
                ? Opening.CALL
                : Opening.NONE;
    }

    private static Opening bare(String start, Set<String> known) {
        if (start.charAt(0) != '{' && start.charAt(0) != '[') {
            return Opening.NONE;
        }
        StringBuilder dense = new StringBuilder();
        for (int i = start.charAt(0) == '[' ? 1 : 0; i < start.length() && dense.length() < 24; i++) {
            if (start.charAt(i) > ' ') {
                dense.append(start.charAt(i));
            }
        }
        String begins = dense.toString();
        if (BARE.stream().noneMatch(one -> begins.startsWith(one) || one.startsWith(begins))) {
            return Opening.NONE;
        }
        // Where the arguments come first, they may have a name, too.
        boolean argued = begins.startsWith("{\"a") || begins.startsWith("{\"p");
        Matcher name = NAME.matcher(start);
        while (name.find()) {
            if (known.contains(name.group(1))) {
                return Opening.CALL;
            }
            if (!argued) {
                return Opening.NONE;
            }
        }
        return start.length() < MAX_OPENING ? Opening.OPEN : Opening.NONE;
    }

    /** Whether that tag stands there, or as much of it as there is text. */
    static boolean begins(String text, int at, String tag) {
        return text.regionMatches(at, tag, 0, Math.min(tag.length(), text.length() - at));
    }

    /** Stops behind as many as a call may have before it. */
    static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && at - from <= MAX_BLANK && text.charAt(at) <= ' ') {
            at++;
        }
        return at;
    }
}
