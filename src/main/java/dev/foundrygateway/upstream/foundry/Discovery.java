package dev.foundrygateway.upstream.foundry;

import dev.foundrygateway.upstream.Upstream;
import dev.foundrygateway.upstream.UpstreamAddress;
import dev.foundrygateway.upstream.UpstreamProbe;
import dev.foundrygateway.upstream.Upstreams;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Finds the Foundry Local of an upstream whose {@code url} is {@code auto}: by its own command, then at the port of the samples; again whenever it stops
 * answering, since its port changes with every start. Thread-safe.
 */
@ApplicationScoped
public class Discovery {
    private static final Logger LOG = Logger.getLogger(Discovery.class);
    private static final int PERIOD_MILLIS = 1_000;
    private static final Duration TIMEOUT = Duration.ofMillis(900);
    private static final UpstreamAddress USUAL = new UpstreamAddress(false, "127.0.0.1", 5273, "");

    private final Vertx vertx;
    private final List<Upstream> sought;
    private final UpstreamProbe probe;
    private final ModelServers servers;
    private final FoundryCommand command;
    private final String ownHost;
    private final int ownPort;
    private final Map<Upstream, Boolean> looking = new ConcurrentHashMap<>();
    private volatile long timer = -1;

    Discovery(
            Vertx vertx,
            Upstreams upstreams,
            UpstreamProbe probe,
            ModelServers servers,
            FoundryCommand command,
            @ConfigProperty(name = "quarkus.http.host") String ownHost,
            @ConfigProperty(name = "quarkus.http.port") int ownPort) {
        this.vertx = vertx;
        this.sought = upstreams.all().stream().filter(Upstream::isDiscovered).toList();
        this.probe = probe;
        this.servers = servers;
        this.command = command;
        this.ownHost = ownHost;
        this.ownPort = ownPort;
    }

    /** After the probe's own start, which asks at the address known so far. */
    void start(@Observes @Priority(jakarta.interceptor.Interceptor.Priority.APPLICATION + 600) StartupEvent event) {
        if (!sought.isEmpty()) {
            timer = vertx.setPeriodic(1, PERIOD_MILLIS, ignored -> sought.forEach(this::lookIfGone));
        }
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    private void lookIfGone(Upstream upstream) {
        if (probe.isUp(upstream) || looking.putIfAbsent(upstream, true) != null) {
            return;
        }
        vertx.executeBlocking(this::told, false)
                .compose(told -> {
                    List<UpstreamAddress> candidates = new ArrayList<>(told);
                    if (!candidates.contains(USUAL) && !USUAL.isOwn(ownHost, ownPort)) {
                        candidates.add(USUAL);
                    }
                    return firstAnswering(candidates, 0);
                })
                .compose(found -> {
                    found.filter(address -> !address.equals(upstream.address())).ifPresent(address -> {
                        LOG.infof("Foundry Local of upstream %s is at %s", upstream.name(), address);
                        upstream.moveTo(address);
                    });
                    return found.isPresent() ? probe.probe(upstream) : Future.succeededFuture(false);
                })
                .onComplete(ignored -> looking.remove(upstream));
    }

    private List<UpstreamAddress> told() {
        String text = command.output(List.of("service", "status")) + "\n" + command.output(List.of("server", "status"));
        return FoundryCommand.addresses(text, address -> address.isOwn(ownHost, ownPort));
    }

    private Future<Optional<UpstreamAddress>> firstAnswering(List<UpstreamAddress> candidates, int at) {
        if (at == candidates.size()) {
            return Future.succeededFuture(Optional.empty());
        }
        UpstreamAddress address = candidates.get(at);
        return servers.ask(address, TIMEOUT, ModelServer::status)
                .compose(answer -> answer.ok()
                        ? Future.succeededFuture(answer)
                        : servers.ask(address, TIMEOUT, ModelServer::oldStatus))
                .map(ModelServers.Answer::ok)
                .otherwise(false)
                .compose(there ->
                        there ? Future.succeededFuture(Optional.of(address)) : firstAnswering(candidates, at + 1));
    }
}
