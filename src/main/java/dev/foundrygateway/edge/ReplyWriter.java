package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.Protocol;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Loop;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes one reply to its client: the head when the reply is there (or, for a stream that keeps its client waiting, after the keep-alive time), then the
 * frames as they come. A client that leaves cancels the exchange. Confined to the request's event loop.
 */
final class ReplyWriter implements MultiSubscriber<Frame> {
    private static final Logger LOG = Logger.getLogger(ReplyWriter.class);
    /** Frames asked for at a time: enough that a fast stream never waits, few enough that a slow client holds little. */
    private static final int BATCH = 32;

    private final RoutingContext routing;
    private final Protocol protocol;
    private final String requestId;
    private final HttpServerResponse response;
    private final Context loop;
    private final NanoClock clock;
    private final long arrivedNanos;
    private final boolean head;
    private @Nullable Cancellable exchange;
    private @Nullable Subscription body;
    private @Nullable Frame only;
    private Optional<ChunkWriter> chunks = Optional.empty();
    private boolean stream;
    private boolean headSent;
    private boolean headWritten;
    private boolean ended;
    private Loop.Alarm keepAliveTimer = Loop.Alarm.NONE;
    private int outstanding;
    private BodyMemory.@Nullable Lease held;
    private long keepAliveNanos;
    private long writtenNanos;

    /** Of a request that has arrived now; it gets its id here. */
    ReplyWriter(RoutingContext routing, NanoClock clock) {
        this.routing = routing;
        this.protocol = Protocols.of(routing.request());
        this.requestId = Names.requestId(routing.request());
        this.response = routing.response();
        this.loop = routing.vertx().getOrCreateContext();
        this.clock = clock;
        this.arrivedNanos = clock.nanos();
        this.head = routing.request().method().equals(HttpMethod.HEAD);
        ReplyHead.requestId(response, requestId);
    }

    String requestId() {
        return requestId;
    }

    Timeline arrived() {
        return Timeline.arrivedAt(arrivedNanos);
    }

    /** Gives back the memory of the request's body when the exchange has ended. */
    void holds(BodyMemory.Lease lease) {
        held = lease;
    }

    /**
     * Subscribes to the reply and writes it.
     *
     * @param call makes the reply; what it throws is told to the client
     * @param keepAliveMillis after how long a stream's head is sent without its first token; zero for a reply that is no stream
     */
    void write(Supplier<Uni<ChatReply>> call, long keepAliveMillis) {
        if (keepAliveMillis > 0) {
            keepAliveNanos = TimeUnit.MILLISECONDS.toNanos(keepAliveMillis);
            scheduleKeepAlive(keepAliveNanos);
        }
        subscribe(call, answer -> guarded(() -> replied(answer), answer));
    }

    private <T> void subscribe(Supplier<Uni<T>> call, Consumer<T> made) {
        Uni<T> answer;
        try {
            answer = call.get();
        } catch (RuntimeException refused) {
            failed(refused);
            return;
        }
        response.closeHandler(ignored -> clientLeft());
        response.exceptionHandler(ignored -> clientLeft());
        exchange = answer.subscribe().with(made, this::failed);
    }

    /** Answers with JSON of the gateway's own that is made now; a client that leaves stops it. */
    void writeJson(Supplier<Uni<Buffer>> json) {
        subscribe(json, this::write);
    }

    private void write(Buffer json) {
        if (!ended) {
            finish();
            headSent = true;
            ReplyHead.json(response, 200);
            end(json);
        }
    }

    /**
     * What throws while a reply is written, such as a header that can't be one, ends the exchange: nobody hears of it otherwise, and the client waits for ever.
     *
     * @param answer the reply whose body nobody reads yet; null if it is being read
     */
    private void guarded(Runnable step, @Nullable ChatReply answer) {
        try {
            step.run();
        } catch (RuntimeException | OutOfMemoryError broken) {
            if (body != null) {
                body.cancel();
            } else if (answer != null) {
                answer.body().subscribe().with(ignored -> {}, ignored -> {}).cancel();
            }
            broken(broken);
        }
    }

    private void broken(Throwable cause) {
        if (ended) {
            LOG.debug("a reply could not be written to its end", cause);
            return;
        }
        if (response.headWritten()) {
            LOG.error("a reply broke while it was written", cause);
            finish();
            Ending.withinReply(routing.request());
            return;
        }
        response.headers().clear();
        response.setChunked(false);
        ReplyHead.requestId(response, requestId);
        headSent = false;
        stream = false;
        failed(cause);
    }

    /** Answers with an error of the gateway's own, as a status if the head has not left. */
    void failed(Throwable cause) {
        GatewayException failure = ErrorReply.told(cause);
        if (!ended && !failure.accounted() && (failure == cause || exchange == null)) {
            ErrorReply.count(failure.code());
        }
        error(ErrorReply.of(failure, protocol, requestId));
    }

