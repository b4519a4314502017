package dev.foundrygateway.retrieval.api;

import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** What the framework refuses before our code sees it, such as a body that is no JSON, in OpenAI's shape. */
@Provider
public class FrameworkFailure implements ExceptionMapper<WebApplicationException> {
    @Override
    public Response toResponse(WebApplicationException failure) {
        int status = failure.getResponse().getStatus();
        ErrorCode code =
                switch (status) {
                    case 404 -> ErrorCode.NOT_FOUND;
                    case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
                    case 413 -> ErrorCode.BODY_TOO_LARGE;
                    case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
                    default -> status < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.INTERNAL_ERROR;
                };
        String message =
                switch (code) {
                    case NOT_FOUND -> "there is no such route below /v1/files and /v1/vector_stores";
                    case METHOD_NOT_ALLOWED -> "this route does not take that method";
                    case BODY_TOO_LARGE -> "the body is too large";
                    case UNSUPPORTED_MEDIA_TYPE ->
                        "the content-type must be application/json, or multipart/form-data for a file";
                    case INVALID_REQUEST -> "the request's body or parameters cannot be read";
                    default -> "the gateway failed; its log says more";
                };
        return Response.status(code.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(ErrorBody.of(code, message, "").json().toString())
                .build();
    }
}
