package dev.foundrygateway.exchange;

import java.util.Optional;
import java.util.OptionalLong;

/** What the configuration says about a model beside who serves it. Thread-safe. */
@FunctionalInterface
public interface ModelFacts {
    /**
     * Prices in any one currency.
     *
     * @param input per million tokens read
     * @param output per million tokens written
     */
    record Price(double input, double output) {
        /** What so many tokens cost. */
        public double of(long promptTokens, long completionTokens) {
            return (promptTokens * input + completionTokens * output) / 1_000_000;
        }
    }

    /**
     * The facts of one model.
     *
     * @param contextLength how many tokens prompt and answer may have together; empty if not configured
     * @param price what its tokens cost; empty if not configured
     */
    record Facts(OptionalLong contextLength, Optional<Price> price) {
        /** Nothing is configured. */
        public static final Facts UNKNOWN = new Facts(OptionalLong.empty(), Optional.empty());
    }

    /** The facts of the model of that alias or id; {@link Facts#UNKNOWN} if nothing is configured. */
    Facts of(String model);
}
