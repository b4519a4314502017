package dev.foundrygateway.edge;

import dev.foundrygateway.access.AccessConfig;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Reads requests' bodies whole: bounded in bytes, in time and over all requests, unpacked, and text in UTF-8. Thread-safe. */
@Singleton
public class BodyReader {
    private final BodyMemory memory;
    private final long limit;
    private final long timeoutMillis;

    BodyReader(BodyMemory memory, AccessConfig access) {
        this.memory = memory;
        this.limit = access.bodyLimit().asLongValue();
        this.timeoutMillis = Math.max(1, access.bodyTimeout().toMillis());
    }

    /** How large a body is taken where its route says nothing else, in bytes after unpacking. */
    long limit() {
        return limit;
    }

    /**
     * Reads the body of a request that is paused.
     *
     * @param most how many bytes are taken, after unpacking
     * @param done gets the body; not called when the client leaves before its end. What it throws is told to {@code refused}
     * @param refused gets the reason why there is none; where the rest is not read, the connection ends with the answer
     */
    void read(RoutingContext routing, long most, Consumer<RequestBody> done, Consumer<Throwable> refused) {
        new BodyReading(routing, most, timeoutMillis, memory.lease(), done, refused).start();
    }

    /**
     * Reads a request's body and has it answered. What is wrong with it, and what {@code then} throws, is the answer; its memory is given back when the
     * exchange has ended.
     */
    void answer(RoutingContext routing, long most, NanoClock clock, BiConsumer<ReplyWriter, RequestBody> then) {
        ReplyWriter writer = new ReplyWriter(routing, clock);
        read(
                routing,
                most,
                body -> {
                    writer.holds(body.lease());
                    then.accept(writer, body);
                },
                writer::failed);
    }

    /** What a body that ran into its time is told. */
    static GatewayException tooSlow(long millis) {
        return new GatewayException(
                ErrorCode.REQUEST_TIMEOUT,
                "the request body was not there after " + millis
                        + " ms; send it faster, or raise gateway.access.body-timeout");
    }
}
