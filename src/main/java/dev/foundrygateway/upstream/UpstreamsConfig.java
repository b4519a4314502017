package dev.foundrygateway.upstream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code gateway.upstreams.<name>.…}: the model servers, each under a name of its own. */
@ConfigMapping(prefix = UpstreamsConfig.PREFIX)
public interface UpstreamsConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.upstreams";

    /** The upstreams by name; {@code foundry} exists by default, at {@code FOUNDRY_LOCAL_ENDPOINT}. */
    @WithParentName
    Map<String, UpstreamConfig> byName();

    /** One model server. */
    interface UpstreamConfig {
        /**
         * Its address, with or without {@code /v1} or a trailing slash; {@code practice} asks for the practice upstream by name. Empty for
         * {@code foundry} means the workshop's {@code http://127.0.0.1:5273/v1}.
         */
        Optional<String> url();

        /** Sent as {@code Authorization: Bearer …}; none by default, since local servers ask for none. */
        Optional<String> apiKey();

        /** Whether the client's own {@code Authorization} is sent on; off, since a client's key is meant for the gateway. */
        @WithDefault("false")
        boolean forwardAuthorization();

        /** Names of models that this upstream serves, beside those that it lists itself. */
        Optional<List<String>> models();

        /** How long to wait, and for what. */
        Timeouts timeouts();
    }

    /** The four waits of one call. */
    interface Timeouts {
        /** For the TCP (and TLS) connection. Short, since a local server either listens or doesn't. */
        @WithDefault("2s")
        Duration connect();

        /** From sending a streamed request to its first token; comments don't count. Long, since a slow CPU model takes 30 s. */
        @WithDefault("120s")
        Duration firstToken();

        /** Silence between two pieces of a body that has begun. */
        @WithDefault("60s")
        Duration idle();

        /** The whole call, a plain answer's generation included. */
        @WithDefault("30m")
        Duration total();
    }
}
