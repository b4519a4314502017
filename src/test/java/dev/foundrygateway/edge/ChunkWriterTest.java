package dev.foundrygateway.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.openai.sse.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkWriterTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 255, 256, 4_095, 4_096, 65_535, 65_536, 1_048_576, 16_777_216})
    void everyLengthIsWrittenInHexadecimal(int length) {
        Frame frame = Frame.plain(Buffer.buffer("x".repeat(length)));
        ByteBuf out = Unpooled.buffer();
        ChunkWriter.append(frame, out);
        assertEquals(Integer.toHexString(length) + "\r\n" + "x".repeat(length) + "\r\n", out.toString(US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aPartOfABufferIsWrittenAndStaysAsItIs(int from) {
        Buffer part = Buffer.buffer("abcdef").slice(from, 6);
        ByteBuf out = Unpooled.buffer();
        ChunkWriter.append(Frame.plain(part), out);
        ChunkWriter.append(Frame.plain(part), out);
        String once = (6 - from) + "\r\n" + "abcdef".substring(from) + "\r\n";
        assertEquals(once + once, out.toString(US_ASCII));
    }
}
