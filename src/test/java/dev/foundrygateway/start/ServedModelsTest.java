package dev.foundrygateway.start;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the doctor reads out of a gateway's two lists. */
class ServedModelsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            phi-4        | []                                     | true
            phi-4        | ["phi-4-mini"]                         | true
            phi-4        | ["phi-4-mini-generic-cpu:1"]           | true
            phi-4        | ["phi-4-generic-cpu:1"]                | false
            phi-4-mini   | ["Phi-4-mini-instruct-generic-gpu:5"]  | false
            phi-4-mini   | ["Phi-4-mini-instruct-cuda-gpu"]       | false
            phi-4-mini   | ["phi-4-mini-reasoning-generic-cpu:2"] | true
            qwen:7       | ["qwen-trtrtx-gpu:7"]                  | false
            Phi-4        | ["phi-4"]                              | false
            phi-4        | {"error":"none"}                       | false
            phi-4        | <html>                                 | false
            """)
    void aModelIsLackedOnlyIfItIsKnownThatNoVariantIsLoaded(String model, String loaded, boolean lacks) {
        assertEquals(lacks, ServedModels.of("{}", Optional.of(loaded)).lacks(model));
    }

    @Test
    void whereNobodyTellsNothingIsLacked() {
        assertEquals(false, ServedModels.of("{}", Optional.empty()).lacks("phi-4"));
    }

    @Test
    void whatIsNoEntryOrNoNumberIsLeftOut() {
        ServedModels served = ServedModels.of(
                "{\"data\":[1,\"a\",{\"id\":2},{\"id\":\"b\",\"context_length\":\"8192\"},{\"id\":\"c\",\"context_length\":4096}]}",
                Optional.empty());
        assertEquals(Set.of("b", "c"), served.names());
        assertEquals(Map.of("c", 4096L), served.contexts());
        for (String broken : new String[] {"", "[]", "{\"data\":{}}", "nonsense"}) {
            assertEquals(Set.of(), ServedModels.of(broken, Optional.empty()).names());
        }
    }
}
