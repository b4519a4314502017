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
        return json.enterObject() ? id(json) : Optional.empty();
    }

    /** That of the entered object's {@code response} where it has one: an event may have an id of its own. */
    private static Optional<String> id(JsonCursor json) {
        Optional<String> own = Optional.empty();
        while (json.nextMember()) {
            if (json.keyIs(ID) && json.isString()) {
                own = Optional.of(json.readString()).filter(id -> !id.isEmpty() && id.length() <= MOST);
            } else if (json.keyIs(RESPONSE)) {
                JsonCursor response = json.readSlice().cursor();
                if (response.enterObject()) {
                    return id(response);
                }
            } else {
                json.skipValue();
            }
        }
        return own;
    }
}
