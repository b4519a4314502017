package dev.foundrygateway.edge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.upstream.Upstream;
import dev.foundrygateway.upstream.UpstreamAddress;
import dev.foundrygateway.upstream.UpstreamProbe;
import dev.foundrygateway.upstream.Upstreams;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What a gateway says of itself whose settings name another model server than Foundry Local. */
@QuarkusTest
@TestProfile(OneOtherServerQuarkusTest.Alone.class)
class OneOtherServerQuarkusTest {
    /** Without the servers that other tests share. */
    public static final class Alone implements QuarkusTestProfile {
        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(OneOtherServer.class));
        }
    }

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Inject
    Upstreams upstreams;

    @Inject
    UpstreamProbe probe;

    @Inject
    StartWarnings warnings;

    @Test
    void modelsAndStoresThatSettingsNameAndNobodyHasAreToldAtTheStart() {
        await().untilAsserted(() -> assertEquals(
                List.of(
                        "gateway.hybrid.judged.decision-model: nobody serves nobodys-judge now; load that model, or name another",
                        "gateway.messages.models.claude: nobody serves nobodys-model now; load that model, or name another",
                        "gateway.models.gpt-oss-20b.fallback: nobody serves nobodys-model now; load that model, or name another",
                        "gateway.retrieval.embedding-model: nobody serves nobodys-vectors now; load that model, or name another"),
                warnings.warnings()));
        assertEquals(
                List.of(
                        "gateway.upstreams.away.url: no model server answers at http://127.0.0.1:1/v1; start it, or set its address"),
                warnings.absent());
        assertEquals(
                List.of(
                        "gateway.models.phi-4-mini.default-store: there is no vector store handbok, so chats of phi-4-mini get a 404; make the store, or name one that there is"),
                warnings.storeless());
        Reply chat = new GatewayClient(port)
                .chat("{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertEquals(404, chat.status(), chat::body);
        assertTrue(chat.body().contains("vector_store_not_found"), chat::body);
    }

    @Test
    void aFoundryLocalThatNobodyAskedForIsMissedByNobodyAndCountsOnceItIsThere() {
        Upstream foundry = upstreams.named("test", Upstreams.FOUNDRY);
        assumeTrue(!probe.isUp(foundry), "a model server runs at port 5273 of this machine");
        await().until(() -> health().getString("status").equals("ok"));
        assertEquals(List.of("away", "only"), names());
        assertTrue(get("/q/health/ready").contains("\"only\": \"up at "), get("/q/health/ready"));
        assertFalse(get("/q/health/ready").contains("foundry"), get("/q/health/ready"));
        assertFalse(get("/metrics").contains("upstream=\"foundry\""));
        assertEquals("1.0", metric("only"), "before any call");

        foundry.moveTo(UpstreamAddress.parse("test", OneOtherServer.url()));
        await().untilAsserted(() -> assertEquals(List.of("foundry", "away", "only"), names()));
        await().until(() -> metric("foundry").equals("1.0"));

        // From now on it is missed where it is gone.
        foundry.moveTo(UpstreamAddress.parse("test", "http://127.0.0.1:1/v1"));
        await().until(() -> metric("foundry").equals("0.0"));
        assertEquals(List.of("foundry", "away", "only"), names());
    }

    private JsonObject health() {
        return new JsonObject(get("/health"));
    }

    private List<String> names() {
        return health().getJsonArray("upstreams").stream()
                .map(one -> ((JsonObject) one).getString("name"))
                .toList();
    }

    /** Whether it is up, as the metrics have it; empty where they have no such upstream. */
    private String metric(String upstream) {
        String series = "gateway_upstream_up{upstream=\"" + upstream + "\"} ";
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(series))
                .map(line -> line.substring(series.length()))
                .findFirst()
                .orElse("");
    }

    private String get(String path) {
        return new GatewayClient(port).send("GET", path, "").body();
    }
}
