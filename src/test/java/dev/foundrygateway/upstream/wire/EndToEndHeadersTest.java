package dev.foundrygateway.upstream.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of a client's headers a model server gets. */
class EndToEndHeadersTest {
    @Test
    void whatDescribesTheBodyTheLibraryAndTracesGoes() {
        Set<String> names = Set.of(
                "accept",
                "accept-language",
                "content-type",
                "user-agent",
                "openai-beta",
                "anthropic-version",
                "anthropic-beta",
                "x-stainless-lang",
                "x-stainless-new",
                "traceparent",
                "tracestate",
                "baggage");
        assertEquals(new TreeSet<>(names), sent(names, Set.of()));
    }

    @Test
    void credentialsAndWhoTheClientIsStayHere() {
        assertEquals(
                Set.of(),
                sent(
                        Set.of(
                                "authorization",
                                "cookie",
                                "x-api-key",
                                "cf-access-jwt-assertion",
                                "cf-access-client-secret",
                                "x-goog-iap-jwt-assertion",
                                "x-amzn-oidc-data",
                                "x-auth-request-email",
                                "x-auth-request-access-token",
                                "x-ms-client-principal",
                                "x-ms-token-aad-access-token",
                                "helicone-auth",
                                "private-token",
                                "x-vault-token",
                                "openai-organization",
                                "openai-project",
                                "idempotency-key",
                                "http-referer",
                                "x-title",
                                "range",
                                "if-none-match",
                                "if-match",
                                "cache-control",
                                "x-anything"),
                        Set.of()));
    }

    @Test
    void whatIsNamedGoesTooAndWhatConnectionNamesDoesNot() {
        assertEquals(Set.of("X-Tenant"), sent(Set.of("X-Tenant", "X-Other"), Set.of("x-tenant")));
        MultiMap client = MultiMap.caseInsensitiveMultiMap()
                .add("Connection", "accept, x-tenant")
                .add("Accept", "text/plain")
                .add("X-Tenant", "a");
        assertTrue(EndToEndHeaders.ofRequest(client, Set.of("x-tenant")).isEmpty());
    }

    @Test
    void namesAreCheckedAndInLowerCase() {
        assertEquals(
                Set.of("x-tenant", "helicone-auth"),
                EndToEndHeaders.checked("s", List.of(" X-Tenant", "Helicone-Auth")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x y",
                "x:",
                "Content-Length",
                "connection",
                "Host",
                "Authorization",
                "accept-encoding",
                "Range",
                "If-None-Match",
                "X-Gateway-Rag",
                "x-forwarded-for",
                "x-request-id"
            })
    void whatNeverGoesCannotBeNamed(String name) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> EndToEndHeaders.checked("the.setting", List.of(name)));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("the.setting: "), refused.getMessage());
    }

    private static Set<String> sent(Set<String> names, Set<String> more) {
        MultiMap client = MultiMap.caseInsensitiveMultiMap();
        names.forEach(name -> client.add(name, "a"));
        Set<String> sent = new TreeSet<>();
        for (Map.Entry<String, String> header : EndToEndHeaders.ofRequest(client, more)) {
            sent.add(header.getKey());
        }
        return sent;
    }
}
