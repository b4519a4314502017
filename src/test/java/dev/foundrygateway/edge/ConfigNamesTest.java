package dev.foundrygateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigNamesTest {
    @Test
    void misspeltPrefixesAreFoundAndOthersAreNot() {
        assertEquals(
                List.of("gateway.acces.origins", "gateway.upstream.foundry.url"),
                ConfigNames.unknown(List.of(
                        "gateway.upstream.foundry.url",
                        "gateway.upstreams.foundry.url",
                        "gateway.acces.origins",
                        "gateway.sse.keep-alive",
                        "quarkus.http.port",
                        "gatewayx.y")));
    }
}
