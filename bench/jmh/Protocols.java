package dev.foundrygateway.bench;

import dev.foundrygateway.edge.protocol.MessagesProtocol;
import dev.foundrygateway.edge.protocol.Protocol;
import dev.foundrygateway.edge.protocol.ResponsesProtocol;
import dev.foundrygateway.edge.protocol.Translation;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Multi;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a protocol adds to a stream of 32 tokens, in microseconds: reading its request, and writing each frame as its events. At most 300 are wanted. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Thread)
public class Protocols {
    private static final String HEAD =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"phi-4-mini\",\"choices\":[";

    private final Protocol messages = new MessagesProtocol(Map.of());
    private final Protocol responses = new ResponsesProtocol(() -> 1_700_000_000L);
    private final Buffer message = Buffer.buffer(
            "{\"model\":\"phi-4-mini\",\"max_tokens\":32,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}");
    private final Buffer response =
            Buffer.buffer("{\"model\":\"phi-4-mini\",\"stream\":true,\"input\":\"Why is the sky blue?\"}");
    private final List<Frame> frames = frames();

    private static List<Frame> frames() {
        EventScanner scanner = new EventScanner(1 << 20);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            String end = i == 31 ? "\"stop\"" : "null";
            frames.add(scanner.feed(Buffer.buffer(
                    HEAD + "{\"index\":0,\"delta\":{\"content\":\" token\"},\"finish_reason\":" + end + "}]}\n\n")));
        }
        frames.add(scanner.feed(Buffer.buffer(
                HEAD + "],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":32,\"total_tokens\":41}}\n\ndata: [DONE]\n\n")));
        return frames;
    }

    @Benchmark
    public long messages() {
        return written(messages.read(message));
    }

    @Benchmark
    public long responses() {
        return written(responses.read(response));
    }

    private long written(Translation translation) {
        ChatReply reply = new ChatReply(
                200, MultiMap.caseInsensitiveMultiMap(), true, Multi.createFrom().iterable(frames), Served.direct("m", "u", Timeline.NONE));
        long[] bytes = {0};
        translation
                .reply(reply, "req-1")
                .body()
                .subscribe()
                .with(frame -> bytes[0] += frame.bytes().length());
        return bytes[0];
    }
}
