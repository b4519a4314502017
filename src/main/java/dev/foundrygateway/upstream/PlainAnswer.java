package dev.foundrygateway.upstream;

import dev.foundrygateway.chat.ChatReply;
import dev.foundrygateway.chat.Served;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.Frame;
import io.smallrye.mutiny.Multi;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/**
 * A JSON answer that is complete.
 *
 * @param status its HTTP status
 * @param body its JSON
 */
record PlainAnswer(int status, Buffer body) {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    /** One of the gateway's own errors. */
    static PlainAnswer error(ErrorCode code, String message) {
        return new PlainAnswer(code.status(), ErrorBody.of(code, message, "").json());
    }

    ChatReply reply(Multi<Frame> frames, Served served) {
        return new ChatReply(
                status, MultiMap.caseInsensitiveMultiMap().set(HttpHeaders.CONTENT_TYPE, JSON), false, frames, served);
    }
}
