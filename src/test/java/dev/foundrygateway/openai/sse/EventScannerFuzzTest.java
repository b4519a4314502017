package dev.foundrygateway.openai.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.testing.Corpus;
import dev.foundrygateway.testing.RandomJson;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random streams, cut at random: the same events as the plain way gives, the same bytes, and never an exception. */
class EventScannerFuzzTest {
    private static final String[] NAMES = {
        "choices", "delta", "content", "usage", "error", "type", "finish_reason", "text", "response", "message"
    };
    private static final String[] ENDS = {"\n", "\r\n", "\r"};
    private static final String[] FRAGMENTS = {
        "data: ",
        "data:",
        "data",
        "\n",
        "\n",
        "\r",
        "\r\n",
        ": ",
        "event: x",
        "[DONE]",
        "{\"choices\":[",
        "{\"delta\":{\"content\":\"",
        "\"}",
        "}]}",
        "\ufeff",
        "😀",
        "\\u00",
        "\"usage\":{\"prompt_tokens\":3",
        ",",
        "null",
        "\"error\":{}"
    };

    @Test
    void wellFormedStreamsReadAsThePlainWayReadsThem() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String end = ENDS[random.nextInt(ENDS.length)];
            RandomJson texts = new RandomJson(random, NAMES);
            StringBuilder stream = new StringBuilder(random.nextInt(10) == 0 ? "\ufeff" : "");
            for (int event = random.nextInt(5); event >= 0; event--) {
                stream.append(random.nextBoolean() ? "event: message" + end : "")
                        .append("data: ")
                        .append(json(random, texts).replaceAll("[\r\n]+", end + "data: "))
                        .append(end)
                        .append(end);
            }
            check(random, stream.toString(), "seed " + seed + ": " + stream);
        }
    }

    @Test
    void anyStreamReadsAsThePlainWayReadsIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder stream = new StringBuilder();
            for (int fragment = random.nextInt(40); fragment > 0; fragment--) {
                stream.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
            }
            check(random, stream.toString(), "seed " + seed + ": " + stream);
        }
    }

    @Test
    void anyBytesAreTaken() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            for (int j = random.nextInt(20); j > 0 && bytes.length > 10; j--) {
                byte[] fragment = FRAGMENTS[random.nextInt(FRAGMENTS.length)].getBytes(UTF_8);
                int at = random.nextInt(bytes.length);
                System.arraycopy(fragment, 0, bytes, at, Math.min(fragment.length, bytes.length - at));
            }
            Buffer stream = Buffer.buffer(bytes);
            assertEquals(ScannedStream.cut(stream), cutAtRandom(random, stream), "seed " + seed);
        }
    }

    @Test
    void everyKeptStreamReadsAsThePlainWayReadsIt() {
        Random random = new Random(1);
        Corpus.of("streams").forEach((name, bytes) -> {
            for (int i = 0; i < 20; i++) {
                check(random, new String(bytes, UTF_8), name);
            }
        });
    }

    private static void check(Random random, String stream, String message) {
        Buffer bytes = Buffer.buffer(stream);
        ScannedStream whole = ScannedStream.cut(bytes);
        assertEquals(ReferenceEvents.of(stream), whole.events(), message);
        assertEquals(whole, cutAtRandom(random, bytes), message);
    }

    private static ScannedStream cutAtRandom(Random random, Buffer stream) {
        List<Buffer> pieces = new ArrayList<>();
        for (int from = 0; from < stream.length(); ) {
            int to = Math.min(stream.length(), from + 1 + random.nextInt(30));
            pieces.add(stream.slice(from, to));
            from = to;
        }
        return ScannedStream.of(pieces);
    }

    /** Chunks as they should be, look-alikes, and broken ones. */
    private static String json(Random random, RandomJson texts) {
        return switch (random.nextInt(4)) {
            case 0 -> texts.object(4);
            case 1 -> texts.mutate(texts.object(4));
            case 2 ->
                "{\"x\":" + texts.value(2) + ",\"choices\" : [{\"message\":{\"content\":\"m\"},\"delta\":{\"content\":"
                        + texts.string() + ",\"tool_calls\":[]},\"finish_reason\":"
                        + (random.nextBoolean() ? "null" : "\"stop\"") + "}]}";
            default ->
                "{\"choices\":[], \"y\":" + texts.string() + ",\"usage\":{\"prompt_tokens\":" + random.nextInt(9)
                        + ",\"completion_tokens\" :4}}";
        };
    }
}
