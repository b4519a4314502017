package dev.foundrygateway.openai.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a scanner made of one stream. Checks on the way that each frame's events cover its bytes without gap or overlap, and that all bytes come out as
 * they went in.
 *
 * @param events all events, without places
 * @param rest what had not ended
 */
record ScannedStream(List<StreamEvent> events, Buffer rest) {
    private static final int LIMIT = 4 * 1024 * 1024;

    /** Feeds the pieces one by one. */
    static ScannedStream of(List<Buffer> pieces) {
        EventScanner scanner = new EventScanner(LIMIT);
        Buffer in = Buffer.buffer();
        Buffer out = Buffer.buffer();
        List<StreamEvent> events = new ArrayList<>();
        for (Buffer piece : pieces) {
            in.appendBuffer(piece);
            Frame frame = scanner.feed(piece);
            int place = 0;
            for (StreamEvent event : frame.events()) {
                assertEquals(place, event.from());
                assertTrue(event.to() > place);
                place = event.to();
            }
            assertEquals(frame.bytes().length(), place);
            out.appendBuffer(frame.bytes());
            events.addAll(ReferenceEvents.withoutPlaces(frame.events()));
        }
        Buffer rest = scanner.rest();
        assertEquals(in, out.appendBuffer(rest));
        assertEquals(0, scanner.rest().length());
        return new ScannedStream(events, rest);
    }

    /** Feeds a stream cut at these places, in ascending order. */
    static ScannedStream cut(Buffer stream, int... places) {
        List<Buffer> pieces = new ArrayList<>();
        int from = 0;
        for (int place : places) {
            pieces.add(stream.slice(from, place));
            from = place;
        }
        pieces.add(stream.slice(from, stream.length()));
        return of(pieces);
    }

    /** Feeds a stream byte by byte. */
    static ScannedStream byteByByte(Buffer stream) {
        List<Buffer> pieces = new ArrayList<>();
        for (int i = 0; i < stream.length(); i++) {
            pieces.add(stream.slice(i, i + 1));
        }
        return of(pieces);
    }
}
