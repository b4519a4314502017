package dev.foundrygateway.start;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every sentence of ours about a setting is one line, however deep it lies and whatever name of one's own is in it. */
class StartFailureTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            gateway.hybrid.hybrid.sticky needs mode=fallback: refine mode has no score | gateway.hybrid.hybrid.sticky | needs mode=fallback: refine mode has no score
            gateway.hybrid.hybrid.learn.enabled needs mode=fallback | gateway.hybrid.hybrid.learn.enabled | needs mode=fallback
            gateway.hybrid.a.b.flags has the pattern /(/: Unclosed group | gateway.hybrid.a.b.flags | has the pattern /(/: Unclosed group
            gateway.models."qwen/q3".fallback: hybrid must be another model | gateway.models."qwen/q3".fallback | hybrid must be another model
            gateway.models.qwen/q3.fallback: hybrid must be another model | gateway.models.qwen/q3.fallback | hybrid must be another model
            gateway.access.api-keys.team a.sha256 must be a SHA-256 | gateway.access.api-keys.team a.sha256 | must be a SHA-256
            gateway.access.api-keys."team is here".sha256 must be a SHA-256 | gateway.access.api-keys."team is here".sha256 | must be a SHA-256
            gateway.upstreams.a.url holds a password | gateway.upstreams.a.url | holds a password
            gateway.retrieval.stores.x.folder is no folder: /a b | gateway.retrieval.stores.x.folder | is no folder: /a b
            gateway.retrieval.x will never work so | gateway.retrieval.x | will never work so
            quarkus.tls.a cannot be used for OpenSearch | quarkus.tls.a | cannot be used for OpenSearch
            GATEWAY_PORT must be a port | GATEWAY_PORT | must be a port
            """)
    void oursAreTold(String message, String key, String problem) {
        RuntimeException deep = new RuntimeException(
                "Failed to start", new IllegalStateException("a bean", new IllegalArgumentException(message)));
        assertEquals(Optional.of(List.of(new Fault(key, problem))), StartFailure.faults(deep));
    }

    @Test
    void othersAreNot() {
        for (String message : List.of("gatewayed", "the gateway.is closed", "null", "quarkus is away", "BUG at: x")) {
            assertEquals(Optional.empty(), StartFailure.faults(new IllegalStateException(message)), message);
        }
    }
}
