package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.ToolCallText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A model calls tools by a text that its server does not read: by a marker, or by bare JSON. Such a text begins with the call, so a text that begins otherwise passes from its first piece on as it
 * came. One that can't be read as calls of known tools leaves as text at the end. The first choice only: servers that read no calls give one.
 */
final class OpeningCalls implements EventRepairs.Repair {
    /** How bare calls begin, whitespace aside. */
    private static final List<String> BARE = List.of("{\"name\":", "{\"type\":\"function\"", "{\"function\":{");

    private static final int MAX_OPENING = 64;

    private final Supplier<Set<String>> tools;
    private final StringBuilder text = new StringBuilder();
    private final List<ReplyDocument> held = new ArrayList<>();
    private boolean plain;

    OpeningCalls(Supplier<Set<String>> tools) {
        this.tools = tools;
    }

    @Override
    public boolean idle() {
        return plain;
    }

    @Override
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        boolean last = !chunk.finishReason().isEmpty();
        boolean nothing = chunk.text().isEmpty() && !last;
        if (plain || !chunk.hasChoice() || chunk.index() != 0 || (nothing && !chunk.hasToolCalls())) {
            next.accept(chunk);
            return;
        }
        text.append(chunk.text());
        if (chunk.hasToolCalls() || !mayCall()) {
            release(next);
            next.accept(chunk);
        } else if (last) {
            finish(chunk, next);
        } else {
            held.add(chunk);
        }
    }

    private void finish(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        Optional<ToolCallText> calls = read();
        if (calls.isEmpty()) {
            release(next);
        } else {
            plain = true;
            held.clear();
            chunk.setText(calls.get().rest());
            chunk.setToolCalls(calls.get().calls());
            chunk.setFinishReason("tool_calls");
        }
        next.accept(chunk);
    }

    private Optional<ToolCallText> read() {
        Supplier<String> ids = () -> EventRepairs.newId("call_");
        String all = text.toString();
        Optional<ToolCallText> marked = ToolCallText.read(all, ids);
        return marked.isPresent() ? marked : ToolCallText.bare(all.strip(), tools.get(), ids);
    }

    private void release(Consumer<ReplyDocument> next) {
        plain = true;
        held.forEach(next);
        held.clear();
    }

    /** Whether the text so far begins as a call does, or is too short to tell. */
    private boolean mayCall() {
        StringBuilder begins = new StringBuilder(MAX_OPENING);
        for (int i = 0; i < text.length() && begins.length() < MAX_OPENING; i++) {
            if (text.charAt(i) > ' ') {
                begins.append(text.charAt(i));
            }
        }
        if (begins.length() == 0) {
            return text.length() < MAX_OPENING;
        }
        String opening = begins.charAt(0) == '[' ? begins.substring(1) : begins.toString();
        return agrees(opening, BARE) || (begins.charAt(0) == '<' && agrees(opening, ToolCallText.MARKERS));
    }

    private static boolean agrees(String opening, List<String> beginnings) {
        return beginnings.stream().anyMatch(one -> opening.startsWith(one) || one.startsWith(opening));
    }

    @Override
    public void end(Consumer<ReplyDocument> next) {
        release(next);
    }
}
