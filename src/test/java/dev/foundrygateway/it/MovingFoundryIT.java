package dev.foundrygateway.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import dev.foundrygateway.practice.PracticeModel;
import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Foundry Local whose port changes with every start, found by what the {@code foundry} command prints. */
class MovingFoundryIT {
    private static final String CHAT =
            "{\"model\":\"phi-4-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void isFoundAgainAtItsNewPortAndRunningStreamsAreTold() throws IOException {
        PracticeUpstream first = upstream();
        theCommandPrints(first);
        try (GatewayProcess gateway = GatewayProcess.start(
                Map.of("FOUNDRY_LOCAL_ENDPOINT", "auto", "PATH", folder + ":" + System.getenv("PATH")))) {
            GatewayClient client = new GatewayClient(gateway.base().getPort());
            await().atMost(PATIENCE).until(() -> client.chat(CHAT).status() == 200);

            first.script(received -> received.path().endsWith("/chat/completions")
                    ? Optional.of(Script.start().stream()
                            .event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"first\"}}]}")
                            .await(new CompletableFuture<Void>()))
                    : Optional.empty());
            try (GatewayClient.Live stream =
                    client.open("POST", "/v1/chat/completions", CHAT, "Content-Type", "application/json")) {
                assertThat(stream.readUntil("first"), containsString("first"));
                PracticeUpstream second = upstream();
                theCommandPrints(second);
                long moved = System.nanoTime();
                first.close();

                assertThat(stream.readUntil("data: [DONE]"), containsString("\"code\":\"upstream_error\""));
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> client.chat(CHAT).status() == 200);
                System.out.printf(
                        "MovingFoundryIT: answered again %.1f s after the move%n", (System.nanoTime() - moved) / 1e9);
                assertThat(client.chat(CHAT).status(), is(200));
                second.close();
            }
        }
    }

    private PracticeUpstream upstream() {
        return PracticeUpstream.start(
                vertx,
                PracticeSettings.immediate()
                        .withModels(PracticeModel.named("Phi-4-mini-instruct-generic-cpu:5")
                                .withAlias("phi-4-mini")));
    }

    /** As the real command: one line of 0.x, and none of it is our own address. */
    private void theCommandPrints(PracticeUpstream upstream) throws IOException {
        Path next = folder.resolve("foundry.next");
        Files.writeString(
                next,
                "#!/bin/sh\necho 'Model management service is running on http://127.0.0.1:" + upstream.port()
                        + "/openai/status'\n",
                UTF_8);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(
                next,
                folder.resolve("foundry"),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
