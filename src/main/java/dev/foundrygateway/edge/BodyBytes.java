package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;
import java.util.Arrays;

/** Bytes that are gathered without knowing how many will come: an announced length costs a client nothing, so it is not believed. Confined to one thread at a time. */
final class BodyBytes {
    private static final int FIRST = 4096;

    private final long limit;
    private final BodyMemory.Lease lease;
    private byte[] bytes = {};
    private int length;

    /**
     * Nothing yet.
     *
     * @param limit how many bytes are taken
     * @param lease what the memory is counted on
     */
    BodyBytes(long limit, BodyMemory.Lease lease) {
        this.limit = limit;
        this.lease = lease;
    }

    int length() {
        return length;
    }

    /** @throws GatewayException when it is too much for this body or for all of them */
    void add(byte[] from, int offset, int count) {
        room(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    /** @throws GatewayException as above */
    void add(Buffer piece) {
        int count = piece.length();
        room(count);
        piece.getBytes(bytes, length);
        length += count;
    }

    private void room(int more) {
        long needed = length + (long) more;
        if (needed > limit) {
            throw tooLarge(limit);
        }
        if (needed <= bytes.length) {
            return;
        }
        int size = (int) Math.min(limit, Math.max(needed, Math.max(FIRST, 2L * bytes.length)));
        if (!lease.take(size)) {
            throw new GatewayException(
                    ErrorCode.OVERLOADED,
                    "the gateway holds as many bytes of request bodies as it may; try again soon, or raise gateway.access.bodies-limit");
        }
        int before = bytes.length;
        bytes = Arrays.copyOf(bytes, size);
        lease.give(before);
    }

    static GatewayException tooLarge(long limit) {
        return new GatewayException(
                ErrorCode.BODY_TOO_LARGE,
                "the request body is larger than " + limit + " bytes; send less, or raise gateway.access.body-limit");
    }

    byte[] array() {
        return bytes;
    }

    /** All of it, without a copy. */
    Buffer buffer() {
        return BufferImpl.buffer(Unpooled.wrappedBuffer(bytes, 0, length));
    }
}
