package dev.foundrygateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostRulesTest {
    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "localhost:5274, true",
        "LocalHost:5274, true",
        "localhost., true",
        "localhost.:5274, true",
        "127.0.0.1, true",
        "127.0.0.1:5274, true",
        "[::1], true",
        "[::1]:5274, true",
        "app.localhost, true",
        "a.b.localhost:80, true",
        "evil.example, false",
        "evil.example:5274, false",
        "localhost.evil.example, false",
        "evillocalhost, false",
        ".localhost, false",
        "127.0.0.1.evil.example, false",
        "127.0.0.2, false",
        "0.0.0.0:5274, false",
        "192.168.1.5:5274, false",
        "::1, false",
        "[::1, false",
        "[::1]x:80, false",
        "[::2]:80, false",
        "localhost:, false",
        "localhost:port, false",
        "localhost:123456, false",
        "localhost:80:80, false",
        "user@localhost, false",
        "user@app.localhost, false",
        "evil.example/app.localhost, false",
        "'evil.example, app.localhost', false",
        ":5274, false",
        "'', false"
    })
    void onLoopbackAHostIsTaken(String host, boolean allowed) {
        assertEquals(allowed, HostRules.of("127.0.0.1", List.of()).allows(host));
    }

    @ParameterizedTest
    @CsvSource({
        "gateway.lan, gateway.lan, true",
        "gateway.lan, Gateway.LAN:5274, true",
        "gateway.lan, gateway.lan.:80, true",
        "gateway.lan, a.gateway.lan, false",
        "gateway.lan:5274, gateway.lan:5274, true",
        "gateway.lan:5274, gateway.lan, false",
        "gateway.lan:5274, gateway.lan:80, false",
        "*.example.com, a.example.com:80, true",
        "*.example.com, a.b.example.com, true",
        "*.example.com, example.com, false",
        "*.example.com, evilexample.com, false",
        "192.168.1.5, 192.168.1.5:5274, true",
        "[fe80::1], [FE80::1]:5274, true",
        "*, evil.example, true",
        "gateway.lan, localhost:5274, true",
        "gateway.lan, evil.example, false"
    })
    void configuredNameIsTaken(String entry, String host, boolean allowed) {
        assertEquals(allowed, HostRules.of("127.0.0.1", List.of(entry)).allows(host));
    }

    @Test
    void onAnotherAddressHostsAreCheckedOnlyWhenConfigured() {
        assertTrue(HostRules.of("0.0.0.0", List.of()).allows("anything.example"));
        assertFalse(HostRules.of("0.0.0.0", List.of()).checks());
        assertTrue(HostRules.of("0.0.0.0", List.of("gateway.lan")).allows("gateway.lan"));
        assertTrue(HostRules.of("0.0.0.0", List.of("gateway.lan")).allows("localhost"));
        assertFalse(HostRules.of("0.0.0.0", List.of("gateway.lan")).allows("anything.example"));
    }

    @Test
    void loopbackAddressThatIsBoundToIsAName() {
        assertTrue(HostRules.of("127.0.0.2", List.of()).allows("127.0.0.2:5274"));
        assertTrue(HostRules.of("::1", List.of()).allows("[::1]:5274"));
        assertTrue(HostRules.of("[::1]", List.of()).allows("[::1]:5274"));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.8.9.10, true",
        "localhost, true",
        "::1, true",
        "[::1], true",
        "0.0.0.0, false",
        "::, false",
        "192.168.1.5, false"
    })
    void bindAddressIsLoopback(String address, boolean loopback) {
        assertEquals(loopback, HostRules.isLoopback(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://gateway.lan", "gateway.lan/", "*gateway.lan", "a.*.lan", "gateway.lan:*", "a b", ""})
    void malformedEntryFailsNamingTheSetting(String entry) {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> HostRules.of("127.0.0.1", List.of(entry)))
                        .getMessage());
        assertTrue(message.startsWith("gateway.access.hosts: \"" + entry + "\""), message);
    }
}
