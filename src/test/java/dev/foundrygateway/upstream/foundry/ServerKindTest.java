package dev.foundrygateway.upstream.foundry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.testing.Recording;
import dev.foundrygateway.upstream.repair.Dialect;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerKindTest {
    @Test
    void generationsAreToldApartByTheirStatus() {
        assertEquals(Optional.of(Dialect.FOUNDRY_2X), dialect("runtime-2.2.1/01-status"));
        assertEquals(Optional.of(Dialect.FOUNDRY_1X), dialect("runtime-1.2.4/01-status"));
        assertEquals(
                Optional.empty(), ServerKind.ofStatus("{\"error\":\"Unexpected endpoint. Returning 200 anyway\"}"));
        String old = "{\"Endpoints\":[],\"ModelDirPath\":\"x\",\"PipeName\":null}";
        assertEquals(Dialect.FOUNDRY_0X, ServerKind.ofOldStatus(old).dialect());
        assertEquals(Dialect.OPENAI, ServerKind.ofOldStatus("").dialect());
    }

    private static Optional<Dialect> dialect(String recording) {
        return ServerKind.ofStatus(Recording.named(recording).body().toString()).map(ServerKind::dialect);
    }

    @Test
    void eachKindLoadsInItsOwnForm() {
        List<String> aliases = List.of("phi-4-mini");
        ServerKind old = ServerKind.of(Dialect.FOUNDRY_0X);
        assertEquals("/openai/load/a%20b:1?ttl=600", old.loadPath("a b:1"));
        assertEquals("/openai/unload/a", old.unloadPath("a"));
        assertEquals(List.of("id:1"), old.loadNames("id:1", aliases));
        ServerKind core = ServerKind.of(Dialect.FOUNDRY_2X);
        assertEquals("/models/load/phi-4-mini", core.loadPath("phi-4-mini"));
        assertEquals(List.of("phi-4-mini", "id:1"), core.loadNames("id:1", aliases));
    }

    @Test
    void aPlainServerLoadsNothingAndTakesAnyNameAndAnyNumberOfCalls() {
        ServerKind plain = ServerKind.of(Dialect.OPENAI);
        assertFalse(plain.loads() || plain.closedList() || plain.idsSpeak());
        assertEquals(0, plain.slots());
        for (Dialect dialect : List.of(Dialect.FOUNDRY_0X, Dialect.FOUNDRY_1X, Dialect.FOUNDRY_2X)) {
            assertTrue(ServerKind.of(dialect).loads() && ServerKind.of(dialect).closedList());
            assertEquals(8, ServerKind.of(dialect).slots());
        }
    }
}
