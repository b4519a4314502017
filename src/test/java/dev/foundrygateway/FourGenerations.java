package dev.foundrygateway;

import dev.foundrygateway.practice.PracticeModel;
import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.practice.Shape;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A gateway before one model server of each kind, each with a model of its own: {@code old} (0.x), {@code net} (1.x), {@code cpp} (2.x), {@code other}. */
public class FourGenerations implements QuarkusTestResourceLifecycleManager {
    /** The upstreams' names and the ids of their models. */
    static final Map<String, String> MODELS = models();

    private static final Map<String, PracticeUpstream> RUNNING = new HashMap<>();

    private final Vertx vertx = Vertx.vertx();

    private static Map<String, String> models() {
        Map<String, String> models = new LinkedHashMap<>();
        models.put("old", "Phi-3-mini-128k-instruct-generic-cpu:4");
        // As 1.x lists it: without its version.
        models.put("net", "qwen2.5-0.5b-instruct-generic-cpu");
        models.put("cpp", "Phi-4-mini-reasoning-generic-cpu:3");
        models.put("other", "llama-3.2-1b");
        return models;
    }

    /** The model server of that name. */
    static PracticeUpstream at(String upstream) {
        return Objects.requireNonNull(RUNNING.get(upstream));
    }

    /** As at the start; a server that is no Foundry Local has none of its calls. */
    static void clear() {
        RUNNING.values().forEach(PracticeUpstream::clear);
        at("other")
                .script(received -> received.path().startsWith("/v1/")
                        ? Optional.empty()
                        : Optional.of(Script.start().text(404, "no such page")));
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>();
        start("old", "phi-3-mini-128k", Shape.FOUNDRY_0X, settings);
        start("net", "qwen2.5-0.5b", Shape.FOUNDRY_1X, settings);
        start("cpp", "phi-4-mini-reasoning", Shape.FOUNDRY_2X, settings);
        start("other", "llama-3.2-1b", Shape.FOUNDRY_2X, settings);
        clear();
        return settings;
    }

    private void start(String name, String alias, Shape shape, Map<String, String> settings) {
        String id = Objects.requireNonNull(MODELS.get(name)) + (name.equals("net") ? ":4" : "");
        PracticeModel model = PracticeModel.named(id).withAlias(alias);
        PracticeUpstream upstream = PracticeUpstream.start(
                vertx,
                PracticeSettings.immediate()
                        .withShape(shape)
                        .withModels(name.equals("other") ? model : model.notLoaded()));
        RUNNING.put(name, upstream);
        settings.put("gateway.upstreams." + name + ".url", upstream.uri().toString());
    }

    @Override
    public void stop() {
        RUNNING.values().forEach(PracticeUpstream::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
