package dev.foundrygateway.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which heads can be read in one way alone. */
class RequestHeadTest {
    private static final String POST = "POST /v1/x HTTP/1.1\r\nHost: a\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\n",
                "content-length:5\r\n",
                "Content-Length: 5 \r\n",
                "Transfer-Encoding: chunked\r\n",
                "TRANSFER-ENCODING: Chunked\r\n",
                "X-Empty:\r\n",
                "X-Tab: a\tb\r\n",
                "X-Latin: \u00fc\r\n",
                "X_under.score!: 1\r\n"
            })
    void oneReadingIsTaken(String headers) {
        assertEquals(Optional.empty(), fault(POST + headers + "\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                "Transfer-Encoding: gzip, chunked\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: \"chunked\"\r\n",
                "Transfer-Encoding: chunked;q=1\r\n",
                "Transfer-Encoding:\r\n",
                "Transfer-Encoding: identity\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "Host: a\r\n",
                "hOST: b\r\n",
                "Content-Length: 5\r\nContent-Length: 5\r\n",
                "Content-Length: 5\r\nContent-Length: 6\r\n",
                "Content-Length: 5, 5\r\n",
                "Content-Length: +5\r\n",
                "Content-Length: -5\r\n",
                "Content-Length: 0x5\r\n",
                "Content-Length: 5a\r\n",
                "Content-Length:\r\n",
                "Content-Length: 99999999999999999999\r\n",
                "Content-Length : 5\r\n",
                "Content-Length\t: 5\r\n",
                " Content-Length: 5\r\n",
                "X-Folded: a\r\n b\r\n",
                "X-Folded: a\r\n\tTransfer-Encoding: chunked\r\n",
                "X-Bare: a\nContent-Length: 5\r\n",
                "X-Bare: a\rContent-Length: 5\r\n",
                "X-Null: a\0b\r\n",
                "X-Delete: a\u007f\r\n",
                ": nameless\r\n",
                "no colon\r\n",
                "X(y): 1\r\n"
            })
    void twoReadingsAreRefused(String headers) {
        assertTrue(fault(POST + headers + "\r\n").isPresent(), headers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET  / HTTP/1.1",
                "GET /a b HTTP/1.1",
                "GET / HTTP/1.1 ",
                "GET /",
                "GET / HTTP/2.0",
                "GET / http/1.1",
                "G\tET / HTTP/1.1",
                " GET / HTTP/1.1",
                "GET / HTTP/1.10",
                "G(T / HTTP/1.1"
            })
    void requestLineHasOneForm(String line) {
        assertTrue(fault(line + "\r\nHost: a\r\n\r\n").isPresent(), line);
    }

    @Test
    void endIsFoundForEveryCut() {
        String head = "\r\n" + POST + "\r\n";
        for (int cut = 0; cut < head.length(); cut++) {
            ByteBuf part = bytes(head.substring(0, cut));
            assertEquals(-1, RequestHead.end(part, 0, part.writerIndex()), head.substring(0, cut));
        }
        ByteBuf whole = bytes(head + "body\r\n\r\n");
        assertEquals(head.length(), RequestHead.end(whole, 0, whole.writerIndex()));
    }

    private static Optional<RequestHead.Fault> fault(String head) {
        ByteBuf bytes = bytes(head);
        assertEquals(head.length(), RequestHead.end(bytes, 0, bytes.writerIndex()), head);
        return RequestHead.fault(bytes, 0, bytes.writerIndex());
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(ISO_8859_1));
    }
}
