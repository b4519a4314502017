package dev.foundrygateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

/** The memory of bodies: taken as they come, bounded, given back. */
class BodyMemoryTest {
    @Test
    void littleIsTakenAtFirstAndTwiceAsMuchEachTime() {
        BodyMemory memory = new BodyMemory(1 << 20);
        BodyBytes bytes = new BodyBytes(1 << 20, memory.lease());
        assertEquals(0, memory.held());
        bytes.add(Buffer.buffer("x"));
        assertEquals(4096, memory.held());
        bytes.add(Buffer.buffer(new byte[4096]));
        assertEquals(8192, memory.held());
        assertEquals(4097, bytes.buffer().length());
    }

    @Test
    void theBoundHoldsOverAllBodies() {
        BodyMemory memory = new BodyMemory(10_000);
        BodyMemory.Lease first = memory.lease();
        new BodyBytes(100_000, first).add(Buffer.buffer(new byte[8_000]));
        BodyMemory.Lease second = memory.lease();
        GatewayException refused = assertThrows(
                GatewayException.class, () -> new BodyBytes(100_000, second).add(Buffer.buffer(new byte[4_000])));
        assertEquals(ErrorCode.OVERLOADED, refused.code());
        assertEquals(1, refused.retryAfter().toSeconds());
        first.close();
        first.close();
        new BodyBytes(100_000, second).add(Buffer.buffer(new byte[4_000]));
        second.close();
        assertEquals(0, memory.held());
    }

    @Test
    void aLoneBodyIsTakenWhateverTheBound() {
        BodyMemory memory = new BodyMemory(10);
        BodyBytes bytes = new BodyBytes(100_000, memory.lease());
        bytes.add(Buffer.buffer(new byte[50_000]));
        bytes.add(Buffer.buffer(new byte[10_000]));
        assertEquals(60_000, bytes.length());
    }

    @Test
    void moreThanItsOwnLimitIsTooLarge() {
        BodyBytes bytes = new BodyBytes(10, new BodyMemory(1_000).lease());
        assertEquals(
                ErrorCode.BODY_TOO_LARGE,
                assertThrows(GatewayException.class, () -> bytes.add(Buffer.buffer(new byte[11])))
                        .code());
    }
}
