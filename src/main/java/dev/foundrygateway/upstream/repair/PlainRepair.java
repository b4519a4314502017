package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.GatheredChat;
import dev.foundrygateway.openai.HarmonyText;
import dev.foundrygateway.openai.PlainChat;
import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.json.BytePattern;
import dev.foundrygateway.openai.json.HeapBytes;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.upstream.PlainAnswer;
import dev.foundrygateway.upstream.UpstreamCall;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Repairs a plain chat answer by the same repairs as a stream's chunks: it is taken apart into chunks and put together again, or left apart where the client
 * asked for a stream and the upstream did not give one.
 */
public final class PlainRepair {
    /** Without its brackets, which some write as escapes. */
    private static final BytePattern CHANNEL = new BytePattern("|channel|".getBytes(StandardCharsets.US_ASCII));

    private PlainRepair() {}

    /**
     * The answer to hand on instead of a good plain reply.
     *
     * @return empty if the reply is good as it came
     */
    public static Optional<PlainAnswer> of(Buffer body, UpstreamCall call) {
        Repairs wanted = call.repairs();
        EventRepairs own = wanted.events().get();
        if (own.isEmpty() && !wanted.emulated() && !marked(body)) {
            return Optional.empty();
        }
        List<ReplyDocument> chunks = PlainChat.chunks(body);
        if (chunks.isEmpty()) {
            return Optional.empty();
        }
        EventRepairs repairs = own.orMarkers();
        if (wanted.emulated()) {
            return Optional.of(new PlainAnswer(200, stream(repaired(chunks, repairs), wanted), true));
        }
        // The repairs edit the chunks in place.
        List<Buffer> came = chunks.stream().map(ReplyDocument::json).toList();
        List<ReplyDocument> repaired = repaired(chunks, repairs);
        return same(came, repaired)
                ? Optional.empty()
                : Optional.of(new PlainAnswer(200, gathered(repaired, wanted), false));
    }

    /** Whether the first choice's text begins with gpt-oss' marks; costs a search for what is in no other answer. */
    private static boolean marked(Buffer body) {
        ByteBuf view = HeapBytes.of(body);
        int from = HeapBytes.start(view);
        return CHANNEL.endIn(view.array(), from, from + view.readableBytes()) >= 0
                && ReplyDocument.of(body)
                        .flatMap(answer -> HarmonyText.begins(answer.text()))
                        .orElse(false);
    }

    private static List<ReplyDocument> repaired(List<ReplyDocument> chunks, EventRepairs repairs) {
        List<ReplyDocument> repaired = new ArrayList<>();
        chunks.forEach(chunk -> repairs.chunk(chunk, repaired::add));
        repairs.end(repaired::add);
        return repaired;
    }

    private static boolean same(List<Buffer> came, List<ReplyDocument> repaired) {
        return came.size() == repaired.size()
                && IntStream.range(0, came.size())
                        .allMatch(i -> came.get(i).equals(repaired.get(i).json()));
    }

    private static Frame gathered(List<ReplyDocument> chunks, Repairs wanted) {
        GatheredChat chat = new GatheredChat(wanted.saysRefusal());
        chunks.forEach(chat::add);
        return chat.answer();
    }

    private static Frame stream(List<ReplyDocument> chunks, Repairs wanted) {
        Frame.Builder frame = new Frame.Builder();
        chunks.forEach(frame::add);
        Frame all = frame.done().frame();
        return wanted.usageWanted() ? all : all.withhold(event -> event.kind() == Kind.CHUNK && !event.choices());
    }
}
