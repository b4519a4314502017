package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.json.HeapBytes;
import dev.foundrygateway.openai.json.JsonCursor;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Whether an event says {@code usage} at all, be it {@code null} or zero. */
final class UsageMember {
    private static final byte[] USAGE = "usage".getBytes(StandardCharsets.UTF_8);

    private UsageMember() {}

    /** Whether the object in these bytes of one event has the member. */
    static boolean in(Buffer event) {
        ByteBuf view = HeapBytes.of(event);
        byte[] array = view.array();
        int from = HeapBytes.start(view);
        int to = from + view.readableBytes();
        while (from < to && array[from] != '{') {
            from++;
        }
        JsonCursor json = new JsonCursor().reset(array, from, to);
        boolean found = false;
        if (json.enterObject()) {
            while (json.nextMember()) {
                found |= json.keyIs(USAGE);
                json.skipValue();
            }
        }
        return found;
    }
}
