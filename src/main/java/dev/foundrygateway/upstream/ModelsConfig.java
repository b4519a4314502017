package dev.foundrygateway.upstream;

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

        /**
         * How an answer keeps the schema and the tools that a request asks for. {@code auto} goes by the model's server; {@code relay} leaves answers alone, {@code native} trusts
         * the server, {@code tool-call} asks for a schema by a tool that must be called, {@code checked} holds an answer until it was checked.
         */
        @WithDefault("auto")
        Schemas schemas();

        /** The model that answers where no answer of this one keeps the form asked for; none if empty. */
        Optional<String> fallback();

        /** How many tokens its prompt and answer may have together. */
        OptionalLong contextLength();

        /** What its tokens cost. */
        Price price();
    }

    /** The values of {@code schemas}. */
    enum Schemas {
        AUTO,
        RELAY,
        NATIVE,
        TOOL_CALL,
        CHECKED
    }

    /** Prices in any one currency, the same for all models. None by default: a model of one's own has no price per token. */
    interface Price {
        /** Per million tokens read. */
        OptionalDouble input();

        /** Per million tokens written. */
        OptionalDouble output();
    }
}
