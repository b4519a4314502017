package dev.foundrygateway.edge;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.lang.invoke.MethodType;
import java.util.Collection;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** What goes wrong in quarkus-rest, before or in the code of files and stores: in the shape of all other errors. */
public class RestFailures {
    private static final Logger LOG = Logger.getLogger(RestFailures.class);

    private static final int LONGEST_FIELD = 200;

    @ServerExceptionMapper
    public Response refused(GatewayException failure) {
        ErrorReply reply = ErrorReply.of(failure);
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

    /** A body that is no JSON, or a parameter of another kind. */
    private static GatewayException unreadable(WebApplicationException failure) {
        if (failure.getCause() instanceof JsonMappingException other
                && !other.getPath().isEmpty()) {
            return mismatch(other);
        }
        if (failure.getCause() instanceof JsonProcessingException broken) {
            JsonLocation place = broken.getLocation();
            return new GatewayException(
                    ErrorCode.INVALID_JSON,
                    "the request body is not JSON"
                            + (place == null ? "" : ", line " + place.getLineNr() + ", column " + place.getColumnNr()));
        }
        return new GatewayException(ErrorCode.INVALID_REQUEST, "the request's body or parameters cannot be read");
    }

    /** JSON of another shape. The framework's own answer to it is empty. */
    @ServerExceptionMapper
    public Response mismatched(MismatchedInputException failure) {
        return refused(mismatch(failure));
    }

    static GatewayException mismatch(JsonMappingException failure) {
        StringBuilder field = new StringBuilder();
        for (JsonMappingException.Reference step : failure.getPath()) {
            if (step.getFieldName() == null) {
                field.append('[').append(step.getIndex()).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        String name = field.length() > LONGEST_FIELD ? field.substring(0, LONGEST_FIELD) : field.toString();
        Class<?> wanted = failure instanceof MismatchedInputException input ? input.getTargetType() : null;
        return new GatewayException(
                name.isEmpty() ? ErrorCode.INVALID_JSON : ErrorCode.INVALID_REQUEST,
                (name.isEmpty() ? "the request body" : name) + kind(wanted),
                name);
    }

    private static String kind(@Nullable Class<?> wanted) {
        if (wanted == null) {
            return " is not of the kind that this route takes";
        }
        Class<?> type =
                wanted.isPrimitive() ? MethodType.methodType(wanted).wrap().returnType() : wanted;
        return " must be "
                + Map.of(
                                String.class, "a string",
                                Boolean.class, "true or false",
                                Integer.class, "a whole number",
                                Long.class, "a whole number",
                                Double.class, "a number")
                        .getOrDefault(type, Collection.class.isAssignableFrom(type) ? "a list" : "an object");
    }

    /** A form that ends too early, or a disk that takes no more. */
    @ServerExceptionMapper
    public Response form(IOException failure) {
        return String.valueOf(failure.getMessage()).contains("multipart")
                ? refused(noForm())
                : refused(internal(failure));
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
        return refused(internal(failure));
    }

    private static GatewayException internal(Throwable failure) {
        LOG.error("unexpected failure of a call about files or stores", failure);
        return GatewayException.internal();
    }
}
