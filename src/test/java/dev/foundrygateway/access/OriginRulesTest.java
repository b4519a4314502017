package dev.foundrygateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Trust;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginRulesTest {
    private static final String HOST = "127.0.0.1:5274";

    @ParameterizedTest
    @CsvSource({
        "null, OPAQUE",
        "http://127.0.0.1:5274, SAME_ORIGIN",
        "http://localhost, LOCAL",
        "http://localhost:3000, LOCAL",
        "https://localhost:8443, LOCAL",
        "http://127.0.0.1:8080, LOCAL",
        "http://[::1]:3000, LOCAL",
        "https://[::1], LOCAL",
        "http://LOCALHOST:3000, LOCAL",
        "https://evil.example, DENIED",
        "http://localhost.evil.example, DENIED",
        "http://localhost:3000.evil.example, DENIED",
        "http://evil-localhost:3000, DENIED",
        "http://127.0.0.1.evil.example, DENIED",
        "http://0.0.0.0:3000, DENIED",
        "ftp://localhost, DENIED",
        "chrome-extension://localhost, DENIED",
        "http://user@localhost:3000, DENIED",
        "http://localhost:3000/, DENIED",
        "http://localhost:3000/path, DENIED",
        "http://localhost:, DENIED",
        "http://localhost:port, DENIED",
        "http://localhost:123456, DENIED",
        "http://localhost#x, DENIED",
        "'http://localhost:3000, http://evil.example', DENIED",
        "'http://localhost:3000 ', DENIED",
        "'null, null', DENIED",
        "NULL, DENIED",
        "localhost:3000, DENIED",
        "//localhost, DENIED",
        "http://, DENIED",
        "file://, DENIED",
        "*, DENIED"
    })
    void originIsTrustedByDefaultAs(String origin, Trust expected) {
        assertEquals(expected, OriginRules.of(List.of()).trust(origin, HOST));
    }

    @ParameterizedTest
    @CsvSource({
        "http://gateway.lan:5274, gateway.lan:5274, SAME_ORIGIN",
        "http://gateway.lan:5274, GATEWAY.lan:5274, SAME_ORIGIN",
        "http://gateway.lan, gateway.lan, SAME_ORIGIN",
        "http://gateway.lan, gateway.lan:80, SAME_ORIGIN",
        "https://gateway.lan, gateway.lan, SAME_ORIGIN",
        "https://gateway.lan, gateway.lan:443, SAME_ORIGIN",
        "http://[::1]:5274, [::1]:5274, SAME_ORIGIN",
        "http://localhost.:5274, localhost.:5274, SAME_ORIGIN",
        "http://gateway.lan:5275, gateway.lan:5274, DENIED",
        "http://gateway.lan, gateway.lan:5274, DENIED",
        "http://gateway, gateway.lan, DENIED",
        "http://gateway.lan, gateway, DENIED",
        "http://localhost:5274, 127.0.0.1:5274, LOCAL",
        "app://gateway.lan, gateway.lan, DENIED",
        "http://gateway.lan, '', DENIED"
    })
    void pageOfTheGatewayItselfIsKnownByTheHost(String origin, String host, Trust expected) {
        assertEquals(expected, OriginRules.of(List.of()).trust(origin, host));
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example.com, https://app.example.com, CONFIGURED",
        "https://app.example.com, https://APP.example.com, CONFIGURED",
        "https://app.example.com, https://app.example.com:443, CONFIGURED",
        "https://app.example.com:443, https://app.example.com, CONFIGURED",
        "https://app.example.com, http://app.example.com, DENIED",
        "https://app.example.com, https://app.example.com:8443, DENIED",
        "https://app.example.com, https://appxexample.com, DENIED",
        "https://*.example.com, https://a.example.com, CONFIGURED",
        "https://*.example.com, https://a.b.example.com, CONFIGURED",
        "https://*.example.com, https://example.com, DENIED",
        "https://*.example.com, https://evilexample.com, DENIED",
        "https://*.example.com, https://a.example.com.evil.org, DENIED",
        "https://*.example.com, https://a.example.com:8443, DENIED",
        "https://*.example.com:*, https://a.example.com:8443, CONFIGURED",
        "https://app-*-team.example.com, https://app-1f3-team.example.com, CONFIGURED",
        "https://app-*-team.example.com, https://app-1.evil-team.example.com, DENIED",
        "http://192.168.1.*:3000, http://192.168.1.7:3000, CONFIGURED",
        "http://192.168.1.*:3000, http://192.168.1.7.evil.org:3000, DENIED",
        "http://host:*, http://host, CONFIGURED",
        "http://host:*, http://host:9000, CONFIGURED",
        "http://*:3000, http://anything.example:3000, CONFIGURED",
        "http://localhost:3000, http://localhost:3000, CONFIGURED",
        "http://localhost:3000, http://localhost:3001, LOCAL",
        "http://[fe80::1]:3000, http://[fe80::1]:3000, CONFIGURED",
        "chrome-extension://abcdefgh, chrome-extension://abcdefgh, CONFIGURED",
        "vscode-webview://*, vscode-webview://0a1b, CONFIGURED",
        "null, null, CONFIGURED",
        "*, https://anything.example, CONFIGURED",
        "*, null, CONFIGURED",
        "*, https://user@anything.example, DENIED"
    })
    void configuredEntryLetsIn(String entry, String origin, Trust expected) {
        assertEquals(expected, OriginRules.of(List.of(entry)).trust(origin, HOST));
    }

    @Test
    void severalEntriesAreAlternatives() {
        OriginRules rules = OriginRules.of(List.of("https://a.example", "https://b.example"));
        assertEquals(Trust.CONFIGURED, rules.trust("https://b.example", HOST));
        assertEquals(Trust.OPAQUE, rules.trust("null", HOST));
        assertFalse(rules.letsEveryoneIn());
    }

    @Test
    void loneStarIsTold() {
        assertTrue(OriginRules.of(List.of("*")).letsEveryoneIn());
    }

    @Test
    void endlessOriginIsDenied() {
        assertEquals(Trust.DENIED, OriginRules.of(List.of("*")).trust("http://" + "a".repeat(10_000), HOST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "https://example.com/",
                "https://example.com/app",
                "https://*example.com",
                "https://user@example.com",
                "*://example.com",
                "https://example.com:80*",
                "https://exa mple.com",
                "https://",
                "/https://.*/",
                ""
            })
    void malformedEntryFailsNamingTheSetting(String entry) {
        String message =
                String.valueOf(assertThrows(IllegalArgumentException.class, () -> OriginRules.of(List.of(entry)))
                        .getMessage());
        assertTrue(message.startsWith("gateway.access.origins: \"" + entry + "\""), message);
    }
}
