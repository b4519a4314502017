package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.ChatProtocol;
import dev.foundrygateway.edge.protocol.Protocol;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.openai.ErrorCode;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

/**
 * An error of the gateway's own as a reply: the one place that makes it, in the shape of the protocol that asked.
 *
 * @param status the HTTP status
 * @param retrySeconds the value of {@code Retry-After}; 0 for none
 * @param body the error in the shape of the protocol that asked
 * @param event the same as an event of a stream whose head has left
 */
record ErrorReply(int status, long retrySeconds, Buffer body, Buffer event) {
    private static final Logger LOG = Logger.getLogger(ErrorReply.class);

    /** In OpenAI's shape. */
    static ErrorReply of(GatewayException failure) {
        return of(failure, ChatProtocol.INSTANCE, "");
    }

    static ErrorReply of(GatewayException failure, Protocol protocol, String requestId) {
        int status = failure.code().status();
        long retry = failure.retryAfter().isZero()
                ? 0
                : Math.max(1, failure.retryAfter().toSeconds());
        return new ErrorReply(
                status,
                retry,
                protocol.error(status, failure.body(), requestId),
                protocol.errorEvent(status, failure.body(), requestId));
    }

    /** Counts an error that no exchange ends by. */
    static void count(ErrorCode code) {
        ArcContainer container = Arc.container();
        if (container != null) {
            container.instance(Observer.class).get().observe(new Observation.Refused(code.code()));
        }
    }

    /** Writes the head's own lines. */
    void head(HttpServerResponse response) {
        ReplyHead.json(response, status);
        if (retrySeconds > 0 && !response.headers().contains(HttpHeaders.RETRY_AFTER)) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(retrySeconds));
        }
    }

    /** What is told of a failure: what nobody has foreseen goes into the log alone. */
    static GatewayException told(Throwable cause) {
        if (cause instanceof GatewayException known) {
            return known;
        }
        LOG.error("unexpected failure of an exchange", cause);
        return GatewayException.internal();
    }

    /** The same for what failed by itself. */
    static void end(RoutingContext routing, Throwable failure) {
        end(routing, told(failure));
    }

    /** Answers a request that no exchange has begun for. */
    static void end(RoutingContext routing, GatewayException failure) {
        count(failure.code());
        String id = Names.requestId(routing.request());
        ErrorReply reply = of(failure, Protocols.of(routing.request()), id);
        HttpServerResponse response = routing.response();
        routing.request().resume();
        ReplyHead.requestId(response, id);
        reply.head(response);
        ReplyHead.end(routing, reply.body);
    }
}
