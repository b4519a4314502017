package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Live;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code /v1/gateway/exchanges}: what runs now and ran lately, on the wire. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
@Timeout(30)
@TestProfile(LiveExchangesQuarkusTest.Settings.class)
class LiveExchangesQuarkusTest {
    private static final String PATH = "/v1/gateway/exchanges";
    private static final String STREAM =
            "{\"model\":\"phi-4-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"my secret\"}]}";
    private static final String PLAIN = STREAM.replace("\"stream\":true,", "");

    /** One slot, so that the second call waits; three records; the SHA-256 of "free" and "few" as keys. */
    public static class Settings implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "gateway.upstreams.foundry.concurrency",
                    "1",
                    "gateway.records.size",
                    "3",
                    "gateway.models.phi-4-mini.price.output",
                    "1000",
                    "gateway.access.api-keys.free.sha256",
                    "ad95d5fa651ba86d8923fe1238d24a4f1988a752acfe426ac72ac7c04471bc17",
                    "gateway.access.api-keys.free.areas",
                    "operate",
                    "gateway.access.api-keys.few.sha256",
                    "fa95e5080882f52bd40ccab2dee9c88c4d1fad7ad1093f93a0edcd8fb42d2bee");
        }
    }

    private final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    @Test
    void oneThatRunsIsSeenWithItsTokensAndOneThatWaitsWithItsPlace() {
        CompletableFuture<String> gate = new CompletableFuture<>();
        twoTokensAndThen(gate);
        try (Live first = open("live-1", "few");
                Live second = openWaiting("live-2")) {
            JsonObject running = running("live-1");
            assertEquals("answering", running.getString("state"));
            assertEquals("few", running.getString("key"));
            assertEquals("phi-4-mini", running.getString("model"));
            assertTrue(running.getString("client").startsWith("127.0.0.1"), running::encode);
            assertEquals("foundry", running.getString("upstream"));
            assertEquals("direct", running.getString("route"));
            assertEquals(2, running.getInteger("tokens"));
            assertTrue(running.getDouble("first_token_ms") <= running.getDouble("total_ms"), running::encode);
            JsonObject waiting = running("live-2");
            assertEquals("queued", waiting.getString("state"));
            assertEquals(1, waiting.getInteger("queue_place"));
            assertFalse(waiting.containsKey("route"), waiting::encode);
            assertFalse(list("free", "").encode().contains("secret"));
            // A key without the area gets its own alone.
            assertEquals(1, list("few", "").getJsonArray("running").size());
            assertEquals(1, list("few", "?key=free").getJsonArray("running").size());
            gate.complete("");
            first.readUntil("[DONE]");
            second.readUntil("[DONE]");
        }
        JsonObject ended = finished("?id=live-2");
        assertEquals("ok", ended.getString("outcome"));
        assertEquals(200, ended.getInteger("status"));
        assertEquals(2, ended.getInteger("tokens"));
        assertEquals(7, ended.getInteger("prompt_tokens"));
        assertEquals(0.002, ended.getDouble("cost"));
        assertTrue(ended.getJsonObject("timing").getDouble("queue") > 0, ended::encode);
    }

    @Test
    void anOperatorEndsAStreamAndItsClientIsTold() throws Exception {
        twoTokensAndThen(new CompletableFuture<>());
        try (Live client = open("to-end", "free")) {
            assertEquals(404, delete("to-end", "few").status());
            Reply reply = delete("to-end", "free");
            assertEquals(200, reply.status(), reply::body);
            assertEquals(1, new JsonObject(reply.body()).getInteger("cancelled"));
            assertTrue(client.readUntil("\"code\":\"cancelled\"").contains("operator cancelled"));
        }
        ReceivedRequest asked = upstream.received().stream()
                .filter(request -> request.method().equals("POST"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                ReceivedRequest.How.RESET,
                asked.ended().get(10, TimeUnit.SECONDS).how());
        JsonObject ended = finished("?id=to-end&outcome=cancelled");
        assertEquals("cancelled", ended.getString("error"));
        assertEquals(404, delete("to-end", "free").status());
    }

    @Test
    void oneThatHasNoHeadYetEndsWithAStatusThatNobodyTriesAgain() throws Exception {
        upstream.script(request ->
                request.method().equals("POST") ? Optional.of(Script.start().stall()) : Optional.empty());
        CompletableFuture<Reply> reply =
                CompletableFuture.supplyAsync(() -> send("POST", "/v1/chat/completions", PLAIN, "free", "no-head"));
        upstream.call(0).get(10, TimeUnit.SECONDS);
        assertEquals("waiting", running("no-head").getString("state"));
        assertEquals(200, delete("no-head", "free").status());
        assertEquals(499, reply.get(10, TimeUnit.SECONDS).status());
    }

    @Test
    void theLastOnesAreKeptAndFoundByTheirTraits() {
        for (int i = 1; i <= 5; i++) {
            send("POST", "/v1/chat/completions", PLAIN, "free", "kept-" + i);
        }
        JsonArray kept = list("free", "").getJsonArray("finished");
        assertEquals(3, kept.size());
        assertEquals("kept-5", kept.getJsonObject(0).getString("id"));
        assertEquals(1, list("free", "?limit=1").getJsonArray("finished").size());
        assertEquals(
                3,
                list("free", "?model=PHI-4-mini&key=free&outcome=ok")
                        .getJsonArray("finished")
                        .size());
        for (String other :
                new String[] {"?model=x", "?key=few", "?outcome=timeout", "?reason=x", "?slower_than=9e9"}) {
            assertEquals(0, list("free", other).getJsonArray("finished").size(), other);
        }
        for (String wrong :
                new String[] {"?limit=0", "?limit=1001", "?slower_than=x", "?outcome=fine", "?colour=red"}) {
            Reply reply = send("GET", PATH + wrong, "", "free", "wrong");
            assertEquals(400, reply.status(), wrong);
        }
        assertEquals(401, send("GET", PATH, "", "nobody", "x").status());
    }

    @Test
    void eventsTellWhatRunsAndWhatHasEndedSince() {
        CompletableFuture<String> gate = new CompletableFuture<>();
        twoTokensAndThen(gate);
        try (Live watcher = watch("free");
                Live client = open("watched", "free")) {
            assertTrue(watcher.readUntil("\"watched\"").contains("text/event-stream"));
            gate.complete("");
            client.readUntil("[DONE]");
            watcher.readUntil("\"finished\":[{\"id\":\"watched\"");
        }
    }

    @Test
    void aKeyThatSeesItsOwnAloneTakesFourOfThePlacesAndGivesThemBack() {
        List<Live> few = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            few.add(watch("few"));
            few.get(i).readUntil("gateway.exchanges");
        }
        try (Live fifth = watch("few");
                Live other = watch("free")) {
            assertTrue(fifth.readUntil("overloaded").contains("4 clients with this API key"));
            other.readUntil("gateway.exchanges");
        }
        few.forEach(Live::close);
        Awaitility.await().until(() -> {
            try (Live again = watch("few")) {
                return again.readUntil("}").contains("text/event-stream");
            }
        });
    }

    private Live watch(String key) {
        return new GatewayClient(port)
                .open("GET", PATH, "", "Accept", "text/event-stream", "Authorization", "Bearer " + key);
    }

    @Test
    void oneIsReadByItsIdByThoseWhoMaySeeIt() {
        send("POST", "/v1/chat/completions", PLAIN, "free", "single");
        JsonObject one =
                new JsonObject(send("GET", PATH + "/single", "", "free", "x").body());
        assertEquals("ok", one.getString("outcome"));
        assertFalse(one.containsKey("content") || one.containsKey("content_recorded"), one::encode);
        assertEquals(404, send("GET", PATH + "/single", "", "few", "x").status());
        assertEquals(404, send("GET", PATH + "/nobody", "", "free", "x").status());
    }

    @Test
    void theEndOfTheLogIsForOperators() {
        Logger.getLogger("live.test").warn("a line of the log");
        JsonObject log =
                new JsonObject(send("GET", "/v1/gateway/log", "", "free", "x").body());
        JsonObject line = log.getJsonArray("lines").stream()
                .map(JsonObject.class::cast)
                .filter(one -> one.getString("logger").equals("live.test"))
                .findFirst()
                .orElseThrow();
        assertEquals("a line of the log", line.getString("message"));
        assertEquals("WARN", line.getString("level"));
        assertEquals(403, send("GET", "/v1/gateway/log", "", "few", "x").status());
        try (Live watcher = new GatewayClient(port)
                .open("GET", "/v1/gateway/log", "", "Accept", "text/event-stream", "Authorization", "Bearer free")) {
            watcher.readUntil("a line of the log");
            Logger.getLogger("live.test").warn("a later line");
            watcher.readUntil("a later line");
        }
    }

    private void twoTokensAndThen(CompletableFuture<String> gate) {
        upstream.script(request -> request.method().equals("POST")
                ? Optional.of(Script.start().stream()
                        .event(RelayQuarkusTest.CHUNK.formatted("a"))
                        .event(RelayQuarkusTest.CHUNK.formatted("b"))
                        .await(gate)
                        .event(RelayQuarkusTest.FINISH)
                        .event(RelayQuarkusTest.USAGE.replace("3", "2"))
                        .done()
                        .end())
                : Optional.empty());
    }

    /** A stream whose two tokens have come. */
    private Live open(String id, String key) {
        Live live = openWaiting(id, key);
        live.readUntil("\"b\"");
        return live;
    }

    private Live openWaiting(String id) {
        return openWaiting(id, "free");
    }

    private Live openWaiting(String id, String key) {
        return new GatewayClient(port)
                .open(
                        "POST",
                        "/v1/chat/completions",
                        STREAM,
                        "Content-Type",
                        "application/json",
                        "X-Request-Id",
                        id,
                        "Authorization",
                        "Bearer " + key);
    }

    private JsonObject running(String id) {
        return seen("running", "?id=" + id);
    }

    private JsonObject finished(String query) {
        return seen("finished", query);
    }

    private JsonObject seen(String where, String query) {
        Predicate<JsonArray> there = found -> !found.isEmpty();
        return Awaitility.await()
                .until(() -> list("free", query).getJsonArray(where), there)
                .getJsonObject(0);
    }

    private JsonObject list(String key, String query) {
        Reply reply = send("GET", PATH + query, "", key, "looking");
        assertEquals(200, reply.status(), reply::body);
        return new JsonObject(reply.body());
    }

    private Reply delete(String id, String key) {
        return send("DELETE", PATH + "/" + id, "", key, "deleting-" + key);
    }

    private Reply send(String method, String path, String body, String key, String id) {
        return new GatewayClient(port)
                .send(
                        method,
                        path,
                        body,
                        "Content-Type",
                        "application/json",
                        "X-Request-Id",
                        id,
                        "Authorization",
                        "Bearer " + key);
    }
}
