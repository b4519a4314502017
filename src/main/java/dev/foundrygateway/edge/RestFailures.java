package dev.foundrygateway.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.vertx.VertxResteasyReactiveRequestContext;
import org.jspecify.annotations.Nullable;

/** What goes wrong in quarkus-rest, before or in the code of files and stores: in the shape of all other errors. */
public class RestFailures {
    private static final Logger LOG = Logger.getLogger(RestFailures.class);

    @ServerExceptionMapper
    public Response refused(GatewayException failure) {
        return reply(failure);
    }

    private static ErrorReply reply(GatewayException failure, @Nullable ResteasyReactiveRequestContext current) {
        if (current instanceof VertxResteasyReactiveRequestContext rest) {
            RoutingContext routing = rest.getContext();
            String id = routing.response().headers().get(Caller.ID_HEADER);
            return ErrorReply.of(failure, Protocols.of(routing.request()), id == null ? "" : id);
        }
        return ErrorReply.of(failure);
    }

    static Response reply(GatewayException failure) {
        ErrorReply.count(failure.code());
        ErrorReply reply = reply(failure, CurrentRequestManager.get());
        Response.ResponseBuilder response = Response.status(reply.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(reply.body().toString());
        return (reply.retrySeconds() > 0 ? response.header("Retry-After", reply.retrySeconds()) : response).build();
    }

    /** What the framework refuses before our code sees it, such as a body that is no JSON. */
    @ServerExceptionMapper
    public Response framework(WebApplicationException failure) {
        int status = failure.getResponse().getStatus();
        return refused(
                switch (status) {
                    case 404 ->
                        new GatewayException(
                                ErrorCode.NOT_FOUND, "there is no such route below /v1/files and /v1/vector_stores");
                    case 405 ->
                        new GatewayException(ErrorCode.METHOD_NOT_ALLOWED, "this route does not take that method");
                    case 413 -> new GatewayException(ErrorCode.BODY_TOO_LARGE, "the body is too large");
                    case 415 ->
                        new GatewayException(
                                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                                "the content-type must be application/json, or multipart/form-data for a file");
                    default -> status < 500 ? unreadable(failure) : internal(failure);
                });
    }

    private static GatewayException unreadable(WebApplicationException failure) {
        return failure.getCause() instanceof JsonProcessingException json
                ? RestBodies.fault(json)
                : new GatewayException(ErrorCode.INVALID_REQUEST, "the request's body or parameters cannot be read");
    }

    /** A form that ends too early, or a disk that takes no more. */
    @ServerExceptionMapper
    public Response form(IOException failure) {
        if (isOver(failure)) {
            return unread(failure);
        }
        return String.valueOf(failure.getMessage()).contains("multipart")
                ? refused(noForm())
                : refused(internal(failure));
    }

    /** Whether nobody reads a reply any more: the client has left, or was told before that its form comes too slowly. */
    private static boolean isOver(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpClosedException || cause instanceof StreamResetException) {
                return true;
            }
        }
        if (CurrentRequestManager.get() instanceof VertxResteasyReactiveRequestContext rest) {
            HttpServerResponse response = rest.getContext().response();
            return response.ended() || response.closed();
        }
        return false;
    }

    /** Ends what the framework does for it, without a body: one can't be written to a reply that has ended. */
    private static Response unread(Throwable failure) {
        LOG.debugf("a call about files or stores ended before its reply: %s", failure.getMessage());
        return Response.status(ErrorCode.REQUEST_TIMEOUT.status()).build();
    }

    private static GatewayException noForm() {
        return new GatewayException(
                ErrorCode.INVALID_REQUEST,
                "the form cannot be read: it has no boundary, ends before its last one, or holds something else",
                "file");
    }

    /** What nobody has foreseen. */
    @ServerExceptionMapper
    public Response unforeseen(RuntimeException failure) {
        if (isOver(failure)) {
            return unread(failure);
        }
        return refused(internal(failure));
    }

    private static GatewayException internal(Throwable failure) {
        LOG.error("unexpected failure of a call about files or stores", failure);
        return GatewayException.internal();
    }
}
