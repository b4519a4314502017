package dev.foundrygateway.openai;

import dev.foundrygateway.openai.CallOpening.Opening;
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
 * Tool calls that the model wrote as text, as a server passes them on that doesn't read them itself: behind a mark of its family (see {@link CallOpening#MARKS}), as JSON, bare or in a
 * fence, in tags, or in Python's words where the answer is nothing else.
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
            "(?:\\s*+(?:```|<\\|?/tool_calls?\\|?>|</(?:function|invoke|seed:tool_call|minimax:tool_call|\uff5cDSML\uff5cfunction_calls)>|<\\|(?:eom_id|eot_id|eot|im_end|python_end)\\|>|</s>"
                    + "|<[\uff5c|](?:tool[\u2581_ ]calls?(?:_section)?[\u2581_ ]end|end[\u2581_ ]of[\u2581_ ]sentence)[\uff5c|]>)){0,20}+");
    /** A call whose name stands before its arguments, in Mistral's words and in Llama's. */
    private static final Pattern NAMED = Pattern.compile(
            "\\s{0,9}(?:\\[TOOL_CALLS]|<function=)?\\s{0,9}([\\w.-]{1,128})(?:\\[CALL_ID][\\w-]{1,64})?(?:\\[ARGS]|>)?\\s{0,9}(?=\\{)");

    private static final String SEPARATOR = "<[\uff5c|]tool[\u2581_ ](?:sep|call_argument_begin)[\uff5c|]>";
    /** The same in DeepSeek's words and in Kimi's. */
    private static final Pattern SEPARATED = Pattern.compile(
            "(?:\\s{0,9}<[\uff5c|]tool[\u2581_ ]calls?(?:_section)?[\u2581_ ]begin[\uff5c|]>){1,3}\\s{0,9}"
                    + "(?:function" + SEPARATOR + ")?([\\w.-]{1,128})(?::\\d{1,4})?\\s{0,9}(?:" + SEPARATOR
                    + ")?\\s{0,9}(?:```\\w{0,20})?\\s{0,9}(?=\\{)");
    /** As many as an answer may have. */
    private static final int MOST_CALLS = 1_000;
    /** So many values that look like calls and are none, and no further one is read. */
    private static final int MOST_FAILED = 32;

    /**
     * Reads the calls.
     *
     * @param offered the functions that the model is offered: JSON without a mark is a call only if it names one of them
     * @param ids makes an id for each
     * @return empty if there is none, or a mark with something behind it that can't be read
     */
    public static Optional<ToolCallText> read(String text, OfferedTools offered, Supplier<String> ids) {
        Reading reading = new Reading(text, offered, ids);
        return reading.all() && !reading.calls.isEmpty()
                ? Optional.of(new ToolCallText(List.copyOf(reading.calls), reading.restOfText()))
                : Optional.empty();
    }

    /** One text on its way to be read. */
    private static final class Reading {
        private final String text;
        private final OfferedTools offered;
        private final Set<String> known;
        private final Supplier<String> ids;
        private final List<ToolCall> calls = new ArrayList<>();
        private final StringBuilder rest = new StringBuilder();
        private int at;
        /** Whether a bracket never closes: then nothing bare behind it is a call, and need not be searched for its end. */
        private boolean unclosed;

        private int failed;

        Reading(String text, OfferedTools offered, Supplier<String> ids) {
            this.text = text;
            this.offered = offered;
            this.known = offered.names();
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
            int first = open;
            while (first < text.length() && text.charAt(first) <= ' ') {
                first++;
            }
            while (open < text.length() && calls.size() < MOST_CALLS) {
                open = CallOpening.next(text, open);
                if (open < 0) {
                    break;
                }
                Optional<String> mark = CallOpening.mark(text, open);
                at = open + mark.map(String::length).orElse(0);
                boolean begins = mark.isPresent() && CallOpening.marked(text, open, mark.get(), known) == Opening.CALL;
                if (begins ? marked(mark.get(), open) : (open == first && alone()) || (mark.isEmpty() && bare(open))) {
                    leave(kept, open);
                    kept = at;
                    open = at;
                } else if (begins) {
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

        private boolean marked(String mark, int open) {
            int before = calls.size();
            if (CallOpening.separates(mark)) {
                at = open;
                named(SEPARATED);
                return calls.size() > before;
            }
            if (mark.equals("functools[")) {
                at--;
            }
            if (mark.equals("[TOOL_CALLS]")
                    || mark.equals("<function=")
                    || text.startsWith("<function=", after(BEFORE))) {
                named(NAMED);
            }
            if (calls.size() == before) {
                tagged(mark.equals("<function=") ? open : after(BEFORE));
            }
            if (calls.size() == before) {
                pythonic(after(BEFORE));
            }
            if (calls.size() == before) {
                values(false);
            }
            return calls.size() > before;
        }

        /** A call whose name stands before its arguments, and what stands between it and the next mark. */
        private void named(Pattern way) {
            int from = at;
            Matcher name = way.matcher(text).region(at, text.length());
            Optional<Json> arguments = name.lookingAt() ? value(name.end()) : Optional.empty();
            if (arguments.isEmpty()) {
                at = from;
                return;
            }
            calls.add(new ToolCall(
                    ids.get(), name.group(1), arguments.get().compact().toString()));
            at = after(BEHIND);
            int next = after(BEFORE);
            at = CallOpening.mark(text, next).isPresent() ? next : at;
        }

        /** Calls in tags, each right behind the other; none if one of them can't be read. */
        private void tagged(int from) {
            int before = calls.size();
            int next = from;
            do {
                Optional<TaggedCalls.Found> found = TaggedCalls.read(text, next, offered, ids);
                if (found.isEmpty() || calls.size() == MOST_CALLS) {
                    calls.subList(before, calls.size()).clear();
                    return;
                }
                calls.add(found.get().call());
                at = found.get().end();
                next = TaggedCalls.blanks(text, at);
            } while (TaggedCalls.begins(text, next));
            at = after(BEHIND);
        }

        private void pythonic(int from) {
            PythonicCalls.read(text, from, ids)
                    .filter(found -> calls.size() + found.calls().size() <= MOST_CALLS)
                    .ifPresent(found -> {
                        calls.addAll(found.calls());
                        at = found.end();
                        at = after(BEHIND);
                    });
        }

        /** Whether from here on all is calls in Python's words, of known functions: in a text they may be an example. */
        private boolean alone() {
            int from = at;
            pythonic(from);
            boolean all = !calls.isEmpty()
                    && text.substring(at).isBlank()
                    && calls.stream().allMatch(call -> known.contains(call.name()));
            if (!all) {
                calls.clear();
                at = from;
            }
            return all;
        }

        private boolean bare(int open) {
            int before = calls.size();
            if (!unclosed && failed < MOST_FAILED && CallOpening.unmarked(text, open, known, false) == Opening.CALL) {
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
