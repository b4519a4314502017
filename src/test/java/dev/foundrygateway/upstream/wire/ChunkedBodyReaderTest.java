package dev.foundrygateway.upstream.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The chunk reader before Netty's own decoder, whose place Vert.x' client has behind it. */
class ChunkedBodyReaderTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String REPLY = HEAD + "3\r\nabc\r\n4\r\ndefg\r\n1\r\nh\r\n0\r\nx-trailer: 1\r\n\r\n";

    private final ChunkedBodyReader chunks = new ChunkedBodyReader(new ReadBuffers());
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpClientCodec(), new Client());
    private final StringBuilder body = new StringBuilder();
    private final List<String> ways = new ArrayList<>();
    private final Consumer<Buffer> reader;
    private boolean asking = true;
    private boolean ending;
    private int exchange;
    private int ends;
    private String trailer = "";
    private final List<Throwable> failures = new ArrayList<>();

    /** What Vert.x' client does, as far as it matters here. */
    private final class Client extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpResponse && asking) {
                chunks.engage(reader);
            }
            if (message instanceof HttpContent content && content.content().isReadable()) {
                came(content.content().toString(US_ASCII), "decoder");
            }
            if (message instanceof LastHttpContent last) {
                ends++;
                trailer = String.valueOf(last.trailingHeaders().get("x-trailer"));
                chunks.release(reader);
                if (ending) {
                    chunks.ended(exchange);
                }
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            failures.add(failure);
        }
    }

    ChunkedBodyReaderTest() {
        reader = piece -> came(piece.toString(), "reader");
        channel.pipeline().addFirst(chunks);
        send();
    }

    @AfterEach
    void nothingIsLeftInTheChannel() {
        assertFalse(channel.finish(), "nothing passes the client");
    }

    private void came(String text, String way) {
        body.append(text);
        ways.add(way + " " + text);
    }

    private void send() {
        exchange = chunks.expect();
        channel.writeOutbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
        ReferenceCountUtil.release(channel.<Object>readOutbound());
    }

    private void receive(String... parts) {
        for (String part : parts) {
            channel.writeInbound(Unpooled.directBuffer().writeBytes(part.getBytes(US_ASCII)));
        }
    }

    @Test
    void whatOneReadBringsIsOnePiece() {
        receive(HEAD, "3\r\nabc\r\n4\r\ndefg\r\n", "1\r\nh\r\n0\r\n\r\n");
        assertEquals(List.of("reader abcdefg", "reader h"), ways);
        assertEquals(1, ends);
    }

    @Test
    void theReadWithTheHeadIsOnePieceToo() {
        receive(REPLY);
        assertEquals(List.of("reader abcdefgh"), ways);
        assertEquals(1, ends);
    }

    @Test
    void everyCutGivesTheSameBodyOneEndAndTheTrailer() {
        for (int first = 1; first < REPLY.length(); first++) {
            for (int second = first + 1; second <= REPLY.length(); second++) {
                body.setLength(0);
                ends = 0;
                trailer = "";
                receive(REPLY.substring(0, first), REPLY.substring(first, second), REPLY.substring(second));
                assertEquals("abcdefgh", body.toString(), "cut at " + first + " and " + second);
                assertEquals(1, ends);
                assertEquals("1", trailer);
                send();
            }
        }
    }

    @Test
    void aHeadInTwoReadsLeavesAllToTheDecoder() {
        receive(REPLY.substring(0, 20), REPLY.substring(20));
        assertEquals(List.of("decoder abc", "decoder defg", "decoder h"), ways);
    }

    @Test
    void aReplyThatNobodyAsksTheChunksOfPasses() {
        asking = false;
        receive("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab", "c");
        chunks.release(reader);
        assertEquals(1, ends);
        send();
        receive(REPLY);
        assertEquals(2, ends);
    }

    @Test
    void pausedItReadsNothingUntilResumed() {
        receive(HEAD, "3\r\nabc\r\n");
        assertTrue(chunks.pause(reader));
        assertFalse(channel.config().isAutoRead());
        assertTrue(chunks.resume(reader));
        assertTrue(channel.config().isAutoRead());
    }

    @Test
    void anEndWhilePausedLeavesAConnectionThatReads() {
        receive(HEAD, "3\r\nabc\r\n");
        assertTrue(chunks.pause(reader));
        receive("0\r\n\r\n");
        assertEquals(1, ends);
        assertTrue(channel.config().isAutoRead());
    }

    @Test
    void whoHasEndedChangesNothingForTheNext() {
        receive(HEAD, "3\r\nabc\r\n");
        Consumer<Buffer> gone = piece -> {};
        chunks.release(gone);
        assertFalse(chunks.pause(gone));
        assertFalse(chunks.resume(gone));
        receive("0\r\n\r\n");
        assertEquals(List.of("reader abc"), ways);
    }

    @Test
    void whatComesForOneThatHasLeftIsReadToItsEnd() {
        receive(HEAD, "3\r\nabc\r\n4\r\nde");
        assertTrue(chunks.pause(reader));
        chunks.release(reader);
        assertTrue(channel.config().isAutoRead());
        receive("fg\r\n1", "\r\nh\r\n0\r\n\r\n");
        assertEquals(List.of("reader abcde"), ways);
        assertEquals(List.of(), failures);
        assertEquals(1, ends);
    }

    @Test
    void aReadThatOnlyEndsLikeAHeadIsTheDecoders() {
        send();
        // The space before it is left in the decoder, which adds the read to it and stands at its end whatever it
        // holds.
        channel.writeInbound(Unpooled.directBuffer().writeBytes(new byte[] {'H'}));
        chunks.expect();
        receive(HEAD.substring(1) + "7\r\nabc\r\n\r\n", "\r\n4\r\ndefg\r\n0\r\n\r\n");
        assertEquals("abc\r\n\r\ndefg", body.toString());
        assertEquals(1, ends);
    }

    @Test
    void malformedChunksFailTheConnectionBehindWhatCame() {
        receive(HEAD, "3\r\nabc\r\nnonsense", "3\r\nabc\r\n");
        assertEquals(List.of("reader abc"), ways);
        assertEquals(1, failures.size());
        assertInstanceOf(CorruptedFrameException.class, failures.get(0));
    }

    @Test
    void aBufferIsReadIntoAgainOnlyWhenNobodyHoldsItsLastRead() {
        ByteBufAllocator allocator = channel.config().getAllocator();
        RecvByteBufAllocator.ExtendedHandle reads =
                (RecvByteBufAllocator.ExtendedHandle) channel.unsafe().recvBufAllocHandle();
        ByteBuf first = reads.allocate(allocator);
        first.writeBytes("held".getBytes(US_ASCII));
        ByteBuf second = reads.allocate(allocator);
        assertNotSame(first, second);
        second.release();
        assertEquals("held", first.toString(US_ASCII));
        first.release();
        ByteBuf third = reads.allocate(allocator);
        assertSame(first, third);
        assertEquals(0, third.readableBytes());
        third.release();
    }

    @Test
    void bytesBetweenAReplyAndTheNextCallCloseTheConnection() {
        ending = true;
        receive(REPLY);
        assertTrue(channel.isOpen());
        receive("HTTP/1.1 200 OK\r\n");
        assertFalse(channel.isOpen());
        assertEquals(1, ends);
    }

    @Test
    void bytesBehindAReplyInItsLastReadCloseTheConnection() {
        ending = true;
        receive(REPLY + "HTTP/1.1 2");
        assertFalse(channel.isOpen());
    }

    @Test
    void bytesBehindAReplyWhoseHeadCameInTwoReadsCloseTheConnection() {
        asking = false;
        ending = true;
        receive("HTTP/1.1 200 OK\r\ncontent-len", "gth: 2\r\n\r\n{}HTTP/1.1 2");
        assertEquals("{}", body.toString());
        assertFalse(channel.isOpen());
    }

    @Test
    void bytesBehindAReplyWhoseLastLineCameInTwoReadsCloseTheConnection() {
        ending = true;
        receive(HEAD, "3\r\nabc\r\n0\r\n\r", "\nHTTP/1.1 2");
        assertEquals("abc", body.toString());
        assertEquals(1, ends);
        assertFalse(channel.isOpen());
    }

    @Test
    void bytesBehindAPlainReplyCloseTheConnectionAndNoneKeepIt() {
        asking = false;
        ending = true;
        String head = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n";
        receive(head, "{", "}");
        assertTrue(channel.isOpen());
        send();
        receive(head + "{", "}x");
        assertFalse(channel.isOpen());
    }

    @Test
    void aLateEndOfAnEarlierExchangeIsNotTheNextOnes() {
        receive(REPLY);
        int earlier = exchange;
        send();
        chunks.ended(earlier);
        receive(REPLY);
        assertTrue(channel.isOpen());
        assertEquals(2, ends);
    }
}
