package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.HeapBytes;
import dev.foundrygateway.openai.json.JsonCursor;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The id of a response that a model server has made, found in the beginning of its answer. */
public final class ResponseId {
    private static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESPONSE = "response".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST = 256;

    private ResponseId() {}

    /** That of a plain answer, or of the one that a stream's event is about; empty if this piece doesn't tell, or names none of at most 256 characters. */
    public static Optional<String> in(Frame frame) {
        List<StreamEvent> events = frame.events();
        if (events.isEmpty()) {
            return in(frame, 0, frame.bytes().length());
        }
        for (StreamEvent event : events) {
            Optional<String> id = in(frame, event.from(), event.to());
            if (id.isPresent()) {
                return id;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> in(Frame frame, int from, int to) {
        ByteBuf view = HeapBytes.of(frame.bytes());
        byte[] array = view.array();
        int open = HeapBytes.start(view) + from;
        int end = HeapBytes.start(view) + to;
        while (open < end && array[open] != '{') {
            open++;
        }
        JsonCursor json = new JsonCursor().reset(array, open, end);
        if (json.enterObject()) {
            while (json.nextMember()) {
                if (json.keyIs(ID)) {
                    return id(json);
                }
                if (json.keyIs(RESPONSE)) {
                    JsonCursor inner = json.readSlice().cursor();
                    boolean inside = inner.enterObject();
                    while (inside && inner.nextMember()) {
                        if (inner.keyIs(ID)) {
                            return id(inner);
                        }
                        inner.skipValue();
                    }
                } else {
                    json.skipValue();
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> id(JsonCursor json) {
        return Optional.of(json.isString() ? json.readString() : "").filter(id -> !id.isEmpty() && id.length() <= MOST);
    }
}
