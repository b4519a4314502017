package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.ChatRequest;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/** The one place where tests make calls. */
public final class Calls {
    private Calls() {}

    /** A chat of this JSON that arrived at zero, by a program without a key; headers as name and value. */
    public static Call chat(String json, String... headers) {
        return chat(json, 0, headers);
    }

    /** The same with the place on the clock at which it arrived. */
    public static Call chat(String json, long arrivedNanos, String... headers) {
        return of(Operation.CHAT, json, arrivedNanos, headers);
    }

    /** Any call with a JSON body. */
    public static Call of(Operation operation, String json, long arrivedNanos, String... headers) {
        MultiMap map = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            map.set(headers[i], headers[i + 1]);
        }
        return Call.of(
                operation,
                ChatRequest.parse(Buffer.buffer(json)),
                map,
                Timeline.arrivedAt(arrivedNanos),
                Caller.program("req_1"));
    }
}
