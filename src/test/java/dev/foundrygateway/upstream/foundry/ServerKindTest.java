package dev.foundrygateway.upstream.foundry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.testing.Recording;
import dev.foundrygateway.upstream.repair.Dialect;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
        assertEquals("oldLoad[a b:1, 600]", asked(server -> old.load(server, "a b:1")));
        assertEquals("oldUnload[a]", asked(server -> old.unload(server, "a")));
        assertEquals("oldModels[]", asked(old::list));
        assertEquals("oldLoaded[]", asked(old::loaded));
        assertEquals("oldStatus[]", asked(old::status));
        assertEquals(List.of("id:1"), old.loadNames("id:1", aliases));
        ServerKind core = ServerKind.of(Dialect.FOUNDRY_2X);
        assertEquals("load[phi-4-mini]", asked(server -> core.load(server, "phi-4-mini")));
        assertEquals("unload[phi-4-mini]", asked(server -> core.unload(server, "phi-4-mini")));
        assertEquals(List.of("phi-4-mini", "id:1"), core.loadNames("id:1", aliases));
    }

    /** The call that is made, and what with. */
    private static String asked(Consumer<ModelServer> call) {
        List<String> asked = new ArrayList<>();
        call.accept((ModelServer) Proxy.newProxyInstance(
                ModelServer.class.getClassLoader(), new Class<?>[] {ModelServer.class}, (proxy, method, arguments) -> {
                    asked.add(method.getName() + (arguments == null ? "[]" : Arrays.toString(arguments)));
                    return Uni.createFrom().nothing();
                }));
        return String.join(" ", asked);
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
