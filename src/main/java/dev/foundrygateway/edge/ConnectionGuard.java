package dev.foundrygateway.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.Map;

/**
 * Puts {@link HeadDecoder} in the place of the server's own decoder on every connection. Vert.x has no setting for it: the sockets that listen are found on
 * their event loop once the server is up, and each connection that they accept gets a handler that does it before the first byte is read. A connection that came
 * in the moment before is served once and closed.
 */
@ApplicationScoped
public class ConnectionGuard {
    /** Asked for with every request: a look for the decoder itself goes through the whole pipeline. */
    private static final AttributeKey<Boolean> GUARDED = AttributeKey.valueOf("gateway-guarded");

    private static final String DECODER = "httpDecoder";
    private static final String ACCEPTOR = "gateway-acceptor";
    private static final String INSTALLER = "gateway-installer";

    private final Vertx vertx;
    private final PracticeStartup practice;

    ConnectionGuard(Vertx vertx, PracticeStartup practice) {
        this.vertx = vertx;
        this.practice = practice;
    }

    void http(@ObservesAsync HttpServerStart started) {
        guard(started.options());
    }

    void https(@ObservesAsync HttpsServerStart started) {
        guard(started.options());
    }

    private void guard(HttpServerOptions options) {
        for (EventExecutor acceptor : ((VertxInternal) vertx).getAcceptorEventLoopGroup()) {
            if (acceptor instanceof SingleThreadEventLoop loop) {
                loop.execute(() -> guard(loop, options));
            }
        }
    }

    private void guard(SingleThreadEventLoop loop, HttpServerOptions options) {
        for (Iterator<Channel> channels = loop.registeredChannelsIterator(); channels.hasNext(); ) {
            Channel channel = channels.next();
            boolean ours = channel instanceof ServerChannel
                    && !(channel.localAddress() instanceof InetSocketAddress address
                            && practice.listensOn(address.getPort()));
            if (ours && channel.pipeline().get(ACCEPTOR) == null) {
                channel.pipeline().addFirst(ACCEPTOR, new Acceptor(options));
            }
        }
    }

    /** Whether the connection of a request is guarded, or is none of HTTP/1. */
    static boolean guards(RoutingContext routing) {
        if (!(routing.request().connection() instanceof ConnectionBase connection)) {
            return true;
        }
        if (connection.channel().hasAttr(GUARDED)) {
            return true;
        }
        ChannelHandler decoder = connection.channel().pipeline().get(DECODER);
        return decoder == null || decoder instanceof HeadDecoder;
    }

    /** Sees each connection that a listening socket accepts, before anything else does. */
    @ChannelHandler.Sharable
    private static final class Acceptor extends ChannelInboundHandlerAdapter {
        private final HttpServerOptions options;

        Acceptor(HttpServerOptions options) {
            this.options = options;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            if (accepted instanceof Channel channel) {
                channel.pipeline().addFirst(INSTALLER, new Installer(options));
            }
            context.fireChannelRead(accepted);
        }
    }

    /** Waits for the first bytes, by when the pipeline is there; behind TLS for the first plain ones, by when HTTP/2 or 1.1 has been chosen. */
    private static final class Installer extends ChannelInboundHandlerAdapter {
        private final HttpServerOptions options;

        Installer(HttpServerOptions options) {
            this.options = options;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            ChannelPipeline pipeline = context.pipeline();
            String tls = "";
            boolean before = true;
            for (Map.Entry<String, ChannelHandler> entry : pipeline) {
                if (entry.getValue() == this) {
                    before = false;
                } else if (!before
                        && (entry.getValue() instanceof SslHandler || entry.getValue() instanceof SniHandler)) {
                    tls = entry.getKey();
                }
            }
            boolean done = true;
            if (!tls.isEmpty()) {
                pipeline.addAfter(tls, INSTALLER + "-tls", new Installer(options));
            } else if (pipeline.get(DECODER) != null) {
                pipeline.replace(DECODER, DECODER, new HeadDecoder(options));
                context.channel().attr(GUARDED).set(true);
            } else {
                done = false;
            }
            context.fireChannelRead(bytes);
            if (done) {
                pipeline.remove(this);
            }
        }
    }
}
