package dev.foundrygateway.upstream;

import dev.foundrygateway.chat.ChatReply;
import dev.foundrygateway.chat.GatewayException;
import dev.foundrygateway.chat.NanoClock;
import dev.foundrygateway.chat.Served;
import dev.foundrygateway.chat.Timing;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.Frame;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.ContextInternal;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way: sent, its opening held until the first token, then its body handed on. A plain answer is gathered whole. Confined to one event
 * loop. Every way to end it goes through {@link #finish}, so that the timer stops and the request is let go exactly once.
 */
final class Exchange implements ReplyBody.Source {
    private static final int PIECES_UNHURT = 16 << 20;

    private enum State {
        WAITING,
        HOLDING,
        RELEASED,
        ENDED
    }

    private final Upstream upstream;
    private final UpstreamCall call;
    private final HttpClient client;
    private final ContextInternal context;
    private final NanoClock clock;
    private final UniEmitter<? super ChatReply> reply;
    private final ReplyBody body;
    private final Deadlines deadlines;

    private State state = State.WAITING;
    private boolean retried;
    private boolean exhausted;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private @Nullable Opening opening;
    private long headNanos;
    private long tokenNanos;

    Exchange(
            Upstream upstream,
            UpstreamCall call,
            HttpClient client,
            ContextInternal context,
            NanoClock clock,
            UniEmitter<? super ChatReply> reply) {
        this.upstream = upstream;
        this.call = call;
        this.client = client;
        this.context = context;
        this.clock = clock;
        this.reply = reply;
        this.body = new ReplyBody(context, this);
        this.deadlines = new Deadlines(
                context.owner(),
                clock,
                upstream.timeouts(),
                call.streaming(),
                wait -> fail(Failures.ofTimeout(upstream, wait)));
    }

    /** Sends the call. On the event loop. */
    void start() {
        reply.onTermination(() -> context.execute(this, Exchange::abandonedBeforeReply));
        send();
    }

    private void send() {
        UpstreamAddress address = upstream.address();
        client.request(new RequestOptions()
                        .setMethod(call.method())
                        .setHost(address.host())
                        .setPort(address.port())
                        .setSsl(address.tls())
                        .setURI(address.path() + call.path())
                        .setHeaders(call.headers()))
                .onComplete(this::connected);
    }

    private void connected(AsyncResult<HttpClientRequest> connection) {
        if (connection.failed()) {
            fail(Failures.ofConnecting(upstream, connection.cause()));
            return;
        }
        HttpClientRequest sending = connection.result();
        if (state == State.ENDED) {
            sending.reset();
            return;
        }
        request = sending;
        sending.response().onComplete(this::head);
        if (call.body().length() == 0) {
            sending.end();
        } else {
            sending.end(call.body());
        }
    }

    private void head(AsyncResult<HttpClientResponse> head) {
        if (state == State.ENDED) {
            return;
        }
        if (head.failed()) {
            broken(head.cause());
            return;
        }
        HttpClientResponse answer = head.result();
        headNanos = clock.nanos();
        deadlines.piece(headNanos);
        response = answer;
        state = State.HOLDING;
        String type = String.valueOf(answer.getHeader(HttpHeaders.CONTENT_TYPE));
        boolean stream = answer.statusCode() == 200 && type.startsWith("text/event-stream");
        opening = stream ? new StreamOpening(call) : new PlainOpening(answer, PIECES_UNHURT);
        answer.handler(this::piece);
        answer.exceptionHandler(this::broken);
        answer.endHandler(ignored -> end());
    }

    private void piece(Buffer bytes) {
        Opening reader = opening;
        if (reader == null || state == State.ENDED) {
            return;
        }
        long now = clock.nanos();
        deadlines.piece(now);
        Frame frame;
        try {
            frame = reader.read(bytes);
        } catch (IllegalStateException tooLong) {
            fail(new GatewayException(
                    ErrorCode.UPSTREAM_ERROR, "upstream " + upstream.name() + ": " + tooLong.getMessage()));
            return;
        }
        if (state == State.RELEASED) {
            if (frame.bytes().length() > 0 || !frame.events().isEmpty()) {
                body.emit(frame);
            }
        } else if (reader.refusal().isPresent()) {
            answer(reader.refusal().get());
        } else if (reader.ready()) {
            release(reader, now);
        }
    }

    /** An answer that is complete already; nothing more is read. */
    private void answer(PlainAnswer answer) {
        ReplyBody whole = body;
        complete(answer.reply(whole, served()));
        whole.emit(Frame.plain(answer.body()));
        finish(true);
        whole.complete();
    }

    private void release(Opening reader, long now) {
        state = State.RELEASED;
        deadlines.opened();
        if (reader.hasToken()) {
            tokenNanos = now;
        }
        HttpClientResponse answer = response;
        if (answer == null) {
            return;
        }
        body.emit(reader.held());
        complete(new ChatReply(
                answer.statusCode(), EndToEndHeaders.ofReply(answer.headers()), reader.stream(), body, served()));
    }

    private void complete(ChatReply value) {
        reply.complete(value);
    }

    private void end() {
        Opening reader = opening;
        if (reader == null || state == State.ENDED) {
            return;
        }
        exhausted = true;
        Frame last = reader.end();
        if (state == State.HOLDING) {
            if (reader.refusal().isPresent()) {
                answer(reader.refusal().get());
                return;
            }
            release(reader, clock.nanos());
        } else if (last.bytes().length() > 0) {
            body.emit(last);
        }
        if (reader.cutShort()) {
            fail(new GatewayException(
                    ErrorCode.UPSTREAM_ERROR, "upstream " + upstream.name() + " ended its stream before the answer"));
        } else {
            finish(false);
            body.complete();
        }
    }

    /** The connection broke. Once, and only while nothing has come back, the call is sent anew: a kept connection may have died of old age. */
    private void broken(Throwable cause) {
        if (state == State.WAITING && !retried && cause instanceof HttpClosedException) {
            retried = true;
            send();
        } else if (state != State.ENDED) {
            fail(Failures.ofExchange(upstream, cause));
        }
    }

    private void fail(GatewayException failure) {
        State before = state;
        if (before == State.ENDED) {
            return;
        }
        finish(true);
        if (before == State.RELEASED) {
            body.fail(failure);
        } else {
            reply.fail(failure);
        }
    }

    private void finish(boolean reset) {
        state = State.ENDED;
        deadlines.cancel();
        if (reset && !exhausted && request != null) {
            request.reset();
        }
    }

    private void abandonedBeforeReply() {
        if (state == State.WAITING || state == State.HOLDING) {
            finish(true);
        }
    }

    @Override
    public void pause() {
        if (response != null && state == State.RELEASED) {
            deadlines.readerIsSlow(true);
            response.pause();
        }
    }

    @Override
    public void resume() {
        if (response != null && state == State.RELEASED) {
            deadlines.readerIsSlow(false);
            response.resume();
        }
    }

    @Override
    public void cancel() {
        if (state != State.ENDED) {
            finish(true);
        }
    }

    private Served served() {
        return Served.direct(
                call.model(),
                upstream.name(),
                new Timing(
                        0,
                        Math.max(0, deadlines.sentNanos() - call.arrivedNanos() - call.retrievalNanos()),
                        call.retrievalNanos(),
                        0,
                        headNanos - deadlines.sentNanos(),
                        tokenNanos == 0 ? 0 : tokenNanos - call.arrivedNanos()));
    }
}
