package dev.foundrygateway.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the marks of gpt-oss' harmony format out of a text that comes in pieces cut anywhere. A message is {@code <|start|>}, a header with
 * {@code <|channel|>} and perhaps {@code to=}, {@code <|message|>}, its text, and {@code <|end|>}, {@code <|call|>} or {@code <|return|>}; the first one's
 * start stands in the prompt. Not thread-safe.
 *
 * @see <a href="https://cookbook.openai.com/articles/openai-harmony">OpenAI harmony response format</a>
 */
public final class HarmonyText {
    private static final List<String> BEGINNINGS = List.of("<|channel|>", "<|start|>assistant");
    private static final List<String> MARKS =
            List.of("<|start|>", "<|channel|>", "<|message|>", "<|constrain|>", "<|end|>", "<|call|>", "<|return|>");
    private static final Pattern CHANNEL = Pattern.compile("<\\|channel\\|>\\s{0,9}(\\w{1,40})");
    private static final Pattern RECIPIENT = Pattern.compile("\\bto=([^\\s<]{1,256})");
    private static final int MAX_HEADER = 4_096;
    /** Blanks before the first mark; a text of blanks alone must not be held for ever. */
    private static final int MAX_BLANK = 64;

    private final StringBuilder waiting = new StringBuilder();
    private final StringBuilder header = new StringBuilder();
    private boolean inHeader = true;
    private boolean thinks;
    private boolean calls;

    /**
     * What a piece of text holds.
     *
     * @param reasoning thinking; empty if none
     * @param content text for the user; empty if none
     * @param calls pieces of tool calls, in order
     */
    public record Parts(String reasoning, String content, List<Call> calls) {
        /** These and what comes after them. */
        public Parts plus(Parts more) {
            List<Call> all = new ArrayList<>(calls);
            all.addAll(more.calls);
            return new Parts(reasoning + more.reasoning, content + more.content, all);
        }
    }

    /**
     * A piece of a tool call.
     *
     * @param name the function's name where the call begins, empty in all further pieces
     * @param arguments more of its arguments; may be empty
     */
    public record Call(String name, String arguments) {}

    /** A call's piece while it is put together. */
    private record Piece(String name, StringBuilder arguments) {}

    private static final class Sink {
        private final StringBuilder reasoning = new StringBuilder();
        private final StringBuilder content = new StringBuilder();
        private final List<Piece> calls = new ArrayList<>();

        Parts parts() {
            return new Parts(
                    reasoning.toString(),
                    content.toString(),
                    calls.stream()
                            .map(piece -> new Call(piece.name, piece.arguments.toString()))
                            .toList());
        }
    }

    /** Whether a text that has just begun begins with a mark; empty if that can't be told yet. */
    public static Optional<Boolean> begins(String opening) {
        String text = opening.stripLeading();
        if (opening.length() - text.length() > MAX_BLANK) {
            return Optional.of(false);
        }
        boolean open = false;
        for (String beginning : BEGINNINGS) {
            if (text.startsWith(beginning)) {
                return Optional.of(true);
            }
            open |= beginning.startsWith(text);
        }
        return open ? Optional.empty() : Optional.of(false);
    }

    /** Takes the next piece; gives what is known to be what. */
    public Parts feed(String text) {
        Sink sink = new Sink();
        waiting.append(text);
        int from = 0;
        int at = waiting.indexOf("<|");
        while (at >= 0) {
            String mark = markAt(at);
            if (mark.isEmpty()) {
                at = waiting.indexOf("<|", at + 1);
            } else {
                put(waiting.substring(from, at), sink);
                take(mark, sink);
                from = at + mark.length();
                at = waiting.indexOf("<|", from);
            }
        }
        int keep = startOfMark(from);
        put(waiting.substring(from, keep), sink);
        waiting.delete(0, keep);
        return sink.parts();
    }

    /** The text has ended: gives what still waited. */
    public Parts end() {
        Sink sink = new Sink();
        put(waiting.toString(), sink);
        String rest = header.toString().strip();
        // Text behind the last message that is no header, rather than lose it.
        if (inHeader && !rest.isEmpty() && !rest.startsWith("<|") && !rest.startsWith("assistant")) {
            sink.content.append(header);
        }
        waiting.setLength(0);
        header.setLength(0);
        return sink.parts();
    }

    private String markAt(int at) {
        for (String mark : MARKS) {
            if (at + mark.length() <= waiting.length()
                    && mark.contentEquals(waiting.subSequence(at, at + mark.length()))) {
                return mark;
            }
        }
        return "";
    }

    private void take(String mark, Sink sink) {
        switch (mark) {
            case "<|message|>" -> open(sink);
            case "<|start|>", "<|end|>", "<|call|>", "<|return|>" -> {
                header.setLength(0);
                inHeader = true;
            }
            case "<|channel|>" -> {
                if (!inHeader) {
                    header.setLength(0);
                }
                inHeader = true;
                header.append(mark);
            }
            default -> {
                if (inHeader) {
                    header.append(mark);
                }
            }
        }
    }

    private void open(Sink sink) {
        if (inHeader) {
            inHeader = false;
            Matcher channel = CHANNEL.matcher(header);
            Matcher recipient = RECIPIENT.matcher(header);
            calls = recipient.find();
            thinks = !calls && channel.find() && channel.group(1).equals("analysis");
            if (calls) {
                String name = recipient.group(1);
                sink.calls.add(new Piece(
                        name.startsWith("functions.") ? name.substring("functions.".length()) : name,
                        new StringBuilder()));
            }
            header.setLength(0);
        }
    }

    private void put(String text, Sink sink) {
        if (text.isEmpty()) {
            return;
        }
        if (inHeader) {
            if (header.length() < MAX_HEADER) {
                header.append(text);
            } else {
                sink.content.append(text);
            }
        } else if (calls) {
            if (sink.calls.isEmpty()) {
                sink.calls.add(new Piece("", new StringBuilder()));
            }
            sink.calls.get(sink.calls.size() - 1).arguments.append(text);
        } else {
            (thinks ? sink.reasoning : sink.content).append(text);
        }
    }

    /** Where a mark may begin that has not come to its end. */
    private int startOfMark(int taken) {
        int from = Math.max(taken, waiting.length() - "<|constrain|>".length());
        for (int i = from; i < waiting.length(); i++) {
            String tail = waiting.substring(i);
            if (MARKS.stream().anyMatch(mark -> mark.startsWith(tail))) {
                return i;
            }
        }
        return waiting.length();
    }
}
