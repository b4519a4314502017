package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;

/** What is sent to a model server beside the body, as it is configured. */
class UpstreamHeadersTest {
    private static final MultiMap CLIENT = MultiMap.caseInsensitiveMultiMap()
            .add("Authorization", "Bearer theirs")
            .add("OpenAI-Organization", "org")
            .add("OpenAI-Project", "proj")
            .add("X-Tenant", "t");

    @Test
    void theAccountGoesWhereTheClientsKeyGoes() {
        MultiMap sent = headers("forward-authorization", "true");
        assertEquals("Bearer theirs", sent.get("authorization"));
        assertEquals("org", sent.get("openai-organization"));
        assertEquals("proj", sent.get("openai-project"));
        for (String[] settings : new String[][] {{}, {"api-key", "ours", "forward-authorization", "true"}}) {
            MultiMap other = headers(settings);
            assertEquals(settings.length == 0 ? null : "Bearer ours", other.get("authorization"));
            assertTrue(!other.contains("openai-organization") && !other.contains("openai-project"), other.toString());
        }
    }

    @Test
    void aHeaderThatIsNamedGoesToThatServer() {
        assertEquals("t", headers("pass-headers", "x-tenant").get("X-Tenant"));
        assertTrue(!headers().contains("X-Tenant"));
        IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> headers("pass-headers", "x-tenant,host"));
        assertTrue(
                String.valueOf(wrong.getMessage()).startsWith("gateway.upstreams.foundry.pass-headers: host "),
                wrong.getMessage());
    }

    private static MultiMap headers(String... settings) {
        return UpstreamClient.headers(ConfiguredUpstreams.foundry("http://127.0.0.1:1/v1", settings), CLIENT, "r");
    }
}
