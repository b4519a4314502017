package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.schema.FoundJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tool calls that the model wrote as text, as a server passes them on that doesn't read them itself: behind a mark of its family (see {@link CallOpening#MARKS}), or as JSON, bare or in a
 * fence.
 *
 * @param calls the calls, in order
 * @param rest the text around them; empty if it is only whitespace
 * @see <a href="https://github.com/microsoft/foundry-local/issues/874">foundry-local 874</a>
 */
public record ToolCallText(List<ToolCall> calls, String rest) {
    private static final Pattern THINKING = Pattern.compile("\\s{0,99}<think>.*?(?:</think>|$)", Pattern.DOTALL);
    /** What stands before the JSON of a call, and between two. */
    private static final Pattern BEFORE =
            Pattern.compile("(?:[\\s,;]++|```\\w{0,20}+\\s|<\\|?/tool_calls?\\|?>){0,20}+");
    /** What stands behind the last. */
    private static final Pattern BEHIND = Pattern.compile(
            "(?:\\s*+(?:```|<\\|?/tool_calls?\\|?>|</function>|<\\|(?:eom_id|eot_id|im_end)\\|>|</s>)){0,20}+");
    /** A call whose name stands before its arguments, in Mistral's words and in Llama's. */
    private static final Pattern NAMED = Pattern.compile(
            "\\s{0,9}(?:\\[TOOL_CALLS]|<function=)?\\s{0,9}([\\w.-]{1,128})(?:\\[CALL_ID][\\w-]{1,64})?(?:\\[ARGS]|>)?\\s{0,9}(?=\\{)");
    /** As many as an answer may have. */
    private static final int MOST_CALLS = 1_000;
    /** So many values that look like calls and are none, and no further one is read. */
    private static final int MOST_FAILED = 32;

    /**
     * Reads the calls.
     *
     * @param known the functions that the model is offered: JSON without a mark is a call only if it names one of them
     * @param ids makes an id for each
     * @return empty if there is none, or a mark with something behind it that can't be read
     */
    public static Optional<ToolCallText> read(String text, Set<String> known, Supplier<String> ids) {
        Reading reading = new Reading(text, known, ids);
        return reading.all() && !reading.calls.isEmpty()
                ? Optional.of(new ToolCallText(List.copyOf(reading.calls), reading.restOfText()))
                : Optional.empty();
    }

    /** One text on its way to be read. */
    private static final class Reading {
        private final String text;
        private final Set<String> known;
        private final Supplier<String> ids;
        private final List<ToolCall> calls = new ArrayList<>();
        private final StringBuilder rest = new StringBuilder();
        private int at;
        /** Whether a bracket never closes: then nothing bare behind it is a call, and need not be searched for its end. */
        private boolean unclosed;

        private int failed;

        Reading(String text, Set<String> known, Supplier<String> ids) {
            this.text = text;
            this.known = known;
            this.ids = ids;
        }

        String restOfText() {
            return rest.toString().isBlank() ? "" : rest.toString();
        }

        /** Whether all that is marked could be read. */
        boolean all() {
            Matcher thinking = THINKING.matcher(text);
            int open = thinking.lookingAt() ? thinking.end() : 0;
            int kept = 0;
            while (open < text.length() && calls.size() < MOST_CALLS) {
                open = CallOpening.next(text, open);
                if (open < 0) {
                    break;
                }
                Optional<String> mark = CallOpening.mark(text, open);
                at = open + mark.map(String::length).orElse(0);
                if (mark.isPresent() ? marked(mark.get()) : bare(open)) {
                    leave(kept, open);
                    kept = at;
                    open = at;
                } else if (mark.isPresent() && CallOpening.at(text, open, known) == CallOpening.Opening.CALL) {
                    return false;
                } else {
                    open++;
                }
            }
            leave(kept, text.length());
            return true;
        }

