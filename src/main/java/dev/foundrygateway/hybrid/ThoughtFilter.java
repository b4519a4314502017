package dev.foundrygateway.hybrid;

import java.util.List;
import java.util.Optional;

/**
 * Tells what a model answers from what it thinks aloud before it: {@code <think>…</think>} and the like in its text, cut anywhere between two pieces. A mark opens
 * at the beginning of a line; one that closes without that takes back what came since it was opened, or all. A thought that is never closed is no answer. Linear
 * in the text. Not thread-safe.
 */
final class ThoughtFilter {
    private record Mark(String open, String close) {}

    private static final List<Mark> MARKS = List.of(
            new Mark("<think>", "</think>"),
            new Mark("<thinking>", "</thinking>"),
            new Mark("<thought>", "</thought>"),
            new Mark("<thoughts>", "</thoughts>"),
            new Mark("<reasoning>", "</reasoning>"),
            new Mark("<seed:think>", "</seed:think>"),
            new Mark("[THINK]", "[/THINK]"),
            new Mark("<|begin_of_thought|>", "<|end_of_thought|>"),
            new Mark("\u25c1think\u25b7", "\u25c1/think\u25b7"));
    /** Harmony's, whose end also ends an answer. */
    private static final List<Mark> CHANNELS = List.of(
            new Mark("<|channel|>analysis<|message|>", "<|end|>"),
            new Mark("<|channel|>commentary<|message|>", "<|end|>"));
    /** What stands around harmony's answers. */
    private static final List<String> FRAMES =
            List.of("<|channel|>final<|message|>", "<|start|>assistant", "<|end|>", "<|return|>");

    private static final int NOWHERE = -1;

    private final StringBuilder answer = new StringBuilder();
    /** What has come and may be the beginning of a mark. */
    private final StringBuilder pending = new StringBuilder();

    private Optional<Mark> inside = Optional.empty();
    /** Where in the answer a mark stands that was opened within a line. */
    private int inline = NOWHERE;

    /** Whether the answer's last line is blank so far. */
    private boolean blankLine = true;

    private boolean begun;
    private boolean thought;

    /** The next piece of the text. */
    void take(String text) {
        pending.append(text);
        int at = 0;
        int next = step(at);
        while (next > at) {
            at = next;
            next = step(at);
        }
        pending.delete(0, at);
    }

    /** What of the text is answer, if nothing more follows. */
    String answer() {
        return inside.isPresent() ? answer.toString() : answer.toString() + pending;
    }

    /** How much of the text is answer for sure. */
    int length() {
        return answer.length();
    }

    /** Whether something that was not blank is answer. */
    boolean begun() {
        return begun;
    }

    /** Whether a thought has been seen. */
    boolean thought() {
        return thought;
    }

    /** Reads on from there; the same place where more must come first. */
    private int step(int at) {
        if (at == pending.length()) {
            return at;
        }
        return inside.map(mark -> leave(mark, at)).orElseGet(() -> pass(at));
    }

    private int leave(Mark mark, int at) {
        String close = mark.close();
        for (int i = at; i + close.length() <= pending.length(); i++) {
            if (matches(close, i)) {
                inside = Optional.empty();
                return i + close.length();
            }
        }
        return Math.max(at, pending.length() - close.length() + 1);
    }

    private int pass(int at) {
        int mark = at;
        while (mark < pending.length() && !mayOpen(pending.charAt(mark))) {
            mark++;
        }
        if (mark > at) {
            append(at, mark);
            return mark;
        }
        for (Mark known : MARKS) {
            if (matches(known.open(), at)) {
                return open(known, at);
            }
            if (matches(known.close(), at)) {
                takeBack();
                return at + known.close().length();
            }
        }
        for (Mark channel : CHANNELS) {
            if (matches(channel.open(), at)) {
                thought = true;
                inside = Optional.of(channel);
                return at + channel.open().length();
            }
        }
        for (String frame : FRAMES) {
            if (matches(frame, at)) {
                return at + frame.length();
            }
        }
        if (cut(at)) {
            return at;
        }
        append(at, at + 1);
        return at + 1;
    }

    private void append(int from, int to) {
        for (int i = from; i < to; i++) {
            char c = pending.charAt(i);
            boolean blank = Character.isWhitespace(c);
            blankLine = c == '\n' || (blankLine && blank);
            begun |= !blank;
        }
        answer.append(pending, from, to);
    }

    private void takeBack() {
        answer.setLength(Math.max(0, inline));
        begun = inline > 0;
        blankLine = inline <= 0;
        inline = NOWHERE;
        thought = true;
    }

    private int open(Mark mark, int at) {
        int end = at + mark.open().length();
        if (blankLine) {
            thought = true;
            inside = Optional.of(mark);
        } else {
            inline = answer.length();
            append(at, end);
        }
        return end;
    }

    /** Whether what is left is the beginning of some mark, and no more. */
    private boolean cut(int at) {
        return MARKS.stream().anyMatch(mark -> begins(mark.open(), at) || begins(mark.close(), at))
                || CHANNELS.stream().anyMatch(mark -> begins(mark.open(), at))
                || FRAMES.stream().anyMatch(frame -> begins(frame, at));
    }

    private static boolean mayOpen(char c) {
        return c == '<' || c == '[' || c == '\u25c1';
    }

    private boolean matches(String mark, int at) {
        return at + mark.length() <= pending.length() && same(mark, at, mark.length());
    }

    private boolean begins(String mark, int at) {
        int left = pending.length() - at;
        return left < mark.length() && same(mark, at, left);
    }

    private boolean same(String mark, int at, int length) {
        for (int i = 0; i < length; i++) {
            if (Character.toLowerCase(mark.charAt(i)) != Character.toLowerCase(pending.charAt(at + i))) {
                return false;
            }
        }
        return true;
    }
}
