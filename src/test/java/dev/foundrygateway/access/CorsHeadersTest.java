package dev.foundrygateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsHeadersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization",
                "content-type",
                "x-request-id",
                "x-gateway-rag",
                "x-gateway-escalate",
                "x-gateway-priority",
                "openai-organization",
                "openai-project",
                "openai-beta",
                "idempotency-key",
                "x-stainless-helper-method",
                "x-stainless-timeout"
            })
    void nameIsAllowedUnasked(String name) {
        assertTrue(List.of(CorsHeaders.with(List.of()).allowed("").split(", ", -1)).contains(name));
    }

    @Test
    void newMemberOfAKnownFamilyIsAllowedWhenAskedFor() {
        assertEquals(
                CorsHeaders.with(List.of()).allowed("") + ", x-stainless-new, openai-new",
                CorsHeaders.with(List.of()).allowed("Authorization, X-Stainless-New , cookie,openai-new, x-forwarded-for"));
    }

    @Test
    void answerStaysSmallWhateverIsAsked() {
        StringBuilder asked = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            asked.append("x-stainless-").append(i).append(',');
        }
        assertTrue(CorsHeaders.with(List.of()).allowed(asked.toString()).length() < 2_000);
    }

    @Test
    void nameThatWouldBreakTheHeaderIsLeftOut() {
        assertFalse(CorsHeaders.with(List.of()).allowed("x-stainless-a\r\nset-cookie: b").contains("set-cookie"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Request-Id", "X-Gateway-Model", "X-Gateway-Sources", "Server-Timing", "Retry-After"})
    void replyHeaderIsExposed(String name) {
        assertTrue(List.of(CorsHeaders.EXPOSED.split(", ", -1)).contains(name));
    }

    @Test
    void configuredNamesAreAllowedWhenAskedFor() {
        CorsHeaders headers = CorsHeaders.with(List.of("X-Acme-*", "X-One"));
        String allowed = headers.allowed("x-acme-key, X-ONE, x-two");
        assertTrue(allowed.endsWith(", x-acme-key, x-one"), allowed);
        assertTrue(CorsHeaders.with(List.of("*")).allowed("x-two").endsWith(", x-two"));
        assertThrows(
                IllegalArgumentException.class, () -> CorsHeaders.with(List.of("x y")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-referer", "x-title", "dangerously-allow-browser", "anthropic-version", "api-key", "traceparent"})
    void headersOfBrowserClientsAreAllowedUnasked(String name) {
        assertTrue(List.of(CorsHeaders.with(List.of()).allowed("").split(", ", -1)).contains(name));
    }
}
