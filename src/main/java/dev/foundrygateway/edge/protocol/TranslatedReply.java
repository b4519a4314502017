package dev.foundrygateway.edge.protocol;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.openai.json.Trees;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import io.smallrye.mutiny.Multi;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** The pipeline's reply on its way through a {@link Writing}, with its status, headers and back-pressure. One per reply; confined to its event loop. */
final class TranslatedReply {
    private final Writing writing;
    private final MemberNames names;
    private boolean ended;

    private TranslatedReply(Writing writing, MemberNames names) {
        this.writing = writing;
        this.names = names;
    }

    static ChatReply of(ChatReply reply, Writing writing, MemberNames names) {
        if (!reply.stream()) {
            return whole(reply, writing, names);
        }
        TranslatedReply translated = new TranslatedReply(writing, names);
        Multi<Frame> end = Multi.createFrom().item(translated::end);
        return reply.withBody(Multi.createBy()
                .concatenating()
                .streams(reply.body().map(translated::next), end)
                .onFailure(GatewayException.class)
                .recoverWithItem(failure -> translated.broken((GatewayException) failure)));
    }

    /** The same for one that is no stream. */
    static ChatReply whole(ChatReply reply, WholeWriting writing, MemberNames names) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .setAll(reply.headers())
                .remove(HttpHeaders.CONTENT_LENGTH)
                .set(HttpHeaders.CONTENT_TYPE, "application/json");
        Multi<Frame> body = reply.whole()
                .map(bytes -> Frame.plain(plain(reply.status(), bytes, writing, names)))
                .toMulti();
        return new ChatReply(reply.status(), headers, false, body, reply.served());
    }

    private static Buffer plain(int status, Buffer body, WholeWriting writing, MemberNames names) {
        if (status != 200) {
            return writing.error(status, names.of(UpstreamError.read(body).body()));
        }
        return Trees.object(body.toString(StandardCharsets.UTF_8))
                .flatMap(ChatDelta::whole)
                .map(answer -> Trees.bytes(writing.whole(answer)))
                .orElseThrow(() -> new GatewayException(
                        ErrorCode.UPSTREAM_ERROR, "the model server's answer has no message in choices[0]"));
    }

    private Frame next(Frame frame) {
        Buffer out = Buffer.buffer();
        for (int i = 0; i < frame.events().size() && !ended; i++) {
            StreamEvent event = frame.events().get(i);
            if (event.to() > event.from()) {
                add(out, frame, event);
            }
        }
        return out.length() == 0 ? Frame.EMPTY : Frame.plain(out);
    }

    private void add(Buffer out, Frame frame, StreamEvent event) {
        switch (event.kind()) {
            case CHUNK -> ChatDelta.of(frame, event).ifPresent(chunk -> out.appendString(writing.chunk(chunk)));
            case COMMENT -> out.appendBuffer(writing.keepAlive());
            case ERROR -> {
                ended = true;
                UpstreamError error = UpstreamError.read(frame.bytes().getBuffer(event.from(), event.to()));
                out.appendString(writing.failure(error.status(), names.of(error.body())));
            }
            case DONE -> {
                out.appendString(writing.end());
                ended = true;
            }
            case OTHER -> {}
        }
    }

    private Frame broken(GatewayException failure) {
        if (ended) {
            return Frame.EMPTY;
        }
        ended = true;
        return Frame.plain(Buffer.buffer(writing.failure(failure.code().status(), names.of(failure.body()))));
    }

    private Frame end() {
        if (ended) {
            return Frame.EMPTY;
        }
        Frame last = Frame.plain(Buffer.buffer(writing.end()));
        ended = true;
        return last;
    }
}
