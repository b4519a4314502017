package dev.foundrygateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.upstream.foundry.IdleUnload;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** An upstream of two addresses; a model that is warmed up at the start and unloaded when nobody calls it. */
@QuarkusTest
@QuarkusTestResource(value = TwoFoundries.class, restrictToAnnotatedClass = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeveralAddressesQuarkusTest {
    private static final String STREAM =
            "{\"model\":\"phi-4-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String FIRST =
            "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"first\"}}]}";

    private final PracticeUpstream first = TwoFoundries.running().get(0);
    private final PracticeUpstream second = TwoFoundries.running().get(1);

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Inject
    IdleUnload idleUnload;

    @Test
    @Order(1)
    void theModelIsLoadedAndCalledOnceAtTheStart() {
        await().until(() -> chats(first) + chats(second) == 1);
        assertEquals(1, first.loads("phi-4-mini") + second.loads("phi-4-mini"));
        assertTrue(
                first.received().stream().anyMatch(received -> received.text().contains("\"max_tokens\":1")));
    }

    @Test
    @Order(2)
    void aModelThatNobodyCallsIsUnloaded() {
        await().until(() -> {
            idleUnload.unloadIdle();
            return first.received().stream()
                    .anyMatch(received -> received.path().equals("/models/unload/phi-4-mini"));
        });
    }

    @Test
    @Order(3)
    void aSecondCallGoesWhereNoneIsUnderWay() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        for (PracticeUpstream server : TwoFoundries.running()) {
            server.script(received -> received.path().endsWith("/chat/completions")
                    ? Optional.of(Script.start().stream()
                            .event(FIRST)
                            .await(gate)
                            .done()
                            .end())
                    : Optional.empty());
        }
        int before = chats(second);
        try (GatewayClient.Live one = open()) {
            assertTrue(one.readUntil("first").contains("first"));
            // Only then: two that come at the same moment may both find the first idle.
            try (GatewayClient.Live other = open()) {
                assertTrue(other.readUntil("first").contains("first"));
                assertEquals(before + 1, chats(second));
                gate.complete(null);
            }
        }
        first.clear();
        second.clear();
    }

    @Test
    @Order(4)
    void anAddressThatIsGoneIsPassedOver() {
        first.close();
        for (int i = 0; i < 6; i++) {
            assertEquals(200, new GatewayClient(port).chat(STREAM).status());
        }
        assertTrue(chats(second) >= 6);
    }

    private GatewayClient.Live open() {
        return new GatewayClient(port).open("POST", "/v1/chat/completions", STREAM, "Content-Type", "application/json");
    }

    private static int chats(PracticeUpstream server) {
        return (int) server.received().stream()
                .filter(received -> received.path().endsWith("/chat/completions"))
                .count();
    }
}
