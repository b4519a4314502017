package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.ChatProtocol;
import dev.foundrygateway.edge.protocol.MessagesProtocol;
import dev.foundrygateway.edge.protocol.Protocol;
import dev.foundrygateway.edge.protocol.ResponsesProtocol;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/** Which protocol a request speaks, as far as its head tells: enough for its errors. */
final class Protocols {
    /** What every client of Messages sends. */
    static final String ANTHROPIC_VERSION = "anthropic-version";

    private static final Protocol MESSAGES = new MessagesProtocol(Map.of());
    private static final Protocol RESPONSES = new ResponsesProtocol(() -> 0);

    private Protocols() {}

    static Protocol of(HttpServerRequest request) {
        if (speaksMessages(request)) {
            return MESSAGES;
        }
        String path = request.path();
        return path != null && path.endsWith("/responses") ? RESPONSES : ChatProtocol.INSTANCE;
    }

    /** By its header, or by a path that only Messages has. */
    static boolean speaksMessages(HttpServerRequest request) {
        String path = request.path();
        return request.headers().contains(ANTHROPIC_VERSION)
                || (path != null && (path.endsWith("/messages") || path.contains("/messages/")));
    }
}
