package dev.foundrygateway.edge;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.lang.invoke.MethodType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * How bodies about files, stores and uploads are read: they mean what they say, where Jackson alone would take the number 5 for a name and 1.5 for 1. The only
 * bodies that the framework's mapper reads are these; a model server's replies are read elsewhere. Thread-safe.
 */
@Singleton
public class RestBodies implements ObjectMapperCustomizer {
    private static final int LONGEST_FIELD = 200;
    private static final Map<Class<?>, String> KINDS = Map.of(
            String.class, "a string",
            Boolean.class, "true or false",
            Integer.class, "a whole number",
            Long.class, "a whole number",
            Double.class, "a number");

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        // A file's attributes come back as they were given.
        mapper.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
        for (LogicalType wanted :
                List.of(LogicalType.Textual, LogicalType.Integer, LogicalType.Float, LogicalType.Boolean)) {
            for (CoercionInputShape came : CoercionInputShape.values()) {
                if (wanted != LogicalType.Float || came != CoercionInputShape.Integer) {
                    mapper.coercionConfigFor(wanted).setCoercion(came, CoercionAction.Fail);
                }
            }
        }
    }

    /** JSON of another shape. The framework's own answer to it is empty. */
    @ServerExceptionMapper
    public Response mismatched(MismatchedInputException failure) {
        return RestFailures.reply(fault(failure));
    }

    /** What is wrong with a body, by the name of its member where that is known. */
    static GatewayException fault(JsonProcessingException failure) {
        String field = failure instanceof JsonMappingException other ? field(other) : "";
        if (!field.isEmpty()) {
            return new GatewayException(ErrorCode.INVALID_REQUEST, field + kind(failure), field);
        }
        if (failure instanceof MismatchedInputException) {
            return new GatewayException(ErrorCode.INVALID_JSON, "the request body" + kind(failure));
        }
        JsonLocation place = failure.getLocation();
        return new GatewayException(
                ErrorCode.INVALID_JSON,
                "the request body is not JSON"
                        + (place == null ? "" : ", line " + place.getLineNr() + ", column " + place.getColumnNr()));
    }

    private static String field(JsonMappingException failure) {
        StringBuilder field = new StringBuilder();
        for (JsonMappingException.Reference step : failure.getPath()) {
            if (step.getFieldName() == null) {
                field.append('[').append(step.getIndex()).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return field.substring(0, Math.min(LONGEST_FIELD, field.length()));
    }

    private static String kind(JsonProcessingException failure) {
        @Nullable Class<?> wanted = failure instanceof MismatchedInputException input ? input.getTargetType() : null;
        if (wanted == null) {
            return " is not of the kind that this route takes";
        }
        Class<?> type = MethodType.methodType(wanted).wrap().returnType();
        return " must be " + KINDS.getOrDefault(type, Collection.class.isAssignableFrom(type) ? "a list" : "an object");
    }
}
