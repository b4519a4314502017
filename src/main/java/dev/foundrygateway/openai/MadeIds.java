package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.HeapBytes;
import dev.foundrygateway.openai.json.JsonCursor;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ids under which a model server keeps what a Responses call has made, found in a piece of its answer.
 *
 * @param response the response's own; empty if this piece doesn't tell
 * @param parts those of its items, and of the containers that they ran in
 */
public record MadeIds(Optional<String> response, Set<String> parts) {
    /** The longest id that is looked at, in characters. */
    static final int MOST = 256;

    private static final byte[] ID = name("id");
    private static final byte[] RESPONSE = name("response");
    private static final byte[] OUTPUT = name("output");
    private static final byte[] DATA = name("data");
    private static final byte[] ITEM = name("item");
    private static final byte[] CONTAINER = name("container_id");

    /** The members that lead to a recording, whole or in a stream. */
    private static final List<List<byte[]>> TO_RECORDING =
            List.of(List.of(name("choices")), List.of(name("message"), name("delta")), List.of(name("audio")));

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    /** Those in a plain answer, in a list of items, or in what a stream's events are about. Of an answer that is cut into pieces only its first one tells. */
    public static MadeIds in(Frame frame) {
        List<StreamEvent> events = frame.events();
        Reading reading = new Reading();
        if (events.isEmpty()) {
            reading.read(frame, 0, frame.bytes().length());
        }
        events.forEach(event -> reading.read(frame, event.from(), event.to()));
        return new MadeIds(reading.response, reading.parts);
    }

    /** Those of the recordings that a piece of a chat's answer names, which the next request's messages may name. */
    public static Set<String> recordings(Frame frame) {
        Reading reading = new Reading();
        List<StreamEvent> events = frame.events();
        if (events.isEmpty()) {
            reading.chat(frame, 0, frame.bytes().length());
        }
        events.forEach(event -> reading.chat(frame, event.from(), event.to()));
        return reading.parts;
    }

    /** One piece's reading. */
    private static final class Reading {
        private final Set<String> parts = new TreeSet<>();
        private Optional<String> response = Optional.empty();

        void read(Frame frame, int from, int to) {
            Optional<String> own = object(cursor(frame, from, to));
            response = response.isPresent() ? response : own;
        }

        void chat(Frame frame, int from, int to) {
            recordings(cursor(frame, from, to), TO_RECORDING);
        }

        private static JsonCursor cursor(Frame frame, int from, int to) {
            ByteBuf view = HeapBytes.of(frame.bytes());
            byte[] array = view.array();
            int open = HeapBytes.start(view) + from;
            int end = HeapBytes.start(view) + to;
            while (open < end && array[open] != '{') {
                open++;
            }
            return new JsonCursor().reset(array, open, end);
        }

        /** Takes the ids of what stands at the end of the way: each step a member, by one of its names, or the elements of an array. */
        private void recordings(JsonCursor json, List<List<byte[]>> way) {
            if (way.isEmpty()) {
                item(json);
            } else if (json.enterArray()) {
                while (json.nextElement()) {
                    recordings(json, way);
                }
            } else if (json.enterObject()) {
                while (json.nextMember()) {
                    if (way.get(0).stream().anyMatch(json::keyIs)) {
                        recordings(json, way.subList(1, way.size()));
                    } else {
                        json.skipValue();
                    }
                }
            } else {
                json.skipValue();
            }
        }

        /** The id of the response that stands here, or around which an event does: an event may have an id of its own. */
        private Optional<String> object(JsonCursor json) {
            Optional<String> own = Optional.empty();
            Optional<Optional<String>> inside = Optional.empty();
            if (!json.enterObject()) {
                json.skipValue();
                return own;
            }
            while (json.nextMember()) {
                if (json.keyIs(ID)) {
                    own = id(json);
                } else if (json.keyIs(RESPONSE) && !json.isNull()) {
                    inside = Optional.of(object(json));
                } else if (json.keyIs(ITEM)) {
                    item(json);
                } else if ((json.keyIs(OUTPUT) || json.keyIs(DATA)) && json.enterArray()) {
                    while (json.nextElement()) {
                        item(json);
                    }
                } else {
                    json.skipValue();
                }
            }
            return inside.orElse(own);
        }

        private void item(JsonCursor json) {
            if (!json.enterObject()) {
                json.skipValue();
                return;
            }
            while (json.nextMember()) {
                if (json.keyIs(ID) || json.keyIs(CONTAINER)) {
                    id(json).ifPresent(parts::add);
                } else {
                    json.skipValue();
                }
            }
        }

        private static Optional<String> id(JsonCursor json) {
            return Optional.of(json.readString()).filter(id -> !id.isEmpty() && id.length() <= MOST);
        }
    }
}
