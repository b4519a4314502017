package dev.foundrygateway.practice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PracticeConfigTest {
    private static PracticeConfig config(Map<String, String> properties) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(PracticeConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build();
        return config.getConfigMapping(PracticeConfig.class);
    }

    @Test
    void withoutPropertiesItIsTheDefault() {
        PracticeConfig config = config(Map.of());

        assertEquals(Optional.empty(), config.enabled());
        assertEquals(
                PracticeSettings.defaults().withFault(Fault.NONE, 10).withoutRecording(),
                PracticeConfig.settings(config));
    }

    @Test
    void delaysHoldForAllModelsAndNamesAreHyphenated() {
        PracticeConfig config = config(Map.of(
                "gateway.practice.enabled", "true",
                "gateway.practice.port", "5999",
                "gateway.practice.shape", "foundry-1x",
                "gateway.practice.first-token", "PT1S",
                "gateway.practice.per-token", "PT0.002S",
                "gateway.practice.fault", "error-event",
                "gateway.practice.fault-every", "3"));

        PracticeSettings settings = PracticeConfig.settings(config);

        assertEquals(Optional.of(true), config.enabled());
        assertEquals(5999, settings.port());
        assertEquals(Shape.FOUNDRY_1X, settings.shape());
        assertEquals(Fault.ERROR_EVENT, settings.fault());
        assertEquals(3, settings.faultEvery());
        assertEquals(2, settings.models().size());
        for (PracticeModel model : settings.models()) {
            assertEquals(Duration.ofSeconds(1), model.firstToken());
            assertEquals(Duration.ofMillis(2), model.perToken());
        }
    }

    @ParameterizedTest
    @CsvSource({"port, 65536", "fault-every, 0", "first-token, PT-1S", "per-token, PT-1S"})
    void aValueOutOfRangeIsNamed(String name, String value) {
        PracticeConfig config = config(Map.of("gateway.practice." + name, value));

        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> PracticeConfig.settings(config));

        assertTrue(
                String.valueOf(failure.getMessage()).startsWith("gateway.practice." + name + " must be "),
                failure.getMessage());
    }

    @Test
    void anUnknownShapeIsNamedWithItsSetting() {
        ConfigValidationException failure = assertThrows(
                ConfigValidationException.class, () -> config(Map.of("gateway.practice.shape", "foundry-3x")));

        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains("gateway.practice.shape"), message);
        assertTrue(message.contains("must be foundry-0x, foundry-1x or foundry-2x, not foundry-3x"), message);
    }
}
