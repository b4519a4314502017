package dev.foundrygateway.openai.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventScannerTest {
    private static final String CHUNK = "{\"choices\":[{\"delta\":{\"content\":\"Größe 😀\"}}]}";

    @Test
    void aBufferOfWholeEventsIsPassedOnAsItIs() {
        Buffer buffer = Buffer.buffer("data: " + CHUNK + "\n\ndata: [DONE]\n\n");
        Frame frame = new EventScanner(1_000).feed(buffer);
        assertSame(buffer, frame.bytes());
        assertEquals(List.of(Kind.CHUNK, Kind.DONE), kinds(frame));
        assertTrue(frame.hasToken());
    }

    @Test
    void anEventBegunWaitsForItsEnd() {
        EventScanner scanner = new EventScanner(1_000);
        assertEquals(
                "data: 1\n\n",
                scanner.feed(Buffer.buffer("data: 1\n\ndata: {\"a")).bytes().toString());
        assertSame(Frame.EMPTY, scanner.feed(Buffer.buffer("\":1}\n")));
        assertSame(Frame.EMPTY, scanner.feed(Buffer.buffer()));
        Frame frame = scanner.feed(Buffer.buffer("\ndata: 3"));
        assertEquals("data: {\"a\":1}\n\n", frame.bytes().toString());
        assertEquals(List.of(Kind.CHUNK), kinds(frame));
        assertEquals("data: 3", scanner.rest().toString());
        Buffer next = Buffer.buffer("data: 4\n\n");
        assertSame(next, scanner.feed(next).bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void everyLineEndIsAnEndHoweverTheStreamIsCut(String end) {
        String text = String.join(
                end,
                ": comment",
                "",
                "event: x",
                "id: 1",
                "retry: 5",
                "data: " + CHUNK,
                "",
                "data:[DONE]",
                "",
                "",
                "data",
                "",
                ": last");
        Buffer stream = Buffer.buffer(text);
        ScannedStream whole = ScannedStream.cut(stream);
        assertEquals(
                List.of(Kind.COMMENT, Kind.CHUNK, Kind.DONE, Kind.COMMENT, Kind.OTHER),
                whole.events().stream().map(StreamEvent::kind).toList());
        assertEquals(": last", whole.rest().toString());
        assertTrue(whole.events().get(1).token());
        for (int first = 0; first < stream.length(); first++) {
            for (int second = first; second < stream.length(); second++) {
                assertEquals(whole, ScannedStream.cut(stream, first, second), "cut at " + first + " and " + second);
            }
        }
    }

    @Test
    void aReturnAtTheEndMayBeHalfALineEnd() {
        EventScanner scanner = new EventScanner(1_000);
        assertSame(Frame.EMPTY, scanner.feed(Buffer.buffer("data: 1\r\n\r")));
        assertEquals(
                "data: 1\r\n\r\n", scanner.feed(Buffer.buffer("\n")).bytes().toString());
        assertSame(Frame.EMPTY, scanner.feed(Buffer.buffer("data: 2\r\r")));
        assertEquals("data: 2\r\r", scanner.feed(Buffer.buffer("d")).bytes().toString());
        assertEquals("d", scanner.rest().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void dataOfSeveralLinesIsJoined(String end) {
        String text = String.join(
                end,
                "data: {\"choices\":",
                ": between",
                "data:[{\"delta\":{\"content\":",
                "data",
                "data:  \"x\"}}]}",
                "",
                "");
        List<StreamEvent> events =
                ScannedStream.byteByByte(Buffer.buffer(text + ":")).events();
        assertEquals(1, events.size());
        assertEquals(Kind.CHUNK, events.get(0).kind());
        assertTrue(events.get(0).token());
    }

    @Test
    void aLineBreakBetweenDataLinesIsPartOfTheData() {
        List<StreamEvent> events = ScannedStream.cut(
                        Buffer.buffer("data: {\"a\":\"b\ndata: c\"}\n\ndata: [DO\ndata: NE]\n\n"))
                .events();
        assertEquals(
                List.of(Kind.OTHER, Kind.OTHER),
                events.stream().map(StreamEvent::kind).toList());
    }

    @Test
    void aByteOrderMarkIsPassedOnAndNotRead() {
        Buffer stream = Buffer.buffer("\ufeffdata: " + CHUNK + "\n\n\ufeffdata: [DONE]\n\n");
        ScannedStream whole = ScannedStream.cut(stream);
        assertEquals(
                List.of(Kind.CHUNK, Kind.COMMENT),
                whole.events().stream().map(StreamEvent::kind).toList());
        assertEquals(whole, ScannedStream.byteByByte(stream));
        assertEquals(
                1, ScannedStream.byteByByte(Buffer.buffer("\ufeff\n")).events().size());
    }

    @Test
    void textCutWithinACharacterIsPutTogether() {
        byte[] bytes = ("data: " + CHUNK + "\n\n").getBytes(UTF_8);
        EventScanner scanner = new EventScanner(1_000);
        int cut = new String(bytes, UTF_8).indexOf('ö') + 1;
        assertSame(Frame.EMPTY, scanner.feed(Buffer.buffer(Arrays.copyOf(bytes, cut))));
        Frame frame = scanner.feed(Buffer.buffer(Arrays.copyOfRange(bytes, cut, bytes.length)));
        assertEquals(new String(bytes, UTF_8), frame.bytes().toString());
        assertEquals(List.of(Kind.CHUNK), kinds(frame));
    }

    @Test
    void aLongEventInSmallPiecesCostsNoMoreThanItsLength() {
        String json = "{\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(1 << 20) + "\"}}]}";
        Buffer event = Buffer.buffer("data: " + json + "\n\n");
        // Searching from its start at each piece would take hours at a byte a piece.
        ScannedStream bytewise =
                assertTimeoutPreemptively(Duration.ofSeconds(30), () -> ScannedStream.byteByByte(event));
        assertEquals(1, bytewise.events().size());
        List<Buffer> pieces = new ArrayList<>();
        for (int from = 0; from < event.length(); from += 2_048) {
            pieces.add(event.slice(from, Math.min(event.length(), from + 2_048)));
        }
        assertEquals(bytewise, ScannedStream.of(pieces));
        assertTrue(bytewise.events().get(0).token());
    }

    @Test
    void anEventBeyondTheLimitFails() {
        String atLimit = "data: 12345\n\n";
        assertEquals(
                1, new EventScanner(13).feed(Buffer.buffer(atLimit)).events().size());
        assertThrows(IllegalStateException.class, () -> new EventScanner(12).feed(Buffer.buffer(atLimit)));
        EventScanner scanner = new EventScanner(12);
        assertSame(Frame.EMPTY, scanner.feed(Buffer.buffer("data: 123456")));
        assertThrows(IllegalStateException.class, () -> scanner.feed(Buffer.buffer("7")));
    }

    @Test
    void memoryWithoutAnArrayIsReadToo() {
        Buffer direct = BufferImpl.buffer(Unpooled.directBuffer().writeBytes("data: [DONE]\n\ndata".getBytes(UTF_8)));
        EventScanner scanner = new EventScanner(1_000);
        Frame frame = scanner.feed(direct);
        assertEquals("data: [DONE]\n\n", frame.bytes().toString());
        assertEquals("data", scanner.rest().toString());
    }

    @Test
    void aPartOfALargerArrayIsReadInItsBounds() {
        Buffer slice = Buffer.buffer("xx\n\ndata: [DONE]\n\nyy").slice(4, 18);
        Frame frame = new EventScanner(1_000).feed(slice);
        assertSame(slice, frame.bytes());
        assertEquals(List.of(Kind.DONE), kinds(frame));
        assertEquals(0, frame.events().get(0).from());
        assertEquals(14, frame.events().get(0).to());
    }

    private static List<Kind> kinds(Frame frame) {
        return frame.events().stream().map(StreamEvent::kind).toList();
    }
}
