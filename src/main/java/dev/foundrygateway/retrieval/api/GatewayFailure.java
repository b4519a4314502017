package dev.foundrygateway.retrieval.api;

import dev.foundrygateway.exchange.GatewayException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** What the gateway refuses, in OpenAI's shape. */
@Provider
public class GatewayFailure implements ExceptionMapper<GatewayException> {
    @Override
    public Response toResponse(GatewayException failure) {
        return Response.status(failure.code().status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(failure.body().json().toString())
                .build();
    }
}
