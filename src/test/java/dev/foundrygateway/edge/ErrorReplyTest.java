package dev.foundrygateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The one renderer of errors, and who uses it. */
class ErrorReplyTest {
    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeThatHasATimeTellsItOnBothWays(ErrorCode code) {
        ErrorReply reply = ErrorReply.of(new GatewayException(code, "m", "p"));
        assertEquals(code.retrySeconds(), reply.retrySeconds());
        try (Response response = new RestFailures().refused(new GatewayException(code, "m", "p"))) {
            assertEquals(code.status(), response.getStatus());
            assertEquals(
                    code.retrySeconds() == 0 ? "null" : Integer.toString(code.retrySeconds()),
                    String.valueOf(response.getHeaderString("Retry-After")));
            assertEquals(reply.body().toString(), response.getEntity());
        }
    }

    @Test
    void waitingHelpsWhereTheCodeSaysBusyOrDown() {
        for (ErrorCode code : new ErrorCode[] {
            ErrorCode.OVERLOADED, ErrorCode.RATE_LIMIT_EXCEEDED, ErrorCode.CIRCUIT_OPEN, ErrorCode.RETRIEVAL_UNAVAILABLE,
            ErrorCode.SHUTTING_DOWN, ErrorCode.OUT_OF_MEMORY
        }) {
            assertTrue(ErrorReply.of(new GatewayException(code, "m")).retrySeconds() > 0, code.name());
        }
        assertEquals(
                7,
                ErrorReply.of(new GatewayException(ErrorCode.OVERLOADED, "m", "", Duration.ofSeconds(7)))
                        .retrySeconds());
    }

    @Test
    void aFormThatEndsTooEarlyIsTheClientsFault() {
        try (Response response =
                new RestFailures().form(new IOException("Connection terminated parsing multipart request"))) {
            assertEquals(400, response.getStatus());
            assertTrue(String.valueOf(response.getEntity()).contains("\"param\":\"file\""));
        }
    }

    @Test
    void aKeyThatIsRequiredMustBeThere() {
        assertEquals(Optional.empty(), AccessRoutes.problem(false, false));
        assertEquals(Optional.empty(), AccessRoutes.problem(true, true));
        assertTrue(AccessRoutes.problem(true, false).orElse("").contains("gateway.access.require-key"));
    }
}
