package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.upstream.foundry.ServerKind;
import dev.foundrygateway.upstream.repair.Dialect;
import dev.foundrygateway.upstream.repair.DialectCalls;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** What is sent to each generation. */
class PreparationTest {
    private static final String ASK = "{\"model\":\"" + DialectCalls.MODEL + "\", \"messages\":[%s]%s}";
    private static final String PARTS =
            "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}";

    @Test
    void aPlainServersCallIsSentAsItCame() {
        String request = ASK.formatted(PARTS, ",\"n\":2,\"stop\":\"x\"");
        assertEquals(request, sent(Dialect.OPENAI, request).body().toString());
    }

    @Test
    void an2xCallIsAskedForAsAStreamWithUsage() {
        UpstreamCall call = sent(Dialect.FOUNDRY_2X, ASK.formatted(PARTS, ""));
        JsonObject request = new JsonObject(call.body());
        assertTrue(request.getBoolean("stream"));
        assertTrue(request.getJsonObject("stream_options").getBoolean("include_usage"));
        assertTrue(call.repairs().gathered());
        assertTrue(call.streaming());
        assertFalse(sent(Dialect.FOUNDRY_2X, ASK.formatted(PARTS, ""), "always-stream", "false")
                .repairs()
                .gathered());
    }

    @Test
    void textPartsAreFlattenedWhereStringsAreWanted() {
        JsonObject message = new JsonObject(
                        sent(Dialect.FOUNDRY_1X, ASK.formatted(PARTS, "")).body())
                .getJsonArray("messages")
                .getJsonObject(0);
        assertEquals("a\nb", message.getString("content"));
        String image = "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}}]}";
        String request = ASK.formatted(image, "");
        assertEquals(request, sent(Dialect.FOUNDRY_1X, request).body().toString());
    }

    @Test
    void a0xCallIsNotAskedForUsage() {
        JsonObject request = new JsonObject(sent(Dialect.FOUNDRY_0X, ASK.formatted(PARTS, ",\"stream\":true"))
                .body());
        assertFalse(request.containsKey("stream_options"));
    }

    @Test
    void whereTheReplyIsReadToItsEndItsLengthIsCapped() {
        String[] drain = {"cancel", "drain", "drain-max-tokens", "100"};
        assertEquals(100, tokens(ASK.formatted("", ""), drain));
        assertEquals(100, tokens(ASK.formatted("", ",\"max_tokens\":5000"), drain));
        assertEquals(7, tokens(ASK.formatted("", ",\"max_tokens\":7"), drain));
        assertFalse(new JsonObject(sent(Dialect.OPENAI, ASK.formatted("", "")).body()).containsKey("max_tokens"));
    }

    @Test
    void theListOfALoneServerCanBeClosed() {
        assertFalse(ConfiguredUpstreams.foundry("http://127.0.0.1:1", "dialect", "openai")
                .closedList());
        assertTrue(ConfiguredUpstreams.foundry("http://127.0.0.1:1", "dialect", "openai", "models-closed", "true")
                .closedList());
    }

    @Test
    void localhostIsCalledAtEachOfItsAddressesInTurn() {
        Upstream upstream = ConfiguredUpstreams.foundry("http://localhost:5273/v1");
        UpstreamAddress first = upstream.dialled();
        assertEquals("127.0.0.1", first.host());
        upstream.unanswered(first);
        assertEquals("::1", upstream.dialled().host());
        // Two calls that failed at the same address move it once.
        upstream.unanswered(first);
        assertEquals("::1", upstream.dialled().host());
        assertEquals("localhost", upstream.address().host());
        assertEquals(
                "127.0.0.2",
                ConfiguredUpstreams.foundry("http://127.0.0.2:1").dialled().host());
    }

    @Test
    void aConfiguredDialectIsNotRecognisedAnew() {
        Upstream upstream = ConfiguredUpstreams.foundry("http://127.0.0.1:1", "dialect", "foundry-1x");
        upstream.recognised(ServerKind.of(Dialect.FOUNDRY_2X));
        assertEquals(Dialect.FOUNDRY_1X, upstream.dialect());
        Upstream auto = ConfiguredUpstreams.foundry("http://127.0.0.1:1");
        auto.recognised(ServerKind.of(Dialect.FOUNDRY_2X));
        assertEquals(Dialect.FOUNDRY_2X, auto.dialect());
        assertTrue(auto.alwaysStream());
    }

    private static int tokens(String request, String... settings) {
        return new JsonObject(sent(Dialect.OPENAI, request, settings).body()).getInteger("max_tokens");
    }

    private static UpstreamCall sent(Dialect dialect, String request, String... settings) {
        return DialectCalls.chat(dialect, request, settings);
    }
}
