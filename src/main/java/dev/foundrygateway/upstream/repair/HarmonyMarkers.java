package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.HarmonyText;
import dev.foundrygateway.openai.PlainChat;
import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * gpt-oss marks in its text what is thinking, answer and tool call. A server that does not read the marks hands them out as text: here they become
 * {@code reasoning_content}, {@code content} and {@code tool_calls}. A text that does not begin with such a mark passes as it came.
 */
final class HarmonyMarkers implements EventRepairs.Repair {

    private final Map<Integer, Choice> choices = new TreeMap<>();
    private ReplyDocument like = ReplyDocument.empty();

    private static final class Choice {
        private final HarmonyText text = new HarmonyText();
        private final StringBuilder opening = new StringBuilder();
        private final List<ReplyDocument> held = new ArrayList<>();
        private boolean marked;
        private boolean plain;
        private boolean finished;
        private int calls;

        void release(Consumer<ReplyDocument> next) {
            plain = true;
            held.forEach(next);
            held.clear();
        }
    }

    /** Whether what came does not begin with a mark. */
    @Override
    public boolean idle() {
        return !choices.isEmpty() && choices.values().stream().allMatch(choice -> choice.plain);
    }

    @Override
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        if (!chunk.hasChoice()) {
            next.accept(chunk);
            return;
        }
        if (choices.size() >= PlainChat.MAX_CHOICES && !choices.containsKey(chunk.index())) {
            next.accept(chunk);
            return;
        }
        like = chunk;
        Choice choice = choices.computeIfAbsent(chunk.index(), index -> new Choice());
        String text = chunk.text();
        boolean last = !chunk.finishReason().isEmpty();
        if (!choice.plain && !choice.marked && !(text.isEmpty() && !last)) {
            text = open(choice, chunk, last, next);
        }
        if (!choice.marked) {
            if (choice.plain || text.isEmpty()) {
                next.accept(chunk);
            }
            return;
        }
        read(choice, chunk, text, last, next);
    }

    /** Decides by the text's opening whether it is marked; what is undecided is held. The text to be read then. */
    private static String open(Choice choice, ReplyDocument chunk, boolean last, Consumer<ReplyDocument> next) {
        choice.opening.append(chunk.text());
        String opening = choice.opening.toString();
        Optional<Boolean> begins = HarmonyText.begins(opening);
        if (begins.isPresent() && begins.get()) {
            choice.marked = true;
            choice.held.stream().filter(ReplyDocument::hasRole).forEach(role -> {
                role.setText("");
                next.accept(role);
            });
            choice.held.clear();
        } else if (begins.isPresent() || last) {
            choice.release(next);
        } else {
            choice.held.add(chunk);
        }
        return opening;
    }

    private static void read(
            Choice choice, ReplyDocument chunk, String text, boolean last, Consumer<ReplyDocument> next) {
        HarmonyText.Parts parts = choice.text.feed(text);
        if (last) {
            parts = parts.plus(choice.text.end());
            choice.finished = true;
        }
        write(parts, chunk, choice);
        if (last && choice.calls > 0 && chunk.finishReason().equals("stop")) {
            chunk.setFinishReason("tool_calls");
        }
        if (text.isEmpty() || last || chunk.hasOutput() || chunk.hasRole()) {
            next.accept(chunk);
        }
    }

    private static void write(HarmonyText.Parts parts, ReplyDocument chunk, Choice choice) {
        chunk.setText(parts.content());
        if (!parts.reasoning().isEmpty()) {
            chunk.setReasoning(parts.reasoning());
        }
        for (HarmonyText.Call call : parts.calls()) {
            if (call.name().isEmpty()) {
                chunk.addToolCall(choice.calls - 1, new ToolCall("", "", call.arguments()));
            } else {
                ToolCall begun = new ToolCall(EventRepairs.newId("call_"), call.name(), call.arguments());
                chunk.addToolCall(choice.calls++, begun);
            }
        }
    }

    @Override
    public void end(Consumer<ReplyDocument> next) {
        choices.forEach((index, choice) -> {
            if (choice.marked && !choice.finished) {
                ReplyDocument chunk = like.emptyChunk();
                chunk.setIndex(index);
                write(choice.text.end(), chunk, choice);
                if (chunk.hasOutput()) {
                    next.accept(chunk);
                }
            } else {
                choice.release(next);
            }
        });
    }
}
