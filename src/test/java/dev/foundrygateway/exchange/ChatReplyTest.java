package dev.foundrygateway.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ChatReplyTest {
    private static final Served SERVED = Served.direct("m", "foundry", Timeline.NONE);

    @Test
    void aReplyIsReadWholeUpToItsLimitAndThenLetGo() {
        Frame mebi = Frame.plain(Buffer.buffer(new byte[1 << 20]));
        AtomicBoolean letGo = new AtomicBoolean();
        ChatReply most = ChatReply.json(Buffer.buffer(), SERVED)
                .withBody(Multi.createBy().repeating().supplier(() -> mebi).atMost(64));
        assertEquals(64 << 20, most.whole().await().indefinitely().length());
        ChatReply endless = most.withBody(Multi.createBy()
                .repeating()
                .supplier(() -> mebi)
                .indefinitely()
                .onCancellation()
                .invoke(() -> letGo.set(true)));
        assertFalse(letGo.get());
        GatewayException failure = assertThrows(
                GatewayException.class, () -> endless.whole().await().indefinitely());
        assertEquals(ErrorCode.UPSTREAM_ERROR, failure.code());
        assertTrue(letGo.get());
    }
}
