package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.Troubles;
import dev.foundrygateway.exchange.UpstreamState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What clients of the workshop ask a model server's root and {@code /health} for. */
@Singleton
public class HealthRoutes {
    private final UpstreamState.Source upstreams;
    private final PracticeStartup practice;
    private final Troubles troubles;
    private final StartWarnings warnings;
    private final String version;
    private final long startedNanos = System.nanoTime();

    HealthRoutes(
            UpstreamState.Source upstreams,
            PracticeStartup practice,
            Troubles troubles,
            StartWarnings warnings,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.upstreams = upstreams;
        this.practice = practice;
        this.troubles = troubles;
        this.warnings = warnings;
        this.version = version;
    }

    /** 200 as long as the gateway runs; whether it can serve is told by {@code /q/health/ready}, and here in words. */
    void health(RoutingContext routing) {
        JsonArray states = new JsonArray();
        boolean up = false;
        for (UpstreamState state : upstreams.states()) {
            up |= state.up();
            JsonObject told = new JsonObject()
                    .put("name", state.name())
                    .put("url", state.url())
                    .put("up", state.up())
                    .put("models", state.models())
                    .put("circuit", state.circuit())
                    .put("queued", state.queued())
                    .put("loading", new JsonArray(state.loading()))
                    .put("concurrency", new JsonObject(Map.copyOf(state.concurrency())));
            if (!state.dialect().isEmpty()) {
                told.put("dialect", state.dialect());
            }
            state.loaded().ifPresent(loaded -> told.put("loaded", new JsonArray(loaded)));
            states.add(told);
        }
        JsonObject body = new JsonObject()
                .put("status", up ? "ok" : "degraded")
                .put("service", "foundry-gateway")
                .put("version", version)
                .put(
                        "uptime",
                        Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds())
                .put("practice_upstream", practice.running())
                .put("upstreams", states);
        List<String> wrong = troubles.all();
        if (!wrong.isEmpty()) {
            body.put("troubles", new JsonArray(wrong));
        }
        List<String> unserved = up ? warnings.unserved() : List.of();
        if (!unserved.isEmpty()) {
            body.put("unserved", new JsonArray(unserved));
        }
        ReplyHead.json(routing.response(), 200);
        ReplyHead.end(routing, body.toBuffer());
    }
}