    private void error(ErrorReply error) {
        if (ended) {
            return;
        }
        finish();
        if (!headSent) {
            headSent = true;
            error.head(response);
            end(error.body());
        } else if (stream) {
            response.end(error.event());
        } else {
            // A plain body is cut: only a connection that breaks tells the client so.
            Ending.withinReply(routing.request());
        }
    }

    private void replied(ChatReply reply) {
        if (ended) {
            return;
        }
        if (!reply.stream()) {
            keepAliveTimer.off();
        }
        if (headSent && !reply.stream()) {
            reply.body().subscribe().withSubscriber(new LateError(reply.status()));
            return;
        }
        stream = reply.stream();
        if (!headSent) {
            response.setStatusCode(reply.status());
            response.headers().addAll(reply.headers());
            ReplyHead.served(response, reply.served(), clock.nanos() - arrivedNanos);
            if (stream) {
                headSent = true;
                ReplyHead.stream(response);
            }
        }
        chunks = stream ? ChunkWriter.of(routing.request()) : Optional.empty();
        reply.body().subscribe().withSubscriber(this);
    }

    /** While a stream is silent, before its first token and between two; one timer, which looks at its firing when something was written last. */
    private void keepAlive() {
        if (ended) {
            return;
        }
        long silent = writtenNanos == 0 ? keepAliveNanos : clock.nanos() - writtenNanos;
        if (silent < keepAliveNanos) {
            scheduleKeepAlive(keepAliveNanos - silent);
            return;
        }
        if (!headSent) {
            headSent = true;
            stream = true;
            ReplyHead.stream(response.setStatusCode(200));
        }
        // A client that doesn't read is silent itself.
        if (!response.writeQueueFull()) {
            write(Frame.plain(protocol.keepAlive()));
        }
        scheduleKeepAlive(keepAliveNanos);
    }

    private void scheduleKeepAlive(long nanos) {
        keepAliveTimer = Loop.current(routing.vertx()).after(nanos, () -> guarded(this::keepAlive, null));
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        body = subscription;
        response.drainHandler(ignored -> ask());
        ask();
    }

    private void ask() {
        if (!ended && body != null && outstanding <= BATCH / 2 && !response.writeQueueFull()) {
            int more = BATCH - outstanding;
            outstanding = BATCH;
            body.request(more);
        }
    }

    @Override
    public void onItem(Frame frame) {
        guarded(() -> take(frame), null);
    }

    private void take(Frame frame) {
        outstanding--;
        if (ended) {
            return;
        }
        if (headSent) {
            if (frame.bytes().length() > 0) {
                write(frame);
            }
        } else if (only == null) {
            // A plain reply is one frame as a rule: waiting for its end lets it leave with its length, in one write.
            only = frame;
        } else {
            headSent = true;
            response.setChunked(true);
            response.write(only.bytes());
            if (frame.bytes().length() > 0) {
                response.write(frame.bytes());
            }
        }
        ask();
    }

    private void write(Frame frame) {
        if (keepAliveNanos > 0) {
            writtenNanos = clock.nanos();
        }
        if (chunks.isPresent() && headWritten) {
            chunks.get().write(frame);
        } else {
            response.write(frame.bytes());
            headWritten = true;
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        failed(failure);
    }

    @Override
    public void onCompletion() {
        guarded(this::complete, null);
    }

    private void complete() {
        if (ended) {
            return;
        }
        finish();
        if (headSent) {
            response.end();
        } else {
            headSent = true;
            end(only == null ? Buffer.buffer() : only.bytes());
        }
    }

    private void end(Buffer whole) {
        if (head) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(whole.length()));
            response.end();
        } else {
            response.end(whole);
        }
    }

    private void clientLeft() {
        if (!ended) {
            finish();
            cancel();
        }
    }

    private void cancel() {
        if (body != null) {
            body.cancel();
        } else if (exchange != null) {
            exchange.cancel();
        }
    }

    /** Ends it for an operator, from any thread: the exchange is cancelled, and the client told. */
    void stop() {
        loop.runOnContext(ignored -> {
            if (!ended) {
                cancel();
                failed(new GatewayException(ErrorCode.CANCELLED, "the gateway's operator cancelled this request"));
            }
        });
    }

    private void finish() {
        ended = true;
        keepAliveTimer.off();
        if (held != null) {
            held.close();
            held = null;
        }
    }

    /** A reply that is no stream, for a client that has got the head of one: gathered, and told as an error event. */
    private final class LateError implements MultiSubscriber<Frame> {
        private final int status;
        private final Buffer gathered = Buffer.buffer();

        LateError(int status) {
            this.status = status;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            body = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onItem(Frame frame) {
            gathered.appendBuffer(frame.bytes());
        }

        @Override
        public void onFailure(Throwable failure) {
            failed(failure);
        }

        @Override
        public void onCompletion() {
            ErrorBody told = UpstreamError.read(gathered).body();
            error(new ErrorReply(
                    status, 0, protocol.error(status, told, requestId), protocol.errorEvent(status, told, requestId)));
        }
    }
}
