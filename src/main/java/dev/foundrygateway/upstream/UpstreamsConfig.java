package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.Within;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.Converter;

/** {@code gateway.upstreams.<name>.…}: the model servers, each under a name of its own. */
@ConfigMapping(prefix = UpstreamsConfig.PREFIX)
public interface UpstreamsConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.upstreams";

    /**
     * The upstreams by name. {@code foundry}, at {@code FOUNDRY_LOCAL_ENDPOINT}, exists by default; where others are configured and nothing is set for it, only
     * once something has answered at its usual address.
     */
    @WithParentName
    Map<String, UpstreamConfig> byName();

    /** One model server. */
    interface UpstreamConfig {
        /**
         * Its address, with or without {@code /v1} or a trailing slash; {@code practice} asks for the practice upstream by name. Empty for
         * {@code foundry} means the workshop's {@code http://127.0.0.1:5273/v1}; {@code auto} looks for a Foundry Local, whose port changes
         * with every start.
         */
        Optional<String> url();

        /** Further addresses of the same server; calls go to the one with the fewest under way, past those that failed lately. */
        Optional<List<String>> urls();

        /** The key that is sent to this server, as a bearer token; none by default, since local servers ask for none. */
        Optional<String> apiKey();

        /**
         * For an https address, the name of a configuration below {@code quarkus.tls}: its trust store says which certificate authorities are believed, its
         * key store is shown where a client certificate is asked for. Empty means the configuration without a name, and the JDK's authorities without one.
         */
        Optional<String> tlsConfiguration();

        /** Whether the client's own {@code Authorization} is sent on; off, since a client's key is meant for the gateway. */
        @WithDefault("false")
        boolean forwardAuthorization();

        /**
         * Names of the clients' headers that are sent to this server beside the usual ones: those that describe the body, the client's library and traces.
         * Who may call the gateway stands in such headers, too, so name none that a server needn't know.
         */
        Optional<List<String>> passHeaders();

        /** Names of models that this upstream serves, beside those that it lists itself. */
        Optional<List<String>> models();

        /**
         * Whether it serves nothing but what it lists and {@code models} names, so that another name is refused with what there is. By default so for a
         * Foundry Local; a lone server of another kind gets any name, since many take names that they don't list.
         */
        Optional<Boolean> modelsClosed();

        /**
         * How many calls each of its models may serve at a time, 0 for any number. Empty means at most 8 for Foundry Local, as many as run best by
         * measurement, and any number for others, which schedule for themselves.
         */
        OptionalInt concurrency();

        /**
         * Whether {@code concurrency} is only the most, and the best number below it is found by measuring what comes back a second. By default so where
         * {@code concurrency} isn't set.
         */
        Optional<Boolean> adaptiveConcurrency();

        /** How many calls may wait for a slot of a model; one more is answered 429 with {@code Retry-After}. */
        @WithDefault("64")
        int queue();

        /** When calls are no longer tried. */
        Breaker breaker();

        /** After how long without a call a loaded model is unloaded (Foundry Local only); never by default. */
        @Within(above = true)
        Optional<Duration> idleUnload();

        /**
         * What kind of model server it is. {@code auto} asks it, and asks again after it was down; the others say it where a server can't be recognised.
         */
        @WithDefault("auto")
        @WithConverter(DialectSetting.Reader.class)
        DialectSetting dialect();

        /**
         * Whether a plain chat answer is asked for as a stream and gathered, so that the first token is measured and a client that leaves stops the
         * generation. By default as the dialect needs it: on for Foundry Local 2.x, which finishes unstreamed answers for nobody.
         */
        Optional<Boolean> alwaysStream();

        /**
         * How {@code POST /v1/responses} reaches its models: {@code native} as it came; {@code chat} translated into a chat, which any server takes.
         * {@code auto} is native where the server has Responses, which a Foundry Local 0.x never does and others are asked; llama.cpp's are used for what a chat
         * can't say alone. Hybrid models and retrieval are translated in any case.
         */
        @WithDefault("auto")
        Responses responses();

        /**
         * What happens to the upstream's call when its client leaves: {@code reset} closes it; {@code drain} reads it to its end, for servers that go on
         * generating all the same, so that the next call doesn't run beside it. By default {@code reset}, which stops every generation measured so far.
         */
        Optional<Cancel> cancel();

        /** With {@code drain}, the most tokens that a chat answer may have, so that an abandoned one ends; Foundry Local's own default length. */
        @Within(min = 1)
        @WithDefault("2048")
        long drainMaxTokens();

        /**
         * Whether the server's own metrics, at {@code /metrics} beside its {@code /v1}, stand among the gateway's with the labels {@code upstream} and
         * {@code model}. The server is asked when the gateway's metrics are; at most 2,000 samples of it are taken.
         */
        @WithDefault("false")
        boolean metrics();

        /** How long to wait, and for what. */
        Timeouts timeouts();
    }

    /** The values of {@code dialect}. */
    enum DialectSetting {
        AUTO,
        OPENAI,
        FOUNDRY_0X,
        FOUNDRY_1X,
        FOUNDRY_2X;

        /** Reads a value: the constant's name in lower case with a hyphen, which the built-in reader would break before the x. */
        public static final class Reader implements Converter<DialectSetting> {
            private static final long serialVersionUID = 1L;

            @Override
            public DialectSetting convert(String value) {
                for (DialectSetting setting : values()) {
                    if (setting.name().replace('_', '-').equalsIgnoreCase(value.strip())) {
                        return setting;
                    }
                }
                throw new IllegalArgumentException(
                        value + " is not a dialect; choose one of auto, openai, foundry-0x, foundry-1x, foundry-2x");
            }
        }
    }

    /** The values of {@code responses}. */
    enum Responses {
        AUTO,
        NATIVE,
        CHAT
    }

    /** The values of {@code cancel}. */
    enum Cancel {
        RESET,
        DRAIN
    }

    /** The circuit breaker around one upstream's calls. A refusal of the caller's own making (4xx, 500) doesn't count, nor does a client that left. */
    interface Breaker {
        /** How many of the last calls it looks at; 0 switches it off. */
        @WithDefault("20")
        int calls();

        /** The share of them that must have failed for it to open. */
        @Within(max = 1, above = true)
        @WithDefault("0.5")
        double ratio();

        /** How long it stays open before one call is let through to try. Short, since a local server is back soon or not at all. */
        @WithDefault("2s")
        Duration delay();
    }

    /** The waits of one call. */
    interface Timeouts {
        /** For the TCP (and TLS) connection. Short, since a local server either listens or doesn't. */
        @Within(above = true)
        @WithDefault("2s")
        Duration connect();

        /** From sending a streamed request to its first token; comments don't count. Long, since a slow CPU model takes 30 s. */
        @Within(above = true)
        @WithDefault("120s")
        Duration firstToken();

        /** Silence between two pieces of a body that has begun. */
        @Within(above = true)
        @WithDefault("60s")
        Duration idle();

        /** Loading a model that is called and isn't loaded: some hundred megabytes a second from a disk. */
        @Within(above = true)
        @WithDefault("10m")
        Duration load();

        /** The whole call, a plain answer's generation included. */
        @Within(above = true)
        @WithDefault("30m")
        Duration total();
    }
}
