package dev.foundrygateway.openai;

import dev.foundrygateway.openai.CallOpening.Opening;
import dev.foundrygateway.openai.json.JsonString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tool calls whose arguments stand in tags, without JSON's quotes. Qwen3-Coder and Seed write {@code <function=add><parameter=a>1</parameter></function>}, MiniMax
 * {@code <invoke name="add"><parameter name="a">1</parameter></invoke>}, DeepSeek 3.2 the same with its sign in each tag and with whether a value is a text, GLM {@code add<arg_key>a</arg_key><arg_value>1</arg_value></tool_call>}. Linear in the text.
 */
final class TaggedCalls {
    /** What stands in DeepSeek's tags. */
    static final String DSML = "\uff5cDSML\uff5c";

    /** How a call begins behind a mark, but for GLM's. */
    static final List<String> OPENINGS = List.of("<function=", "<invoke name=", "<" + DSML + "invoke name=");

    /** A call with more is none. */
    private static final int MOST_ARGUMENTS = 256;

    private static final Pattern CALLED =
            Pattern.compile("<(" + DSML + ")?(?:function=|invoke name=)\"?([\\w.-]{1,128})\"?\\s{0,9}>");
    private static final Pattern NAME = Pattern.compile("[\\w.-]{1,128}");
    private static final Pattern PARAMETER =
            Pattern.compile("<parameter(?:=|\\s{1,9}name=)\"?([^<>\"\\n]{1,128})\"?\\s{0,9}>\\n?");
    private static final Pattern DSML_PARAMETER = Pattern.compile(
            "<" + DSML + "parameter\\s{1,9}name=\"([^<>\"\\n]{1,128})\"(?:\\s{1,9}string=\"(true|false)\")?\\s{0,9}>");
    private static final Pattern KEY =
            Pattern.compile("<arg_key>\\s{0,9}([^<>\"\\n]{1,128}?)\\s{0,9}</arg_key>\\s{0,64}<arg_value>");
    private static final String KEY_TAG = "<arg_key>";
    private static final String CALL_END = "</tool_call>";
    private static final List<String> ENDS = List.of("</function>", "</invoke>", CALL_END);
    private static final List<String> DSML_ENDS = List.of("</" + DSML + "invoke>");
    private static final List<String> GLM_ENDS = List.of(CALL_END);

    private TaggedCalls() {}

    /**
     * A call.
     *
     * @param end the place behind its last tag
     */
    record Found(ToolCall call, int end) {}

    /** Whether GLM's form begins there, with the function's name: told from a text that has not all come yet. */
    static Opening at(String text, int at, Set<String> known) {
        Matcher name = NAME.matcher(text).region(at, text.length());
        if (!name.lookingAt()) {
            return Opening.NONE;
        }
        int behind = CallOpening.skipBlanks(text, name.end());
        if (CallOpening.begins(text, behind, KEY_TAG)) {
            return text.startsWith(KEY_TAG, behind) ? Opening.CALL : Opening.OPEN;
        }
        boolean named = new ToolCall("", name.group(), "").meant(known).isPresent();
        if (!named || !CallOpening.begins(text, behind, CALL_END)) {
            return Opening.NONE;
        }
        return text.startsWith(CALL_END, behind) ? Opening.CALL : Opening.OPEN;
    }

    /** Reads the call that begins there; empty if there is none, or not all of it. */
    static Optional<Found> read(String text, int from, OfferedTools offered, Supplier<String> ids) {
        Matcher called = CALLED.matcher(text).region(from, text.length());
        if (called.lookingAt()) {
            String sign = called.group(1) == null ? "" : DSML;
            return arguments(
                    text,
                    called.end(),
                    new ToolCall(ids.get(), called.group(2), ""),
                    offered,
                    sign.isEmpty() ? PARAMETER : DSML_PARAMETER,
                    "</" + sign + "parameter>",
                    sign.isEmpty() ? ENDS : DSML_ENDS);
        }
        Matcher name = NAME.matcher(text).region(from, text.length());
        return name.lookingAt()
                ? arguments(
                        text,
                        name.end(),
                        new ToolCall(ids.get(), name.group(), ""),
                        offered,
                        KEY,
                        "</arg_value>",
                        GLM_ENDS)
                : Optional.empty();
    }

    /** Whether a call begins there that is not GLM's. */
    static boolean begins(String text, int at) {
        return OPENINGS.stream().anyMatch(opening -> text.startsWith(opening, at));
    }

    private static Optional<Found> arguments(
            String text,
            int from,
            ToolCall call,
            OfferedTools offered,
            Pattern opening,
            String close,
            List<String> ends) {
        Map<String, String> given = new LinkedHashMap<>();
        int at = blanks(text, from);
        Matcher open = opening.matcher(text);
        while (open.region(at, text.length()).lookingAt()) {
            int end = close(
                    text,
                    open.end(),
                    close,
                    opening == KEY
                            ? KEY_TAG
                            : close.substring(0, close.length() - 1).replace("/", ""),
                    ends);
            if (end < 0) {
                return Optional.empty();
            }
            String written = text.substring(open.end(), end);
            // The line's end before the closing tag is Qwen's, as the one behind the opening tag.
            boolean lined = opening == PARAMETER && written.endsWith("\n");
            written = lined ? written.substring(0, written.length() - 1) : written;
            String name = open.group(1).strip();
            boolean told = opening == DSML_PARAMETER && "true".equals(open.group(2));
            String value = told ? JsonString.quote(written) : offered.argument(call, name, written);
            if (given.size() == MOST_ARGUMENTS || given.put(name, value) != null) {
                return Optional.empty();
            }
            at = blanks(text, end + close.length());
        }
        int last = at;
        return ends.stream()
                .filter(end -> text.startsWith(end, last))
                .findFirst()
                .map(end -> {
                    StringBuilder json = new StringBuilder("{");
                    given.forEach((name, value) -> json.append(json.length() > 1 ? "," : "")
                            .append(JsonString.quote(name))
                            .append(':')
                            .append(value));
                    return new Found(
                            new ToolCall(
                                    call.id(), call.name(), json.append('}').toString()),
                            last + end.length());
                });
    }

    /** Where a value ends: at the tag behind which the call goes on or ends, for a value may hold such a tag itself; -1 if nowhere. */
    private static int close(String text, int from, String close, String next, List<String> ends) {
        int end = text.indexOf(close, from);
        while (end >= 0) {
            int behind = blanks(text, end + close.length());
            if (text.startsWith(next, behind) || ends.stream().anyMatch(one -> text.startsWith(one, behind))) {
                return end;
            }
            end = text.indexOf(close, end + close.length());
        }
        return -1;
    }

    static int blanks(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        return at;
    }
}
