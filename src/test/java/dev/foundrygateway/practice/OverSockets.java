package dev.foundrygateway.practice;

import static dev.foundrygateway.practice.PracticeClient.within;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A test with a practice upstream of its own for each method, and a client of it. */
abstract class OverSockets {
    private static Vertx vertx;

    private final PracticeSettings settings;
    private PracticeUpstream upstream;
    private PracticeClient client;

    OverSockets(PracticeSettings settings) {
        this.settings = settings;
    }

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        within(vertx.close().toCompletionStage().toCompletableFuture());
    }

    @BeforeEach
    void startUpstream() {
        start(settings);
    }

    @AfterEach
    void stopUpstream() {
        upstream.close();
    }

    private void start(PracticeSettings with) {
        upstream = PracticeUpstream.start(vertx, with);
        client = new PracticeClient(upstream);
    }

    /** Another one in the place of the first. */
    void restart(PracticeSettings with) {
        upstream.close();
        start(with);
    }

    static Vertx vertx() {
        return vertx;
    }

    PracticeUpstream upstream() {
        return upstream;
    }

    PracticeClient client() {
        return client;
    }
}
