package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.CallOpening;
import dev.foundrygateway.openai.CallOpening.Opening;
import dev.foundrygateway.openai.OfferedTools;
import dev.foundrygateway.openai.PlainChat;
import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.ToolCallText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A model calls tools by a text that its server does not read, or hands out beside the proper calls, as Foundry Local 1.x does: from where a call begins the text is held, and becomes
 * {@code tool_calls} at the end, unless the server's own came. What turns out to be no call leaves as it came; all before it passes at once.
 */
final class RawToolCalls implements EventRepairs.Repair {
    /** Blanks before a call that begins the text are left out, as they are in a plain answer; a text of blanks alone must not be held for ever. */
    private static final int MAX_BLANK = 64;
    /** What is longer, in characters, is no call. */
    private static final int MAX_HELD = 1_000_000;

    private static final String THOUGHT = "<think>";

    private final Supplier<OfferedTools> tools;
    private final Map<Integer, Choice> choices = new TreeMap<>();
    private Optional<OfferedTools> known = Optional.empty();
    private ReplyDocument like = ReplyDocument.empty();

    RawToolCalls(Supplier<OfferedTools> tools) {
        this.tools = tools;
    }

    private static final class Choice {
        /** Those whose text waits in {@code text}. */
        private final List<ReplyDocument> held = new ArrayList<>();
        /** What waits; from the call on once one has begun. */
        private final StringBuilder text = new StringBuilder();
        /** Where in it a call may begin still. */
        private int from;

        private boolean begun;
        private boolean thinking;
        private String thought = "";
        private boolean spoke;
        /** Where in {@code text} the answer begins, behind a thought. */
        private int answer;
        /** Whether something of the answer has passed. */
        private boolean answered;

        private boolean own;
        private boolean finished;
        /** Whether all else passes as it comes. */
        private boolean done;

        void release(Consumer<ReplyDocument> next) {
            spoke |= !text.toString().isBlank();
            answered |= !text.substring(answer).isBlank();
            answer = 0;
            text.setLength(0);
            from = 0;
            held.forEach(next);
            held.clear();
        }

        /** Hands on what stands before the call; at the end, what the call becomes as well. */
        void begin(int at, Consumer<ReplyDocument> next, Consumer<ReplyDocument> end) {
            String before = text.substring(0, at);
            String open = !spoke && before.isBlank() ? "" : before;
            begun = true;
            answer = 0;
            text.delete(0, at);
            for (ReplyDocument chunk : held) {
                String said = chunk.text();
                String passing = said.substring(0, Math.min(said.length(), open.length()));
                open = open.substring(passing.length());
                if (!passing.equals(said)) {
                    chunk.setText(passing);
                }
                if (!chunk.finishReason().isEmpty()) {
                    end.accept(chunk);
                }
                if (chunk.hasOutput()
                        || chunk.hasRole()
                        || !chunk.finishReason().isEmpty()) {
                    next.accept(chunk);
                }
            }
            held.clear();
        }

        /** Whether nothing of the answer stands before that place. */
        boolean first(int at) {
            int from = answer;
            while (from < at && text.charAt(from) <= ' ') {
                from++;
            }
            return !answered && from == at;
        }

        /** Where the text goes on behind a thought that begins it; -1 while it is thought. */
        int behindThought() {
            String all = thought + text.toString();
            int end = all.indexOf("</think>");
            if (end >= 0) {
                thinking = false;
                return Math.max(0, end + "</think>".length() - thought.length());
            }
            thought = all.substring(Math.max(0, all.length() - "</think>".length()));
            return -1;
        }
    }

    private OfferedTools known() {
        if (known.isEmpty()) {
            known = Optional.of(tools.get());
        }
        return known.get();
    }

    @Override
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        if (!chunk.hasChoice() || (choices.size() >= PlainChat.MAX_CHOICES && !choices.containsKey(chunk.index()))) {
            next.accept(chunk);
            return;
        }
        like = chunk;
        Choice choice = choices.computeIfAbsent(chunk.index(), index -> new Choice());
        choice.own |= chunk.hasToolCalls();
        if (choice.done || (choice.begun && choice.finished)) {
            next.accept(chunk);
            return;
        }
        boolean last = !chunk.finishReason().isEmpty();
        choice.finished |= last;
        String text = chunk.text();
        choice.text.append(text);
        if (!choice.begun) {
            if (text.isEmpty() && !last) {
                if (chunk.hasToolCalls()) {
                    choice.release(next);
                }
                next.accept(chunk);
                return;
            }
            choice.held.add(chunk);
            look(choice, last, next);
        } else {
            chunk.setText("");
            if (choice.text.length() > MAX_HELD) {
                chunk.setText(choice.text.toString());
                choice.text.setLength(0);
                choice.done = true;
            } else if (last) {
                finish(choice, chunk);
            }
            if (last || text.isEmpty() || chunk.hasOutput()) {
                next.accept(chunk);
            }
        }
    }

    /** Looks for a call in what waits, and hands on what is none. */
    private void look(Choice choice, boolean last, Consumer<ReplyDocument> next) {
        String text = choice.text.toString();
        if (!choice.spoke && !last && text.length() < MAX_BLANK && text.isBlank()) {
            return;
        }
        if (!choice.spoke && !choice.thinking && text.stripLeading().startsWith(THOUGHT)) {
            choice.thinking = true;
        }
        if (choice.thinking) {
            choice.from = choice.behindThought();
            choice.answer = choice.from < 0 ? text.length() : choice.from;
            if (choice.from < 0) {
                choice.release(next);
                return;
            }
        }
        int at = CallOpening.next(text, choice.from);
        while (at >= 0) {
            Opening opening = !choice.spoke && THOUGHT.startsWith(text.strip())
                    ? Opening.OPEN
                    : CallOpening.at(text, at, known().names(), choice.first(at));
            if (opening == Opening.CALL) {
                choice.begin(at, next, chunk -> finish(choice, chunk));
                return;
            }
            if (opening == Opening.OPEN) {
                break;
            }
            at = CallOpening.next(text, at + 1);
        }
        choice.from = Math.max(at, 0);
        choice.done = text.length() > MAX_HELD;
        if (at < 0 || last || choice.done) {
            choice.release(next);
        }
    }

    /** Puts what was held into the answer's last chunk. */
    private void finish(Choice choice, ReplyDocument chunk) {
        String held = choice.text.toString();
        choice.text.setLength(0);
        if (held.isEmpty()) {
            return;
        }
        Optional<ToolCallText> read = ToolCallText.read(held, known(), () -> EventRepairs.newId("call_"));
        chunk.setText(chunk.text() + read.map(ToolCallText::rest).orElse(held));
        if (read.isPresent() && !choice.own) {
            chunk.setToolCalls(read.get().calls());
            chunk.setFinishReason("tool_calls");
        }
    }

    @Override
    public void end(Consumer<ReplyDocument> next) {
        choices.forEach((index, choice) -> {
            if (choice.begun && !choice.finished) {
                ReplyDocument chunk = like.emptyChunk();
                chunk.setIndex(index);
                finish(choice, chunk);
                if (chunk.hasOutput()) {
                    next.accept(chunk);
                }
            } else {
                choice.release(next);
            }
        });
    }
}
