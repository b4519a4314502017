package dev.foundrygateway.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.ModelFacts.Facts;
import dev.foundrygateway.exchange.VirtualModels;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a prompt may be: configured for the model, or learned from its refusal. */
class ContextLimitsTest {
    private static final VirtualModels HYBRID = new VirtualModels() {
        @Override
        public List<String> names() {
            return List.of("hybrid");
        }

        @Override
        public String nameOf(String model) {
            return model.startsWith("hybrid") ? "hybrid" : "";
        }

        @Override
        public List<String> tiers(String model) {
            return model.startsWith("hybrid") ? List.of("small", "large") : List.of();
        }
    };

    private final ContextLimits limits = new ContextLimits(
            4_096,
            model -> switch (model) {
                case "small" -> new Facts(OptionalLong.of(2_048), Optional.empty());
                case "large" -> new Facts(OptionalLong.of(131_072), Optional.empty());
                default -> Facts.UNKNOWN;
            },
            HYBRID);

    @ParameterizedTest
    @CsvSource({"small, 2048", "large, 131072", "other, 4096", "hybrid, 2048", "hybrid@0.2, 2048"})
    void aModelHasItsConfiguredLengthAndAVirtualOneItsSmallestTiers(String model, int tokens) {
        assertEquals(tokens, limits.of(model));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens | 8192",
                "the request exceeds the available context size (2048 tokens), try increasing it | 2048",
                "request (9012 tokens) exceeds the available context size (8192 tokens) | 8192",
                "{\"error\":{\"n_prompt_tokens\":9012,\"n_ctx\":8192,\"type\":\"exceed_context_size_error\"}} | 8192",
                "input_ids size of 5000 exceeds max_length (4096) | 4096"
            })
    void aRefusalNamesTheLimit(String refusal, int tokens) {
        assertTrue(ContextLimits.isOverflow(refusal), refusal);
        assertEquals(tokens, ContextLimits.named(refusal).orElse(0));
    }

    @Test
    void whatIsNamedIsRemembered() {
        limits.learn("Large", "maximum context length is 8192 tokens", 131_072);
        assertEquals(8_192, limits.of("large"));
    }

    @Test
    void aRefusalBelowTheKnownLimitLowersItAnyway() {
        limits.learn("large", "maximum context length is 131072 tokens", 131_072);
        assertEquals(98_304, limits.of("large"));
        limits.learn("small", "prompt is too long", 2_048);
        assertEquals(1_536, limits.of("small"));
    }

    @Test
    void otherRefusalsSayNothing() {
        assertFalse(ContextLimits.isOverflow("temperature must be between 0 and 2"));
    }
}
