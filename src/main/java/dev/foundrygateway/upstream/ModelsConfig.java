package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.Within;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** {@code gateway.models.<alias>.…}: what is known about a model beside what its upstream says. */
@ConfigMapping(prefix = "gateway.models")
public interface ModelsConfig {
    /** The models by alias. */
    @WithParentName
    Map<String, ModelConfig> byAlias();

    /** One model. */
    interface ModelConfig {
        /** The upstream that serves it; the one that lists it if empty. */
        Optional<String> upstream();

        /** The id that the upstream knows it by; the alias itself if empty. */
        Optional<String> id();

        /** Whether it is loaded and called once with a small prompt as soon as its upstream is there, so that the first user needn't wait. */
        @WithDefault("false")
        boolean warmUp();

        /** How many tokens its prompt and answer may have together. */
        @Within(min = 1)
        OptionalLong contextLength();

        /** What its tokens cost. */
        Price price();
    }

    /** Prices in any one currency, the same for all models. None by default: a model of one's own has no price per token. */
    interface Price {
        /** Per million tokens read. */
        OptionalDouble input();

        /** Per million tokens written. */
        OptionalDouble output();
    }
}
