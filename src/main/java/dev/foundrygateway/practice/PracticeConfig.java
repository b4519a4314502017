package dev.foundrygateway.practice;

import dev.foundrygateway.exchange.Within;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the practice upstream that stands in for a model server. */
@ConfigMapping(prefix = "gateway.practice")
public interface PracticeConfig {
    /** Whether it may stand in where no model server answers. Unset, it does so in dev mode only: elsewhere a missing server must be noticed. */
    Optional<Boolean> enabled();

    /** The port of 127.0.0.1 it listens on. 0, the default, takes any free one, since only the gateway needs to know it. */
    @Within(max = 65_535)
    @WithDefault("0")
    int port();

    /** The generation of Foundry Local it mirrors: {@code foundry-0x}, {@code foundry-1x} or {@code foundry-2x}, the default, as the present one. */
    @WithDefault("foundry-2x")
    @WithConverter(Shape.FromName.class)
    Shape shape();

    /** From a request to its first token, for all models. Unset, each model has its own: 30 ms for phi-4-mini, 120 ms for gpt-oss-20b. */
    Optional<Duration> firstToken();

    /** From one token to the next, for all models. Unset, each model has its own: 10 ms for phi-4-mini, 25 ms for gpt-oss-20b. */
    Optional<Duration> perToken();

    /** How requests fail: {@code none}, the default, {@code error-event}, {@code reset}, {@code stall} or {@code status-500}. */
    @WithDefault("none")
    Fault fault();

    /** One of how many model calls fails; 1 means every one. 10 by default, so that failures show and most calls still get an answer. */
    @Within(min = 1)
    @WithDefault("10")
    int faultEvery();

    /**
     * These as settings, for a server that runs as long as the gateway: without recording.
     *
     * @throws IllegalArgumentException naming the setting that is out of range
     */
    static PracticeSettings settings(PracticeConfig config) {
        require(config.port() >= 0 && config.port() <= 65_535, "port", "0 to 65535", config.port());
        require(config.faultEvery() >= 1, "fault-every", "at least 1", config.faultEvery());
        config.firstToken().ifPresent(delay -> require(!delay.isNegative(), "first-token", "not negative", delay));
        config.perToken().ifPresent(delay -> require(!delay.isNegative(), "per-token", "not negative", delay));
        return PracticeSettings.defaults()
                .withPort(config.port())
                .withShape(config.shape())
                .withFault(config.fault(), config.faultEvery())
                .withoutRecording()
                .withEachModel(model -> model.withDelays(
                        config.firstToken().orElse(model.firstToken()),
                        config.perToken().orElse(model.perToken())));
    }

    private static void require(boolean right, String name, String wanted, Object value) {
        if (!right) {
            throw new IllegalArgumentException("gateway.practice." + name + " must be " + wanted + ", not " + value);
        }
    }
}
