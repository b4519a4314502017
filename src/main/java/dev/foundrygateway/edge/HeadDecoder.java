package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The server's decoder with {@link RequestHead} in front of it. A head that is refused, here or by the decoder itself, goes on as a request that says so in a
 * header of its own: so its answer has the shape of all others and comes in its turn. Nothing that follows on the connection is read.
 */
final class HeadDecoder extends VertxHttpRequestDecoder {
    /** The header that tells why a head was refused: the error code, a blank and the message. A client that sends it is refused by its own words. */
    static final String FAULT = "x-gateway-refused-head";

    /** Set on a channel whose last body was broken before its end. */
    static final AttributeKey<Boolean> BROKEN_BODY = AttributeKey.valueOf("gateway-broken-body");

    private static final String NO_HOST = "refused.invalid";

    /** What the answer to a head that is refused still needs of it. */
    private static final Set<String> CARRIED = Set.of("host", "origin", Protocols.ANTHROPIC_VERSION, "x-request-id");

    private static final int MOST_LINES = 1_000;
    private static final int LONGEST = 1_000;

    private final int maxHead;
    private boolean head = true;
    private boolean refused;

    HeadDecoder(HttpServerOptions options) {
        super(options);
        maxHead = options.getMaxInitialLineLength() + options.getMaxHeaderSize();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        int from = in.readerIndex();
        if (head) {
            int end = RequestHead.end(in, from, in.writerIndex());
            if (end < 0 && in.readableBytes() <= maxHead) {
                return;
            }
            Optional<RequestHead.Fault> fault = end < 0 ? Optional.empty() : RequestHead.fault(in, from, end);
            if (fault.isPresent()) {
                refuse(fault.get(), text(in, from), out);
                in.skipBytes(in.readableBytes());
                return;
            }
            head = false;
        }
        int before = out.size();
        super.decode(context, in, out);
        for (int i = before; i < out.size(); i++) {
            check(context, in, from, out, i);
        }
    }

    private void check(ChannelHandlerContext context, ByteBuf in, int from, List<Object> out, int at) {
        Object decoded = out.get(at);
        if (decoded instanceof HttpRequest request) {
            if (request.decoderResult().isFailure()) {
                drop(out, at);
                refuse(fault(request.decoderResult().cause()), text(in, from), out);
                return;
            }
            Optional<GatewayException> fault = RequestPath.fault(request.uri());
            if (fault.isPresent()) {
                drop(out, at);
                refuse(
                        new RequestHead.Fault(
                                fault.get().code(), String.valueOf(fault.get().getMessage())),
                        text(in, from),
                        out);
                return;
            }
            originForm(request);
        } else if (decoded instanceof HttpContent content
                && content.decoderResult().isFailure()) {
            drop(out, at);
            refused = true;
            context.channel().attr(BROKEN_BODY).set(true);
            out.add(LastHttpContent.EMPTY_LAST_CONTENT);
            return;
        }
        head |= decoded instanceof LastHttpContent;
    }

    private static void drop(List<Object> out, int from) {
        for (int i = out.size() - 1; i >= from; i--) {
            ReferenceCountUtil.release(out.remove(i));
        }
    }

    private static RequestHead.Fault fault(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new RequestHead.Fault(
                    ErrorCode.URI_TOO_LONG,
                    "the request line is too long; raise quarkus.http.limits.max-initial-line-length, or shorten it");
        }
        return cause instanceof TooLongHttpHeaderException
                ? new RequestHead.Fault(
                        ErrorCode.HEADERS_TOO_LARGE,
                        "the headers are too large; raise quarkus.http.limits.max-header-size, or send less")
                : new RequestHead.Fault(ErrorCode.INVALID_REQUEST, "the head of the request cannot be read");
    }

    /** The head that stands there, as much of it as may be. */
    private String text(ByteBuf in, int from) {
        return in.toString(from, Math.min(in.writerIndex() - from, maxHead), StandardCharsets.ISO_8859_1);
    }

    private void refuse(RequestHead.Fault fault, String head, List<Object> out) {
        refused = true;
        HeadersMultiMap headers = HeadersMultiMap.httpHeaders();
        String path = carry(head, headers);
        if (!headers.contains(HttpHeaders.HOST)) {
            headers.set(HttpHeaders.HOST, NO_HOST);
        }
        headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        headers.set(FAULT, fault.code().name() + ' ' + fault.message());
        out.add(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path, headers));
        out.add(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    /** What the answer's own head and shape go by, where it stands there once and can be read; the path, or the root. */
    private static String carry(String head, HeadersMultiMap headers) {
        String[] lines = head.split("\n", MOST_LINES);
        String[] line = lines[0].strip().split(" ", -1);
        Set<String> seen = new HashSet<>();
        // The last one may be cut.
        for (int i = 1; i < lines.length - 1 && !lines[i].isBlank(); i++) {
            int colon = lines[i].indexOf(':');
            String name = colon < 0 ? "" : lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            String value = lines[i].substring(colon + 1).strip();
            if (!CARRIED.contains(name)) {
                continue;
            }
            if (seen.add(name) && isVisible(value)) {
                headers.set(name, value);
            } else {
                headers.remove(name);
            }
        }
        String target = line.length > 1 ? line[1] : "";
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        return path.startsWith("/")
                        && isVisible(path)
                        && RequestPath.fault(path).isEmpty()
                ? path
                : "/";
    }

    private static boolean isVisible(String value) {
        return !value.isEmpty() && value.length() <= LONGEST && value.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** The error that the header's value tells. */
    static GatewayException failure(String fault) {
        int blank = fault.indexOf(' ');
        for (ErrorCode code : ErrorCode.values()) {
            if (blank > 0 && code.name().equals(fault.substring(0, blank))) {
                return new GatewayException(code, fault.substring(blank + 1));
            }
        }
        return new GatewayException(
                ErrorCode.INVALID_REQUEST, "the header " + FAULT + " is the gateway's own; leave it out");
    }

    /** A target that repeats its host means its path, as the standard asks of servers; one that names another host is left for the policy to refuse. */
    private static void originForm(HttpRequest request) {
        String uri = request.uri();
        String lower = uri.startsWith("/") ? "" : uri.toLowerCase(Locale.ROOT);
        int host = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : -1;
        if (host < 0) {
            return;
        }
        int end = host;
        while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        if (uri.substring(host, end).equalsIgnoreCase(request.headers().get(HttpHeaders.HOST))) {
            String rest = uri.substring(end);
            request.setUri(rest.startsWith("/") ? rest : "/" + rest);
        }
    }
}
