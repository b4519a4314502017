package dev.foundrygateway.edge;

import dev.foundrygateway.practice.PracticeConfig;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.upstream.Upstream;
import dev.foundrygateway.upstream.UpstreamAddress;
import dev.foundrygateway.upstream.UpstreamProbe;
import dev.foundrygateway.upstream.Upstreams;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Starts the practice upstream where it is wanted: when nothing answers at the address of {@code foundry} (in dev mode, unless the setting says otherwise; else
 * if the person at the launcher's terminal agrees; for a {@code foundry} that nobody has asked for, only if the setting says so), and in any mode for an
 * upstream whose {@code url} asks for it by name.
 */
@ApplicationScoped
public class PracticeStartup {
    private static final Logger LOG = Logger.getLogger(PracticeStartup.class);

    /** Set by the launcher where a person sits at the terminal and said nothing of a model server. */
    private static final String ASK = "FOUNDRY_GATEWAY_ASK";

    private final Vertx vertx;
    private final Upstreams upstreams;
    private final UpstreamProbe probe;
    private final PracticeConfig config;
    private volatile Optional<PracticeUpstream> running = Optional.empty();

    PracticeStartup(Vertx vertx, Upstreams upstreams, UpstreamProbe probe, PracticeConfig config) {
        this.vertx = vertx;
        this.upstreams = upstreams;
        this.probe = probe;
        this.config = config;
    }

    /** Before the probes begin, so that the first of them finds it. */
    void start(@Observes @Priority(1) StartupEvent event) {
        boolean demanded = config.enabled().orElse(false);
        for (Upstream upstream : demanded ? upstreams.sought() : upstreams.all()) {
            if (upstream.asksForPractice()) {
                standIn(upstream, "asked for by its url");
            } else if (upstream.name().equals(Upstreams.FOUNDRY)) {
                mayBeAbsent(upstream);
            }
        }
    }

    private void mayBeAbsent(Upstream upstream) {
        boolean wanted = config.enabled().orElse(LaunchMode.current() == LaunchMode.DEVELOPMENT);
        boolean ask = config.enabled().isEmpty() && System.getenv(ASK) != null;
        Future<Boolean> there = probe.probe(upstream);
        if (!wanted && !ask) {
            // A start waits for no model server.
            there.onSuccess(answers -> warn(upstream, answers));
        } else if (!there.toCompletionStage().toCompletableFuture().join()) {
            if (wanted || agreed(upstream)) {
                standIn(upstream, "nothing answers at " + upstream.address());
            } else {
                warn(upstream, false);
            }
        }
    }

    private static void warn(Upstream upstream, boolean answers) {
        if (!answers && LaunchMode.current() == LaunchMode.NORMAL) {
            LOG.warnf(
                    "No model server answers at %s, so chats get a 502. Start Foundry Local, or set FOUNDRY_LOCAL_ENDPOINT to a server's address; FOUNDRY_LOCAL_ENDPOINT=practice answers with set sentences",
                    upstream.address());
        }
    }

    /** Asked of the person at the terminal; no answer is a no. */
    private static boolean agreed(Upstream upstream) {
        System.out.printf(
                "No model server answers at %s.%nUse the practice upstream, which answers with set sentences? [y/N] ",
                upstream.address());
        System.out.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
        } catch (IOException e) {
            return false;
        }
    }

    private void standIn(Upstream upstream, String why) {
        PracticeUpstream practice =
                running.orElseGet(() -> PracticeUpstream.start(vertx, PracticeConfig.settings(config)));
        running = Optional.of(practice);
        upstream.moveTo(UpstreamAddress.parse(
                "the practice upstream's address", practice.uri().toString()));
        LOG.warnf(
                "Upstream %s is the practice upstream at %s (%s): it stands in for a model server and answers with set sentences",
                upstream.name(), practice.uri(), why);
    }

    void stop(@Observes ShutdownEvent event) {
        running.ifPresent(PracticeUpstream::close);
    }

    /** Whether this port of this machine is the practice upstream's. */
    boolean listensOn(int port) {
        return running.filter(practice -> practice.uri().getPort() == port).isPresent();
    }

    /** Whether the practice upstream stands in for a model server. */
    boolean running() {
        return running.isPresent();
    }
}
