package dev.foundrygateway.openai.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.testing.Recording;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams of real runtimes give the same events and bytes however they are cut. */
class EventScannerRecordingsTest {
    @Test
    void everyRecordedStreamReadsAsJacksonReadsIt() {
        for (Recording recording : Recording.streams()) {
            ScannedStream scanned = ScannedStream.cut(recording.body());
            assertEquals(ReferenceEvents.of(recording.body().toString()), scanned.events(), recording.name());
            assertEquals(0, scanned.rest().length(), recording.name());
        }
    }

    @Test
    void everyRecordedStreamReadsTheSameCutAnywhereInTwo() {
        for (Recording recording : Recording.streams()) {
            Buffer body = recording.body();
            ScannedStream whole = ScannedStream.cut(body);
            for (int place = 1; place < body.length(); place++) {
                assertEquals(whole, ScannedStream.cut(body, place), recording.name() + " cut at " + place);
            }
        }
    }

    @Test
    void everyRecordedStreamReadsTheSameByteByByte() {
        for (Recording recording : Recording.streams()) {
            assertEquals(
                    ScannedStream.cut(recording.body()), ScannedStream.byteByByte(recording.body()), recording.name());
        }
    }

    @Test
    void aChatStreamHasTokensAFinishAndItsEnd() {
        List<StreamEvent> events = events("runtime-2.2.1/22-chat-stream-include-usage");
        assertFalse(events.get(0).token(), "the role chunk");
        assertEquals(6, events.stream().filter(StreamEvent::token).count());
        assertEquals(
                List.of("length"),
                events.stream()
                        .map(StreamEvent::finishReason)
                        .filter(reason -> !reason.isEmpty())
                        .toList());
        assertEquals(1, events.stream().filter(StreamEvent::usageOnly).count());
        assertEquals(Kind.DONE, events.get(events.size() - 1).kind());
    }

    @Test
    void everyChunkOfTheOlderRuntimeHasUsage() {
        List<StreamEvent> events = events("runtime-1.2.4/21-chat-stream");
        for (StreamEvent event : events.subList(0, events.size() - 1)) {
            assertEquals(23, event.usage().promptTokens());
        }
        assertEquals(5, events.stream().filter(StreamEvent::token).count(), "one token of six has no text");
        assertEquals(1, events.stream().filter(StreamEvent::usageOnly).count());
    }

    @Test
    void aResponsesStreamHasDeltasAndUsage() {
        List<StreamEvent> events = events("runtime-2.2.1/73-responses-stream");
        assertEquals(4, events.stream().filter(StreamEvent::token).count());
        StreamEvent last = events.get(events.size() - 2);
        assertEquals("length", last.finishReason());
        assertEquals(4, last.usage().completionTokens());
    }

    @Test
    void commentsAndErrorsAreTold() {
        List<StreamEvent> events = events("runtime-2.2.1/94-chat-stream-keepalive-comments");
        assertEquals(Kind.COMMENT, events.get(0).kind());
        List<StreamEvent> failed = events("runtime-2.2.1/52-chat-prompt-too-long-stream");
        assertEquals(List.of(Kind.ERROR), failed.stream().map(StreamEvent::kind).toList());
    }

    private static List<StreamEvent> events(String name) {
        return ScannedStream.cut(Recording.named(name).body()).events();
    }
}
