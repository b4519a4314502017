package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.OfferedTools;
import dev.foundrygateway.openai.PlainChat;
import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.StreamedCalls;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tool calls that a server streams with one id or one index for all, or with a name in other letters. */
final class ProperCalls implements EventRepairs.Repair {
    private final Supplier<OfferedTools> tools;
    private final Map<Integer, StreamedCalls> choices = new HashMap<>();

    ProperCalls(Supplier<OfferedTools> tools) {
        this.tools = tools;
    }

    @Override
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        if (chunk.hasToolCalls() && (choices.size() < PlainChat.MAX_CHOICES || choices.containsKey(chunk.index()))) {
            choices.computeIfAbsent(
                            chunk.index(),
                            index -> new StreamedCalls(tools.get().names(), () -> EventRepairs.newId("call_")))
                    .mend(chunk);
        }
        next.accept(chunk);
    }
}
