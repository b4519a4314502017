package dev.foundrygateway.bench;

import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one event and one request cost where they are read. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RelayPieces {
    private static final String CHUNK =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"phi-4-mini\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token\"},\"finish_reason\":null}]}\n\n";

    /** One stream under way. */
    @State(Scope.Thread)
    public static class Stream {
        private final EventScanner scanner = new EventScanner(1 << 20);
        private final Buffer one = Buffer.buffer(CHUNK);
        private final Buffer ten = Buffer.buffer(CHUNK.repeat(10));
        private final Buffer firstHalf = one.slice(0, 60);
        private final Buffer secondHalf = one.slice(60, one.length());
    }

    /** Requests as they come. */
    @State(Scope.Thread)
    public static class Requests {
        private Buffer small = Buffer.buffer();
        private Buffer large = Buffer.buffer();

        /** Makes them. */
        @Setup
        public void make() {
            small = request("Why is the sky blue?");
            large = request("Why is the sky blue? ".repeat(262_144 / 21));
        }

        private static Buffer request(String prompt) {
            return Buffer.buffer("{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt
                    + "\"}],\"stream\":true,\"temperature\":0}");
        }
    }

    /** An event in a read of its own. */
    @Benchmark
    public Frame scannerOneEvent(Stream stream) {
        return stream.scanner.feed(stream.one);
    }

    /** Ten events in one read. */
    @Benchmark
    public Frame scannerTenEvents(Stream stream) {
        return stream.scanner.feed(stream.ten);
    }

    /** An event cut in two. */
    @Benchmark
    public Frame scannerCutEvent(Stream stream) {
        stream.scanner.feed(stream.firstHalf);
        return stream.scanner.feed(stream.secondHalf);
    }

    /** A short request, read and edited as the relay does. */
    @Benchmark
    public Buffer editShort(Requests requests) {
        return ChatRequest.parse(requests.small).withModel("phi-4-mini-instruct").withUsage().bytes();
    }

    /** A prompt of 256 KiB. */
    @Benchmark
    public Buffer edit256KiB(Requests requests) {
        return ChatRequest.parse(requests.large).withModel("phi-4-mini-instruct").withUsage().bytes();
    }
}
