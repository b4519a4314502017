package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ChunkEdit;
import dev.foundrygateway.openai.GatheredChat;
import dev.foundrygateway.openai.PlainChat;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.FrameBuilder;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.upstream.PlainAnswer;
import dev.foundrygateway.upstream.UpstreamCall;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Repairs a plain chat answer by the same repairs as a stream's chunks: it is taken apart into chunks and put together again, or left apart where the client
 * asked for a stream and the upstream did not give one.
 */
public final class PlainRepair {
    private PlainRepair() {}

    /**
     * The answer to hand on instead of a good plain reply.
     *
     * @return empty if the reply is good as it came
     */
    public static Optional<PlainAnswer> of(Buffer body, UpstreamCall call) {
        Repairs wanted = call.repairs();
        EventRepairs repairs = wanted.events().get();
        if (repairs.isEmpty() && !wanted.emulated()) {
            return Optional.empty();
        }
        List<ChunkEdit> chunks = PlainChat.chunks(body);
        if (chunks.isEmpty()) {
            return Optional.empty();
        }
        List<ChunkEdit> repaired = new ArrayList<>();
        chunks.forEach(chunk -> repairs.chunk(chunk, repaired::add));
        repairs.end(repaired::add);
        return Optional.of(
                wanted.emulated()
                        ? new PlainAnswer(200, stream(repaired, wanted), true)
                        : new PlainAnswer(200, gathered(repaired, wanted), false));
    }

    private static Frame gathered(List<ChunkEdit> chunks, Repairs wanted) {
        GatheredChat chat = new GatheredChat(wanted.saysRefusal());
        chunks.forEach(chat::add);
        return chat.answer();
    }

    private static Frame stream(List<ChunkEdit> chunks, Repairs wanted) {
        FrameBuilder frame = new FrameBuilder();
        chunks.forEach(frame::add);
        Frame all = frame.done().frame();
        return wanted.usageWanted() ? all : all.withhold(event -> event.kind() == Kind.CHUNK && !event.choices());
    }
}
