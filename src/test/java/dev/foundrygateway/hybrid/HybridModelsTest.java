package dev.foundrygateway.hybrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Virtual models' names, and settings that are wrong. */
class HybridModelsTest {
    @ParameterizedTest
    @CsvSource({
        "threshold, 1.5, must be from 0 to 1",
        "target-share, -0.1, must be from 0 to 1",
        "hold.tokens, 0, must be 1 or more",
        "hold.time, 0s, must be greater than zero",
        "draft, hybrid, must not be the virtual model itself",
        "refine-prompt, Polish it, must have {draft} in it",
        "flags, /(/, has the pattern",
        "calibration, nowhere.json, cannot be read"
    })
    void aWrongSettingIsNamed(String key, String value, String said) {
        IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> new HybridModels(Bench.config(key, value)));
        String message = String.valueOf(wrong.getMessage());
        assertTrue(message.startsWith("gateway.hybrid.hybrid." + key), message);
        assertTrue(message.contains(said), message);
    }

    @Test
    void aThresholdAndAShareContradictEachOther() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new HybridModels(Bench.config("threshold", "0.4", "target-share", "0.2")));
    }

    @Test
    void theNameStaysTheSameWhateverShareIsAsked() {
        HybridModels models = new HybridModels(Bench.config());
        assertEquals(List.of("hybrid"), models.names());
        assertEquals("hybrid", models.nameOf("Hybrid@0.35"));
        assertEquals("", models.nameOf("phi-4-mini"));
    }
}
