package dev.foundrygateway.upstream.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.testing.Recording;
import dev.foundrygateway.upstream.PlainAnswer;
import dev.foundrygateway.upstream.UpstreamCall;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Error replies of each generation as the client gets them. */
class ErrorRepairsTest {
    private static final String ASK = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @Test
    void aPromptTooLongIsContextLengthExceededInBothGenerations() {
        for (String runtime : new String[] {"runtime-1.2.4", "runtime-2.2.1"}) {
            Recording recording = Recording.named(runtime + "/51-chat-prompt-too-long");
            JsonObject error = repaired(recording.status(), recording.body(), 400);
            assertEquals("context_length_exceeded", error.getString("code"));
            assertEquals("messages", error.getString("param"));
            assertTrue(error.getString("message").contains("27020 total tokens (27012 input + 8 output)"));
            assertFalse(error.getString("message").contains(".cc"), error::encode);
        }
    }

    @Test
    void aPromptTooLongThatComesAs500Is400() {
        Buffer body = Buffer.buffer(
                "{\"error\":{\"message\":\"This request requires 9 total tokens, which exceeds the model's maximum context length of 8 tokens\",\"type\":\"server_error\"}}");
        assertEquals("context_length_exceeded", repaired(500, body, 400).getString("code"));
    }

    @Test
    void sourceFilesAndFunctionsAreTakenOutOfMessages() {
        Recording temperature = Recording.named("runtime-2.2.1/38-chat-temp-out-of-range");
        assertEquals(
                "Invalid request: temperature must be in the range [0.0, 2.0]",
                repaired(400, temperature.body(), 400).getString("message"));
        Recording tools = Recording.named("runtime-2.2.1/46-chat-tools-required");
        String message = repaired(500, tools.body(), 500).getString("message");
        assertTrue(message.startsWith("Inference failed: Model emitted an invalid tool call"), message);
    }

    @Test
    @Timeout(10)
    void longMessagesAreSearchedOnce() {
        for (String unit : new String[] {"x", "x.", "/", "a::", "a.cc:1 ", "a.cc:1 b::", "a.cc:1 b::c(", "::"}) {
            String message = "no " + unit.repeat(200_000 / unit.length()) + "!";
            Buffer body = new JsonObject()
                    .put("error", new JsonObject().put("message", message))
                    .toBuffer();
            assertTrue(repaired(400, body, 400).getString("message").endsWith("!"), unit);
        }
    }

    @Test
    void a500OfTheWrongTypeIs400NamingTheField() {
        Recording recording = Recording.named("runtime-1.2.4/34-chat-wrong-type");
        JsonObject error = repaired(recording.status(), recording.body(), 400);
        assertEquals("max_tokens", error.getString("param"));
        assertEquals("invalid_request_error", error.getString("type"));
    }

    @Test
    void aPageThatIsNoJsonGetsABodyInOpenAisShape() {
        Recording recording = Recording.named("runtime-2.2.1/76-completions");
        PlainAnswer answer =
                ErrorRepairs.ofReply(404, false, recording.body(), call()).orElseThrow();
        assertEquals(404, answer.status());
        assertTrue(answer.frame().bytes().toString().contains("\"code\":\"not_found\""));
    }

    @Test
    void errorsThatNeedNoRepairPassAsTheyCame() {
        for (String name : new String[] {"26-chat-unknown-model", "08-chat-not-loaded", "29-chat-empty-body"}) {
            Recording recording = Recording.named("runtime-2.2.1/" + name);
            assertEquals(
                    Optional.empty(), ErrorRepairs.ofReply(recording.status(), true, recording.body(), call()), name);
        }
    }

    private static UpstreamCall call() {
        return DialectCalls.chat(Dialect.FOUNDRY_2X, ASK);
    }

    private static JsonObject repaired(int status, Buffer body, int expected) {
        PlainAnswer answer = ErrorRepairs.ofReply(status, true, body, call()).orElseThrow();
        assertEquals(expected, answer.status());
        return new JsonObject(answer.frame().bytes()).getJsonObject("error");
    }
}
