package dev.foundrygateway.upstream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.upstream.foundry.ModelServer;
import dev.foundrygateway.upstream.foundry.ModelServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Whom the gateway believes behind an https address, and what it says of the others. */
@QuarkusTest
@QuarkusTestResource(value = TlsFoundries.class, restrictToAnnotatedClass = true)
class UpstreamTlsQuarkusTest {
    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Inject
    Upstreams upstreams;

    @Inject
    UpstreamProbe probe;

    @Inject
    ModelServers servers;

    private Reply ask(String model) {
        return new GatewayClient(port)
                .chat("{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    }

    private void assertUnreachable(String model, String... told) {
        Reply reply = ask(model);
        assertEquals(502, reply.status(), reply.body());
        assertTrue(reply.body().contains("\"code\":\"upstream_unreachable\""), reply.body());
        assertTrue(reply.body().contains(upstream(model).address().toString()), reply.body());
        for (String text : told) {
            assertTrue(reply.body().contains(text), reply.body());
        }
    }

    private Upstream upstream(String name) {
        return upstreams.named("test", name);
    }

    @Test
    void aServerOfAKnownAuthorityAnswersBothClients() throws Exception {
        for (String name : new String[] {"known", "shown"}) {
            Reply reply = ask(name);
            assertEquals(200, reply.status(), reply.body());
            assertTrue(reply.body().contains("over TLS"), reply.body());
            assertEquals(
                    200,
                    servers.ask(upstream(name), Duration.ofSeconds(20), ModelServer::models)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(30, SECONDS)
                            .status());
            await().until(() -> probe.isUp(upstream(name)));
        }
    }

    @Test
    void anUnknownAuthorityIsToldAsThatWithItsNameAndTheSettings() {
        assertUnreachable(
                "unknown",
                "comes from a certificate authority (CN=Our own authority) that is not known here",
                "gateway.upstreams.unknown.tls-configuration",
                "quarkus.tls.<name>.trust-store.pem.certs");
    }

    @Test
    void aCertificateOfAnotherHostIsToldAsThat() {
        assertUnreachable("othername", "127.0.0.1", "gateway.upstreams.othername.url");
    }

    @Test
    void aServerThatWantsAClientCertificateIsToldAsThat() {
        assertUnreachable("mutual", "wants a client certificate", "quarkus.tls.ours.key-store.p12.path");
    }

    @Test
    void aServerWithoutTlsIsToldAsThat() {
        assertUnreachable("clear", "does not speak TLS", "gateway.upstreams.clear.url");
    }
}
