package dev.foundrygateway.edge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever route took a body, its memory is free when it has been answered: what is kept would lessen what all others may send, for ever. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class BodyMemoryQuarkusTest {
    @Inject
    BodyMemory memory;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        ScriptedUpstream.running().clear();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "/v1/gateway/compare; {\"models\":[\"phi-4-mini\",\"gpt-oss-20b\"],\"prompt\":\"why\"}; 200",
                "/v1/gateway/compare; {\"models\":7}; 400",
                "/v1/chat/completions; {\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}; 200",
                "/v1/chat/completions; {\"model\":\"nobody\",\"messages\":[]}; 404",
                "/v1/messages; {\"model\":\"phi-4-mini\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}; 200",
                "/v1/messages/count_tokens; {\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}; 200",
                "/v1/messages/count_tokens; {\"model\":7}; 400",
                "/v1/vector_stores; {\"name\":\"a\"}; 200",
                "/v1/vector_stores; {\"name\":7; 400"
            })
    void aBodysMemoryIsGivenBack(String path, String body, int status) {
        assertEquals(
                status,
                new GatewayClient(port)
                        .send("POST", path, body, "Content-Type", "application/json")
                        .status());
        await().atMost(Duration.ofSeconds(20)).until(() -> memory.held() == 0);
    }
}
