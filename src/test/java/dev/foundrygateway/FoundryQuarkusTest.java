package dev.foundrygateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.upstream.Upstream;
import dev.foundrygateway.upstream.Upstreams;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A Foundry Local as it really is: names, a model to be loaded, a short queue, a breaker, the old management calls. */
@QuarkusTest
@QuarkusTestResource(value = ColdFoundry.class, restrictToAnnotatedClass = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FoundryQuarkusTest {
    private static final int ALL = ColdFoundry.SLOTS + ColdFoundry.PLACES;

    private final PracticeUpstream upstream = ColdFoundry.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Inject
    Upstreams upstreams;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void theUpstreamHasBeenListed() {
        upstream.clear();
        await().until(() -> get("/v1/models").contains(ColdFoundry.ID));
    }

    @Test
    @Order(1)
    void twentyColdCallersMakeOneLoadCallAndAreAllAnswered() {
        assertEquals(Map.of(200, 20L), statuses(chats(20, "phi-4-mini")));
        assertEquals(1, upstream.loads("phi-4-mini"));
        assertTrue(get("/metrics").contains("gateway_model_loads_total{"));
    }

    @Test
    void everyNameOfTheModelFindsIt() {
        for (String name : List.of("PHI-4-mini", "phi-4-mini-instruct-generic-cpu", ColdFoundry.ID)) {
            HttpResponse<String> reply = chat(name).join();
            assertEquals(200, reply.statusCode(), name);
            assertEquals(Optional.of(ColdFoundry.ID), reply.headers().firstValue("x-gateway-model"), name);
        }
        assertTrue(get("/v1/models").contains("\"phi-4-mini\""));
    }

    @Test
    void anUnknownModelIsToldWhatThereIs() {
        HttpResponse<String> reply = chat("gpt-9").join();
        assertEquals(404, reply.statusCode());
        assertTrue(reply.body().contains("model_not_found"), reply.body());
        assertTrue(reply.body().contains("phi-4-mini"), reply.body());
    }

    @Test
    void aFullQueueIsA429WithRetryAfterAndEmptiesInTheEnd() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        upstream.script(received -> received.path().endsWith("/chat/completions")
                ? Optional.of(Script.start().await(gate).json(200, "{\"choices\":[]}"))
                : Optional.empty());
        CompletableFuture<List<HttpResponse<String>>> all = chats(ALL, ColdFoundry.ID);
        await().until(() -> get("/metrics").contains("gateway_queue_length{upstream=\"foundry\"} 18.0"));
        HttpResponse<String> refused = chat(ColdFoundry.ID).join();
        assertEquals(429, refused.statusCode());
        assertTrue(refused.body().contains("overloaded"), refused.body());
        assertTrue(Integer.parseInt(refused.headers().firstValue("retry-after").orElse("0")) >= 1);
        gate.complete(null);
        assertEquals(Map.of(200, (long) ALL), statuses(all));
        await().until(() -> get("/metrics").contains("gateway_queue_length{upstream=\"foundry\"} 0.0"));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void theBreakerOpensAtOnceAndClosesWhenTheUpstreamIsBack() {
        upstream.script(received -> received.path().endsWith("/chat/completions")
                ? Optional.of(Script.start().json(503, "{\"error\":{\"message\":\"down\"}}"))
                : Optional.empty());
        await().until(() -> chat(ColdFoundry.ID).join().body().contains("circuit_open"));
        HttpResponse<String> refused = chat(ColdFoundry.ID).join();
        assertEquals(503, refused.statusCode());
        assertTrue(refused.headers().firstValue("retry-after").isPresent());
        assertTrue(get("/health").contains("\"circuit\":\"open\""));
        upstream.clear();
        await().until(() -> chat(ColdFoundry.ID).join().statusCode() == 200);
        await().until(() -> get("/health").contains("\"circuit\":\"closed\""));
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void anUpstreamThatHasMovedBeginsWithAClosedBreaker() {
        upstream.script(received -> received.path().endsWith("/chat/completions")
                ? Optional.of(Script.start().json(503, "{\"error\":{\"message\":\"down\"}}"))
                : Optional.empty());
        await().until(() -> chat(ColdFoundry.ID).join().body().contains("circuit_open"));
        upstream.clear();
        Upstream moved = upstreams.all().iterator().next();
        moved.moveTo(moved.address());
        assertEquals(200, chat(ColdFoundry.ID).join().statusCode());
        assertTrue(get("/health").contains("\"circuit\":\"closed\""));
    }

    @Test
    void theOldManagementCallsAreAnswered() {
        assertTrue(get("/foundry/list").startsWith("[{\"name\":\"" + ColdFoundry.ID + "\""), get("/foundry/list"));
        assertEquals("[\"" + ColdFoundry.ID + "\"]", get("/openai/models"));
        assertEquals("{\"status\":\"loaded\"}", get("/openai/load/phi-4-mini?ttl=600&ep="));
        assertEquals("[\"" + ColdFoundry.ID + "\"]", get("/models/loaded"));
        assertTrue(get("/openai/status").contains("\"modelDirPath\""));
    }

    @Test
    void callsWithEffectsAreNotThere() {
        for (String path : List.of("/openai/unloadall", "/models/unload/phi-4-mini", "/openai/unload/phi-4-mini")) {
            assertTrue(get(path).contains("not_found"), path);
        }
    }

    private static Map<Integer, Long> statuses(CompletableFuture<List<HttpResponse<String>>> replies) {
        return replies.join().stream().collect(Collectors.groupingBy(HttpResponse::statusCode, Collectors.counting()));
    }

    private CompletableFuture<List<HttpResponse<String>>> chats(int count, String model) {
        List<CompletableFuture<HttpResponse<String>>> calls =
                IntStream.range(0, count).mapToObj(ignored -> chat(model)).toList();
        return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                .thenApply(
                        ignored -> calls.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<HttpResponse<String>> chat(String model) {
        String body =
                "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"max_tokens\":4}";
        return client.sendAsync(
                HttpRequest.newBuilder(uri("/v1/chat/completions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String get(String path) {
        return client.sendAsync(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }
}
