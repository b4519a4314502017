package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.FrameQueue;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.upstream.wire.BodyFlow;
import dev.foundrygateway.upstream.wire.EndToEndHeaders;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.impl.ContextInternal;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way: sent, its opening held until the first token, then its body handed on. A plain answer is gathered whole. Confined to one event loop.
 * Every way to end it goes through {@link #finish}, so that the timer stops and the request is let go exactly once.
 */
final class Exchange implements FrameQueue.Source {
    private static final Logger LOG = Logger.getLogger(Exchange.class);

    private enum State {
        WAITING,
        HOLDING,
        RELEASED,
        /** The client has left, and the upstream would go on all the same: what comes is read and thrown away, so that its end is known. */
        DRAINING,
        /** The answer is whole and its slot is free; the body's end is waited for a moment, so that the connection can be used again. */
        LINGERING,
        ENDED
    }

    private final Upstream upstream;
    private final UpstreamCall call;
    private final HttpClient client;
    private final ContextInternal context;
    private final NanoClock clock;
    private final UniEmitter<? super ChatReply> reply;
    private final ExchangeWatcher watcher;
    private final FrameQueue body;
    private final Deadlines deadlines;

    private State state = State.WAITING;
    private boolean exhausted;
    private boolean busy;
    private @Nullable Endpoint endpoint;
    private @Nullable UpstreamAddress dialled;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private @Nullable Opening opening;
    private BodyFlow flow = BodyFlow.NONE;
    private long headNanos;
    private long tokenNanos;

    Exchange(
            Upstream upstream,
            UpstreamCall call,
            HttpClient client,
            ContextInternal context,
            NanoClock clock,
            UniEmitter<? super ChatReply> reply,
            ExchangeWatcher watcher) {
        this.upstream = upstream;
        this.call = call;
        this.client = client;
        this.context = context;
        this.clock = clock;
        this.reply = reply;
        this.watcher = watcher;
        this.body = new FrameQueue(context, this);
        this.deadlines = new Deadlines(context, clock, upstream.timeouts(), call.streaming(), this::expired);
    }

    private void expired(String wait) {
        if (state == State.LINGERING) {
            letGo(true);
        } else {
            fail(Failures.ofTimeout(upstream, wait));
        }
    }

    /** Sends the call. On the event loop; the watcher is told once when the upstream is free again. */
    void start() {
        endpoint = call.chunked() ? upstream.choose(call.body()) : upstream.choose();
        endpoint.enter();
        busy = true;
        dialled = endpoint.dialled();
        // Called at once where the client has left before its turn came: what was entered above is left by that.
        reply.onTermination(() -> context.execute(this, Exchange::abandonedBeforeReply));
        if (state == State.ENDED) {
            return;
        }
        client.request(call.to(dialled)).onComplete(connection -> guarded(() -> connected(connection)));
    }

    private void connected(AsyncResult<HttpClientRequest> connection) {
        if (connection.failed()) {
            if (endpoint != null && dialled != null && Failures.isNobodyThere(connection.cause())) {
                endpoint.unanswered(dialled);
            }
            fail(Failures.ofConnecting(upstream, connection.cause()));
            return;
        }
        HttpClientRequest sending = connection.result();
        if (state == State.ENDED) {
            sending.reset();
            return;
        }
        request = sending;
        flow = BodyFlow.expect(sending, call.streaming());
        // A server that goes away while it is being sent to fails the head; without this, Vert.x logs an error as well.
        sending.exceptionHandler(ignored -> {});
        sending.response().onComplete(head -> guarded(() -> head(head)));
        Future<Void> unused = call.body().length() == 0 ? sending.end() : sending.end(call.body());
    }

    private void head(AsyncResult<HttpClientResponse> head) {
        if (state == State.ENDED) {
            return;
        }
        if (head.failed()) {
            if (Failures.isUnreadableHead(head.cause()) && state == State.WAITING) {
                // It has answered: asked again, it would do the work again.
                state = State.HOLDING;
            }
            broken(head.cause());
            return;
        }
        HttpClientResponse answer = head.result();
        headNanos = clock.nanos();
        deadlines.piece(headNanos);
        response = answer;
        answer.exceptionHandler(this::broken);
        if (state == State.WAITING) {
            state = State.HOLDING;
        }
        if (answer.statusCode() < 200 || answer.statusCode() / 100 == 3) {
            fail(Failures.ofStatus(upstream, answer.statusCode()));
            return;
        }
        String packed = answer.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (packed != null && !packed.isBlank() && !packed.strip().equalsIgnoreCase("identity")) {
            fail(Failures.ofPacking(upstream, packed));
            return;
        }
        opening = Opening.of(call, answer);
        flow.read(answer, context, this::pieceGuarded);
        answer.endHandler(ignored -> guarded(this::end));
    }

    /** Vert.x swallows what its handlers throw: a reply that can't be read would leave its client waiting. */
    private void pieceGuarded(Buffer bytes) {
        try {
            piece(bytes);
        } catch (RuntimeException unreadable) {
            failUnreadable(unreadable);
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException unreadable) {
            failUnreadable(unreadable);
        }
    }

    /** An {@link IllegalStateException} tells of a limit that the reply exceeds; anything else is a fault of the reader, and the log says where. */
    private void failUnreadable(RuntimeException cause) {
        if (cause instanceof IllegalStateException limit) {
            fail(Failures.ofAnswer(upstream, ": " + limit.getMessage()));
        } else {
            LOG.error("a reply of upstream " + upstream.name() + " could not be read", cause);
            fail(Failures.ofAnswer(upstream, " sent a reply that could not be read"));
        }
    }

    private void piece(Buffer bytes) {
        Opening reader = opening;
        if (reader == null || state == State.ENDED) {
            return;
        }
        long now = clock.nanos();
        deadlines.piece(now);
        watcher.arrived(bytes.length());
        if (state == State.DRAINING || state == State.LINGERING) {
            return;
        }
        Frame frame = reader.read(bytes);
        if (tokenNanos == 0 && reader.hasToken()) {
            tokenNanos = now;
            deadlines.opened();
        }
        if (state == State.RELEASED) {
            if (frame.bytes().length() > 0 || !frame.events().isEmpty()) {
                body.emit(frame);
            }
        } else {
            open(reader);
        }
        if (state == State.RELEASED && (reader.done() || reader.complete())) {
            leaveWhole(reader);
        }
    }

    /** The answer is whole, by the upstream's word or because the gateway has cut it: nothing that follows counts. */
    private void leaveWhole(Opening reader) {
        if (reader.done() && !exhausted && state == State.RELEASED) {
            state = State.LINGERING;
            deadlines.linger();
            flow.resume();
            free();
            watcher.ended(response == null ? 0 : response.statusCode());
        } else {
            abandon();
        }
        body.complete();
    }

    /** Hands outward what there is, once it may be. */
    private void open(Opening reader) {
        Optional<PlainAnswer> instead = reader.instead();
        if (instead.isPresent()) {
            answer(reader, instead.get());
        } else if (reader.ready()) {
            release(reader);
        }
    }

    /** An answer that is complete already; nothing more is read. */
    private void answer(Opening reader, PlainAnswer answer) {
        state = State.RELEASED;
        watcher.replied();
        reply.complete(answer.reply(body, served()));
        body.emit(answer.frame());
        leaveWhole(reader);
    }

    private void release(Opening reader) {
        state = State.RELEASED;
        deadlines.opened();
        HttpClientResponse answer = response;
        if (answer == null) {
            return;
        }
        // First: a client that has seen the reply must not find the breaker on trial still. Last: what was held, when
        // there is somebody who wants it.
        watcher.replied();
        reply.complete(new ChatReply(
                // Whoever is further out asks whether it is a 200; by now it is known to be an answer.
                call.chunked() && answer.statusCode() / 100 == 2 ? 200 : answer.statusCode(),
                EndToEndHeaders.ofReply(answer.headers()),
                reader.stream(),
                body,
                served()));
        body.emit(reader.held());
    }

    private void end() {
        Opening reader = opening;
        if (reader == null || state == State.ENDED) {
            return;
        }
        exhausted = true;
        if (state == State.LINGERING) {
            letGo(false);
            return;
        }
        if (state == State.DRAINING) {
            finish(false);
            return;
        }
        Frame last = reader.end();
        if (state == State.HOLDING) {
            open(reader);
            if (state != State.RELEASED) {
                return;
            }
        } else if (!reader.cutShort()
                && (last.bytes().length() > 0 || !last.events().isEmpty())) {
            body.emit(last);
        }
        if (reader.cutShort()) {
            fail(Failures.ofAnswer(upstream, " ended its stream before the answer"));
        } else {
            finish(false);
            body.complete();
        }
    }

    private void broken(Throwable cause) {
        fail(Failures.ofExchange(upstream, cause));
    }

    private void fail(GatewayException failure) {
        State before = state;
        if (before == State.ENDED) {
            return;
        }
        letGo(true);
        if (before == State.LINGERING) {
            return;
        }
        if (endpoint != null && before == State.WAITING) {
            upstream.takeOut(endpoint);
        }
        if (before == State.RELEASED) {
            body.fail(failure);
        }
        if (before == State.HOLDING
                && call.streaming()
                && failure.code() == ErrorCode.UPSTREAM_ERROR
                && upstream.kind().cutsRefusedStreams()) {
            watcher.refused(failure);
        } else {
            watcher.failed(failure, before == State.WAITING);
        }
    }

    private void finish(boolean reset) {
        if (state == State.ENDED) {
            return;
        }
        letGo(reset);
        watcher.ended(response == null ? 0 : response.statusCode());
    }

    private void letGo(boolean reset) {
        state = State.ENDED;
        deadlines.cancel();
        flow.release();
        free();
        if (reset && !exhausted && request != null) {
            request.reset();
        }
    }

    private void free() {
        if (busy && endpoint != null) {
            busy = false;
            endpoint.leave();
        }
    }

    /** Nobody wants the rest: the upstream is told by a reset, or, where that frees nothing, read to its end. */
    private void abandon() {
        if (!call.repairs().draining() || request == null || exhausted) {
            finish(true);
            return;
        }
        state = State.DRAINING;
        deadlines.opened();
        flow.resume();
    }

    private void abandonedBeforeReply() {
        if (state == State.WAITING || state == State.HOLDING) {
            abandon();
        }
    }

    @Override
    public void pause() {
        if (state == State.RELEASED) {
            deadlines.readerIsSlow(true);
            flow.pause();
        }
    }

    @Override
    public void resume() {
        if (state == State.RELEASED) {
            deadlines.readerIsSlow(false);
            flow.resume();
        }
    }

    @Override
    public void cancel() {
        if (state != State.ENDED && state != State.DRAINING && state != State.LINGERING) {
            abandon();
        }
    }

    private Served served() {
        return call.served(upstream.name(), deadlines.sentNanos(), headNanos, tokenNanos);
    }
}
