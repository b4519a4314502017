package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Live;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** The relay against the scripted upstream: bytes, methods, encodings, what is never forwarded. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class RelayQuarkusTest {
    static final String CHUNK =
            "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}],\"x\":1.50}";
    static final String FINISH = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
    static final String USAGE =
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}";
    static final String STREAM =
            "{\"model\":\"phi-4-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    static final String PLAIN = "{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Inject
    Vertx vertx;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    @Test
    void theSystemsOwnEventPollingIsUsedWhereItsLibraryCanBeLoaded() throws ReflectiveOperationException {
        Class<?> epoll;
        try {
            epoll = Class.forName("io.netty.channel.epoll.Epoll");
        } catch (ClassNotFoundException e) {
            System.out.println("SKIPPED RelayQuarkusTest: this build is without Netty's epoll library");
            throw new TestAbortedException("no epoll library", e);
        }
        assertEquals(epoll.getMethod("isAvailable").invoke(null), vertx.isNativeTransportEnabled());
    }

    @Test
    void aPlainExchangePassesByteForByte() {
        String request =
                "{ \"model\" : \"phi-4-mini\",\n \"vendor\": {\"x\": 1.50, \"y\": [null, 1e-7]}, \"messages\": [] }";
        String answer = "{ \"choices\": [], \"vendor\" : 0.10, \"text\":\"\\u00e9é\" }";
        upstream.script(Script.start().json(200, answer));
        Reply reply = client().chat(request);
        assertEquals(200, reply.status());
        assertEquals(answer, reply.body());
        assertEquals(request, upstream.lastCall().text());
    }

    @Test
    void aStreamPassesByteForByteAndTheUsageThatNobodyAskedForIsWithheld() {
        String before = ": hello\n\ndata: " + CHUNK.formatted("") + "\n\ndata: " + CHUNK.formatted("é")
                + "\r\n\r\nevent: x\ndata:" + FINISH + "\n\n";
        String after = "data: [DONE]\n\n";
        upstream.script(Script.start().stream()
                .pieces(before, 7)
                .event(USAGE)
                .pieces(after, 3)
                .end());
        Reply reply = client().chat(STREAM);
        assertEquals(before + after, reply.body());
        assertTrue(reply.whole());
        assertEquals(
                STREAM.substring(0, STREAM.length() - 1) + ",\"stream_options\":{\"include_usage\":true}}",
                upstream.lastCall().text());
    }

    @Test
    void theUsageChunkPassesWhenAskedFor() {
        String asking =
                STREAM.substring(0, STREAM.length() - 1) + ",\"stream_options\":{\"include_usage\":true,\"x\":1}}";
        upstream.script(Script.start().stream()
                .event(CHUNK.formatted("a"))
                .event(FINISH)
                .event(USAGE)
                .done()
                .end());
        Reply reply = client().chat(asking);
        assertTrue(reply.body().contains(USAGE));
        assertEquals(asking, upstream.lastCall().text());
    }

    @Test
    void theFirstByteOutFollowsTheFirstByteInBeforeTheSecondIsSent() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        upstream.script(Script.start().stream()
                .event(CHUNK.formatted("one"))
                .await(gate)
                .event(CHUNK.formatted("two"))
                .event(FINISH)
                .done()
                .end());
        try (Live live = client().open("POST", "/v1/chat/completions", STREAM)) {
            String first = live.readUntil("one");
            assertTrue(first.startsWith("HTTP/1.1 200"), first);
            gate.complete(null);
            assertTrue(live.readUntil("[DONE]").contains("two"));
        }
    }

    @Test
    void everyEventLeavesAsSoonAsItCame() {
        List<CompletableFuture<Void>> gates =
                List.of(new CompletableFuture<>(), new CompletableFuture<>(), new CompletableFuture<>());
        Script script = Script.start().stream().event(CHUNK.formatted("t0"));
        for (int i = 0; i < gates.size(); i++) {
            script = script.await(gates.get(i)).event(CHUNK.formatted("t" + (i + 1)));
        }
        upstream.script(script.event(FINISH).done().end());
        try (Live live = client().open("POST", "/v1/chat/completions", STREAM)) {
            assertTrue(live.readUntil("t0").contains("200"));
            for (int i = 0; i < gates.size(); i++) {
                gates.get(i).complete(null);
                assertTrue(live.readUntil("t" + (i + 1) + "\"}").endsWith("t" + (i + 1) + "\"}"));
            }
        }
    }

    @Test
    void nothingOutsideTheAllowListIsForwarded() {
        for (String path : List.of(
                "/shutdown",
                "/v1/shutdown",
                "/models/unload/phi-4-mini",
                "/openai/unloadall",
                "/openai/unload/x",
                "/v1/fine_tuning/jobs",
                "/v1/../shutdown",
                "/v1/%2e%2e/shutdown",
                "/v1/models/..%2f..%2fshutdown/x")) {
            for (String method : List.of("GET", "POST")) {
                int status = client().send(method, path, method.equals("POST") ? "{}" : "")
                        .status();
                assertTrue(status == 404 || status == 405 || status == 400, method + " " + path + ": " + status);
            }
        }
        assertTrue(
                upstream.received().stream()
                        .noneMatch(request -> request.path().contains("shutdown")
                                || request.path().contains("unload")),
                () -> upstream.received().toString());
    }

    @Test
    void wrongMethodsAreTold() {
        Reply reply = client().send("GET", "/v1/chat/completions", "");
        assertEquals(405, reply.status());
        assertEquals("POST", reply.header("allow"));
        assertTrue(reply.body().contains("\"code\":\"method_not_allowed\""));
        assertEquals(405, client().send("DELETE", "/v1/models", "").status());
    }

    @Test
    void doubledVersionIsAnsweredLikeASingleOne() {
        assertEquals(
                client().send("GET", "/v1/models", "").body(),
                client().send("GET", "/v1/v1/models", "").body());
        assertEquals(
                200, client().send("POST", "/v1/v1/chat/completions", PLAIN).status());
    }

    @Test
    void headAnswersAsGetDoesWithoutItsBody() {
        for (String path : List.of("/v1/models", "/v1/models/phi-4-mini", "/health", "/v1/health", "/")) {
            Reply get = client().send("GET", path, "");
            Reply head = client().send("HEAD", path, "");
            assertEquals(200, get.status(), path);
            assertEquals(200, head.status(), path);
            assertEquals("", head.body(), path);
            assertFalse(head.header("content-length").isEmpty(), path);
        }
    }

    @Test
    void theOtherModelCallsAreRelayed() {
        String body = "{\"model\":\"phi-4-mini\",\"input\":\"a\"}";
        assertEquals(200, client().send("POST", "/v1/embeddings", body).status());
        assertEquals(200, client().send("POST", "/v1/responses", body).status());
        upstream.script(Script.start().json(200, "{\"object\":\"response\"}"));
        assertEquals(200, client().send("GET", "/v1/responses/resp_1", "").status());
        assertEquals(
                200,
                client().send("GET", "/v1/responses/resp_1/input_items?limit=2", "")
                        .status());
        assertEquals(
                "/v1/responses/resp_1/input_items?limit=2", upstream.lastCall().uri());
        assertEquals(200, client().send("DELETE", "/v1/responses/resp_1", "").status());
        assertEquals("DELETE", upstream.lastCall().method());
        upstream.script(Script.start().json(200, "{\"choices\":[{\"text\":\"x\"}]}"));
        assertEquals(
                200,
                client().send("POST", "/v1/completions", "{\"model\":\"phi-4-mini\",\"prompt\":\"a\"}")
                        .status());
    }

    @Test
    void documentsAreRankedWhereTheModelIs() {
        String body = "{\"model\":\"little\",\"query\":\"a\",\"documents\":[\"b\",\"c\"],\"top_n\":1}";
        String ranks =
                "{\"results\":[{\"index\":1,\"relevance_score\":0.50}],\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}";
        String list = "[{\"index\":1,\"score\":0.50}]";
        for (String path : List.of("/v1/rerank", "/rerank", "/v1/reranking", "/reranking", "/v2/rerank")) {
            for (String answer : List.of(ranks, list)) {
                upstream.script(Script.start().json(200, answer));
                Reply reply = client().send("POST", path, body);
                assertEquals(200, reply.status(), reply::body);
                assertEquals(answer, reply.body());
                assertEquals("/v1/rerank", upstream.lastCall().uri());
                assertEquals(
                        body.replace("little", "phi-4-mini"),
                        upstream.lastCall().text());
            }
        }
        upstream.script(Script.start().json(200, "{\"error\":{\"message\":\"boom\"}}"));
        assertEquals(502, client().send("POST", "/v1/rerank", body).status());
        String metrics = client().send("GET", "/metrics", "").body();
        assertTrue(
                metrics.lines()
                        .anyMatch(line -> line.startsWith("gen_ai_client_token_usage_sum")
                                && line.contains("gen_ai_operation_name=\"rerank\"")
                                && line.endsWith(" 35.0")),
                () -> metrics.lines()
                        .filter(line -> line.contains("rerank"))
                        .toList()
                        .toString());
        upstream.script(
                Script.start()
                        .json(
                                200,
                                "{\"data\":[{\"index\":0,\"embedding\":[0.5]}],\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}"));
        assertEquals(
                200,
                client().send("POST", "/v1/embeddings", "{\"model\":\"little\",\"input\":\"a\"}")
                        .status());
        String all = client().send("GET", "/metrics", "").body();
        for (String operation : List.of("rerank", "embeddings")) {
            for (String series : List.of(
                    "gen_ai_server_request_duration_seconds_count",
                    "gen_ai_client_token_usage_count",
                    "gateway_overhead_seconds_count")) {
                assertTrue(
                        all.lines()
                                .anyMatch(line -> line.startsWith(series)
                                        && line.contains("gen_ai_operation_name=\"" + operation + "\"")),
                        operation + " " + series);
            }
        }
    }

    @Test
    void audioGoesToItsModelsUpstreamUntouched() {
        String form = String.join(
                "\r\n",
                "--b",
                "Content-Disposition: form-data; name=\"model\"",
                "",
                "phi-4-mini",
                "--b",
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"",
                "",
                "RIFF....",
                "--b--",
                "");
        upstream.script(Script.start().json(200, "{\"text\":\"hello\"}"));
        Reply reply = client().send(
                        "POST", "/v1/audio/transcriptions", form, "Content-Type", "multipart/form-data; boundary=b");
        assertEquals(200, reply.status());
        assertEquals(form, upstream.lastCall().text());
        assertEquals("multipart/form-data; boundary=b", upstream.lastCall().header("content-type"));
    }

    @Test
    void theReplySaysWhoAnsweredAndWhereTheTimeWent() {
        Reply reply = client().chat(STREAM);
        assertEquals("phi-4-mini", reply.header("x-gateway-model"));
        assertEquals("foundry", reply.header("x-gateway-upstream"));
        assertEquals("direct", reply.header("x-gateway-route"));
        String timing = reply.header("server-timing").toLowerCase(Locale.ROOT);
        for (String part : List.of("queue;dur=", "prep;dur=", "send;dur=", "first-token;dur=", "total;dur=")) {
            assertTrue(timing.contains(part), timing);
        }
    }

    private GatewayClient client() {
        return new GatewayClient(port);
    }
}
