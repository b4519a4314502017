package dev.foundrygateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.foundrygateway.openai.json.JsonString;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import org.junit.jupiter.api.Test;

class ErrorBodyTest {
    @Test
    void aBodyHasOpenAisShape() {
        assertEquals(
                "{\"error\":{\"message\":\"No model x\",\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"model_not_found\"}}",
                ErrorBody.of(ErrorCode.MODEL_NOT_FOUND, "No model x", "model")
                        .json()
                        .toString());
    }

    @Test
    void emptyParamAndCodeAreNull() {
        assertEquals(
                "{\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"param\":null,\"code\":null}}",
                new ErrorBody("m", "server_error", "", "").json().toString());
    }

    @Test
    void everyCharacterComesBackAsItWas() throws JsonProcessingException {
        StringBuilder text = new StringBuilder("é漢😀\ufeff\u2028");
        for (char c = 0; c < 0x100; c++) {
            text.append(c);
        }
        JsonNode error = new ObjectMapper()
                .readTree(
                        new ErrorBody(text.toString(), "\"", "\\", "\n").json().toString())
                .path("error");
        assertEquals(text.toString(), error.path("message").textValue());
        assertEquals("\"", error.path("type").textValue());
        assertEquals("\\", error.path("param").textValue());
        assertEquals("\n", error.path("code").textValue());
    }

    @Test
    void aLoneSurrogateIsEscaped() {
        assertEquals("\"\\ud83d😀\\ude00\"", JsonString.quote("\ud83d😀\ude00"));
    }

    @Test
    void anEventIsOneErrorEvent() {
        ErrorBody error = ErrorBody.of(ErrorCode.UPSTREAM_TIMEOUT, "two\nlines", "");
        assertEquals("data: " + error.json() + "\n\n", error.event().toString());
        StreamEvent event = new EventScanner(1_000).feed(error.event()).events().get(0);
        assertEquals(Kind.ERROR, event.kind());
        assertEquals(error.event().length(), event.to());
    }
}