        /** Leaves what stands beside calls; blanks behind one say nothing. */
        private void leave(int from, int to) {
            String left = text.substring(from, to);
            rest.append(from > 0 && left.isBlank() ? "" : left);
        }

        private boolean marked(String mark) {
            int before = calls.size();
            if (mark.equals("functools[")) {
                at--;
            }
            if (mark.equals("[TOOL_CALLS]")
                    || mark.equals("<function=")
                    || text.startsWith("<function=", after(BEFORE))) {
                named();
            }
            if (calls.size() == before) {
                values(false);
            }
            return calls.size() > before;
        }

        /** Calls whose names stand before their arguments, one behind the other. */
        private void named() {
            Matcher name = NAMED.matcher(text);
            while (calls.size() < MOST_CALLS && name.region(at, text.length()).lookingAt()) {
                Optional<Json> arguments = value(name.end());
                if (arguments.isEmpty()) {
                    return;
                }
                calls.add(new ToolCall(
                        ids.get(), name.group(1), arguments.get().compact().toString()));
                at = after(BEHIND);
                int next = after(BEFORE);
                if (!text.startsWith("[TOOL_CALLS]", next) && !text.startsWith("<function=", next)) {
                    return;
                }
                at = next;
            }
        }

        private boolean bare(int open) {
            int before = calls.size();
            if (!unclosed && failed < MOST_FAILED && CallOpening.at(text, open, known) == CallOpening.Opening.CALL) {
                values(true);
                failed += calls.size() > before ? 0 : 1;
            }
            return calls.size() > before;
        }

        /** The JSON values from here on, each a call or a list of calls. */
        private void values(boolean bare) {
            while (calls.size() < MOST_CALLS) {
                int end = at;
                Optional<Json> value = value(after(BEFORE));
                if (value.isEmpty() || !add(value.get(), bare)) {
                    at = end;
                    break;
                }
            }
            at = after(BEHIND);
        }

        /** The value that begins there, its commas put right; the place behind it is the next to read. */
        private Optional<Json> value(int from) {
            if (from >= text.length() || (text.charAt(from) != '{' && text.charAt(from) != '[')) {
                return Optional.empty();
            }
            int end = FoundJson.end(text, from);
            unclosed |= end == 0;
            if (end == 0) {
                return Optional.empty();
            }
            at = end;
            String json = text.substring(from, end);
            return Json.parse(json).or(() -> Json.parse(FoundJson.withCommas(json)));
        }

        private boolean add(Json value, boolean bare) {
            List<ToolCall> found = new ArrayList<>();
            boolean calling = !bare;
            for (Json one : value.isArray() ? value.elements() : List.of(value)) {
                // Some write OpenAI's own shape.
                Json call = one.get("function").isObject() ? one.get("function") : one;
                Json name = call.get(call.has("name") ? "name" : "function");
                if (!name.isString() || (bare && (!known.contains(name.text()) || defines(call)))) {
                    return false;
                }
                // One without arguments is a call beside one that has some.
                calling |= call.has("arguments") || call.has("parameters");
                Json arguments = call.get(call.has("arguments") ? "arguments" : "parameters");
                String written = arguments.isString()
                        ? arguments.text()
                        : arguments.isMissing() || arguments.isNull()
                                ? "{}"
                                : arguments.compact().toString();
                found.add(new ToolCall(ids.get(), name.text(), written));
            }
            if (calling) {
                calls.addAll(found);
            }
            return calling && !found.isEmpty();
        }

        /** Whether it says what a function is, instead of calling it. */
        private static boolean defines(Json call) {
            Json parameters = call.get("parameters");
            boolean schema = parameters.get("type").text().equals("object")
                    && parameters.get("properties").isObject();
            return call.has("description") || (!call.has("arguments") && schema);
        }

        /** Where the text goes on behind what that pattern takes. */
        private int after(Pattern noise) {
            Matcher matcher = noise.matcher(text).region(at, text.length());
            return matcher.lookingAt() ? matcher.end() : at;
        }
    }
}
