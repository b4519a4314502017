package dev.foundrygateway.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingTest {
    @Test
    void aStreamIsReadWithoutItsChunkFraming() {
        Recording recording = Recording.named("runtime-2.2.1/22-chat-stream-include-usage");
        assertEquals("POST", recording.method());
        assertEquals("/v1/chat/completions", recording.path());
        assertTrue(recording.requestBody().contains("\"include_usage\":true"), recording.requestBody());
        assertEquals(200, recording.status());
        assertEquals(List.of("no-cache", "no-cache"), recording.header("cache-control"));
        assertTrue(recording.body().toString().endsWith("data: [DONE]\n\n"));
        assertTrue(recording.ended());
    }

    @Test
    void aBrokenStreamHasNotEnded() {
        Recording recording = Recording.named("runtime-1.2.4/52-chat-prompt-too-long-stream");
        assertEquals(0, recording.body().length());
        assertFalse(recording.ended());
    }

    @Test
    void aCurlLineGivesMethodAndPath() {
        Recording models = Recording.named("runtime-1.2.4/02-v1-models");
        assertEquals("GET /v1/models", models.method() + " " + models.path());
        assertEquals(531, models.body().length());
        Recording preflight = Recording.named("runtime-1.2.4/63-cors-preflight-models");
        assertEquals("OPTIONS /v1/models 204", preflight.method() + " " + preflight.path() + " " + preflight.status());
        Recording head = Recording.named("runtime-2.2.1/65-head-models");
        assertEquals(
                "HEAD /v1/models 404 0",
                head.method() + " " + head.path() + " " + head.status() + " "
                        + head.body().length());
    }

    @Test
    void everyRecordingWithAReplyHasAPlausibleBody() {
        for (Recording recording : Recording.all()) {
            boolean nameless = recording.name().contains("tool-call-success");
            assertTrue(nameless || recording.path().startsWith("/"), recording.name());
            assertFalse(recording.body().toString().contains("[curl exit"), recording.name());
            assertTrue(
                    recording.header("Content-Length").isEmpty()
                            || recording.method().equals("HEAD")
                            || recording.name().endsWith("01-status")
                            || recording.body().length()
                                    == Integer.parseInt(
                                            recording.header("Content-Length").get(0)),
                    recording.name());
        }
    }
}
