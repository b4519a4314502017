package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.routing.Catalogue;
import dev.foundrygateway.routing.Looks;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Live;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules that choose a model, on the wire. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
@TestProfile(RoutingQuarkusTest.Ruled.class)
class RoutingQuarkusTest {
    private static final String RULES =
            "{\"rules\":[{\"name\":\"code\",\"model\":\"gpt-oss-20b\",\"words\":[\"function\"]}],\"otherwise\":\"%s\"}";
    private static final int STREAMS = 200;
    private static final int CHANGES = 100;
    private static final int GATES = CHANGES / 10;
    private static final String ANSWER = "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"sky\"},\"finish_reason\":\"stop\"}]}";

    /** A file of its own. */
    public static class Ruled implements QuarkusTestProfile {
        private static final Path FILE = temporary();

        private static Path temporary() {
            try {
                return Files.writeString(Files.createTempFile("catalogue", ".json"), RULES.formatted("phi-4-mini"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "gateway.catalogue.file",
                    FILE.toString(),
                    "gateway.upstreams.foundry.concurrency",
                    "256",
                    "gateway.hybrid.lost.draft",
                    "nobody-has-it",
                    "gateway.hybrid.lost.escalation",
                    "gpt-oss-20b",
                    "gateway.models.phi-4-mini.context-length",
                    "4096",
                    "gateway.models.gpt-oss-20b.context-length",
                    "8192",
                    "gateway.messages.models.claude-fixed",
                    "auto");
        }
    }

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @ConfigProperty(name = "gateway.catalogue.file")
    Path file = Path.of("");

    @Inject
    Catalogue catalogue;

    @BeforeEach
    void begin() {
        upstream.clear();
        upstream.script(request ->
                request.method().equals("POST") ? Optional.of(Script.start().json(200, ANSWER)) : Optional.empty());
    }

    @Test
    void aDraftThatNobodyServesIsToldWhereTheGatewayTellsHowItIs() {
        Awaitility.await()
                .until(
                        () -> new JsonObject(client().send("GET", "/health", "").body())
                                .getJsonArray("unserved", new JsonArray())
                                .contains(
                                        "gateway.hybrid.lost.draft: nobody serves nobody-has-it now; load that model, or name another"));
    }

    @Test
    void aNameThatStandsForSeveralModelsIsListedAndReadsWhatTheSmallestReads() {
        JsonArray models = new JsonObject(client().send("GET", "/v1/models", "").body()).getJsonArray("data");
        for (String name : List.of("auto", "hybrid")) {
            JsonObject entry = models.stream()
                    .map(JsonObject.class::cast)
                    .filter(model -> name.equals(model.getString("id")))
                    .findFirst()
                    .orElseThrow();
            assertEquals(4_096, entry.getInteger("context_length"), entry::encode);
        }
        Reply one = client().send("GET", "/v1/models/auto", "");
        assertEquals(200, one.status(), one::body);
        assertEquals("auto", new JsonObject(one.body()).getString("id"));
        assertEquals(404, client().send("GET", "/v1/models/nobodys", "").status());
    }

    @Test
    void bodiesOfBothProtocolsAreExplained() {
        for (String body : List.of(
                "{\"model\":\"auto\",\"input\":\"fix this function\"}",
                "{\"model\":\"auto\",\"input\":[{\"role\":\"user\",\"content\":\"fix this function\"}]}",
                chat("auto", "fix this function").encode())) {
            Reply told = client().send("POST", "/v1/gateway/explain", body);
            assertEquals(200, told.status(), told::body);
            assertEquals("code", new JsonObject(told.body()).getString("rule"), told::body);
        }
    }

    @Test
    void aRequestIsExplainedAlikeInTheWordsOfEachProtocol() throws IOException {
        Files.writeString(file, """
                {"rules":[{"name":"seen","model":"gpt-oss-20b","pictures":true,"tools":true,"words":["function"],"min_prompt_tokens":40}],
                 "otherwise":"phi-4-mini"}
                """);
        Looks.now(catalogue);
        String rules = "All of this is read before the question. ".repeat(10);
        String picture = "data:image/png;base64,iVBORw0KGgo=";
        JsonObject told = explained("""
                {"model":"auto","messages":[{"role":"system","content":"%s"},{"role":"user","content":[
                   {"type":"text","text":"fix this function"},{"type":"image_url","image_url":{"url":"%s"}}]}],
                 "tools":[{"type":"function","function":{"name":"run","parameters":{"type":"object"}}}]}
                """.formatted(rules, picture));
        assertEquals("seen", told.getString("rule"), told::encode);
        assertEquals(told, explained("""
                {"model":"auto","system":[{"type":"text","text":"%s"}],"messages":[{"role":"user","content":[
                   {"type":"text","text":"fix this function"},
                   {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]}],
                 "tools":[{"name":"run","input_schema":{"type":"object"}}]}
                """.formatted(rules)));
        assertEquals(told, explained("""
                {"model":"auto","instructions":"%s","input":[{"role":"user","content":[
                   {"type":"input_text","text":"fix this function"},{"type":"input_image","image_url":"%s"}]}],
                 "tools":[{"type":"function","name":"run","parameters":{"type":"object"}}]}
                """.formatted(rules, picture)));
        Files.writeString(file, RULES.formatted("phi-4-mini"));
        Looks.now(catalogue);
    }

    @Test
    void whatAClientOfMessagesCallsAModelIsExplainedAsItIsAsked() {
        String body =
                "{\"model\":\"claude-fixed\",\"messages\":[{\"role\":\"user\",\"content\":\"fix this function\"}]}";
        Reply reply = client().send("POST", "/v1/gateway/explain", body, "anthropic-version", "2023-06-01");
        assertEquals(200, reply.status(), reply::body);
        JsonObject told = new JsonObject(reply.body());
        assertEquals("claude-fixed", told.getString("asked"));
        assertEquals("code", told.getString("rule"));
        Reply wrong = client().send(
                        "POST",
                        "/v1/gateway/explain",
                        "{\"model\":\"auto\",\"system\":7,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertEquals(400, wrong.status(), wrong::body);
        assertTrue(wrong.body().contains("system"), wrong::body);
    }

    private JsonObject explained(String body) {
        Reply reply = client().send("POST", "/v1/gateway/explain", body);
        assertEquals(200, reply.status(), reply::body);
        JsonObject told = new JsonObject(reply.body());
        // An estimate, of texts that are laid out a little differently.
        assertTrue((int) told.remove("prompt_tokens") >= 40, reply::body);
        return told;
    }

    @Test
    void theRuleChoosesAndIsTold() {
        Reply code = client().chat(chat("auto", "fix this function")
                .put("gateway", new JsonObject().put("report", true))
                .encode());
        assertEquals(200, code.status(), code::body);
        assertEquals("code", code.header("x-gateway-rule"));
        assertEquals(
                "code", new JsonObject(code.body()).getJsonObject("gateway").getString("rule"));
        assertTrue(lastAsked().startsWith("gpt-oss-20b"), this::lastAsked);
        Reply other = client().chat(chat("auto", "why is the sky blue").encode());
        assertEquals("otherwise", other.header("x-gateway-rule"));
        assertTrue(lastAsked().startsWith("phi-4-mini"), this::lastAsked);
        Reply plain = client().chat(chat("phi-4-mini", "fix this function").encode());
        assertEquals("", plain.header("x-gateway-rule"));
        assertTrue(lastAsked().startsWith("phi-4-mini"), this::lastAsked);
        String models = client().send("GET", "/v1/models", "").body();
        assertTrue(models.contains("\"id\":\"auto\""), models);
    }

    @Test
    void whyIsToldWithoutAskingAModel() {
        Reply reply = client().send(
                        "POST",
                        "/v1/gateway/explain",
                        chat("auto", "fix this function").encode(),
                        "Content-Type",
                        "application/json");
        assertEquals(200, reply.status(), reply::body);
        JsonObject told = new JsonObject(reply.body());
        assertEquals("gpt-oss-20b", told.getString("model"));
        assertEquals("code", told.getString("rule"));
        assertEquals("foundry", told.getString("upstream"));
        assertTrue(upstream.received().stream()
                .noneMatch(request -> request.method().equals("POST")));
        JsonObject rules =
                new JsonObject(client().send("GET", "/v1/gateway/explain", "").body());
        assertEquals("gateway.catalogue", rules.getString("object"));
    }

    @Test
    void noStreamIsCutWhileTheFileChangesAndAWrongOneChangesNothing() throws IOException {
        List<CompletableFuture<String>> gates = Stream.generate(() -> new CompletableFuture<String>())
                .limit(GATES)
                .toList();
        upstream.script(request -> request.method().equals("POST") ? Optional.of(gated(gates)) : Optional.empty());
        List<Live> streams = new ArrayList<>();
        String stream = chat("auto", "why").put("stream", true).encode();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(client().open("POST", "/v1/chat/completions", stream, "Content-Type", "application/json"));
        }
        for (Live live : streams) {
            live.readUntil("\"begun\"");
        }
        for (int i = 0; i < CHANGES; i++) {
            String wrong = "{\"rules\":[" + i;
            Files.writeString(file, i % 10 == 9 ? wrong : RULES.formatted(i % 2 == 0 ? "gpt-oss-20b" : "phi-4-mini"));
            Looks.now(catalogue);
            assertEquals(i % 2 == 0 || i % 10 == 9 ? "gpt-oss-20b" : "phi-4-mini", explained(), "change " + i);
            if (i % 10 == 9) {
                int passed = i / 10;
                gates.get(passed).complete("");
                for (Live live : streams) {
                    live.readUntil("\"piece " + passed + "\"");
                }
            }
        }
        for (Live live : streams) {
            live.readUntil("[DONE]");
            live.close();
        }
        Files.writeString(file, RULES.formatted("phi-4-mini"));
        Looks.now(catalogue);
    }

    private static Script gated(List<CompletableFuture<String>> gates) {
        Script script = Script.start().stream().event(RelayQuarkusTest.CHUNK.formatted("begun"));
        for (int i = 0; i < gates.size(); i++) {
            script = script.await(gates.get(i)).event(RelayQuarkusTest.CHUNK.formatted("piece " + i));
        }
        return script.event(RelayQuarkusTest.FINISH).done().end();
    }

    private String explained() {
        return new JsonObject(client().send(
                                "POST",
                                "/v1/gateway/explain",
                                chat("auto", "why").encode(),
                                "Content-Type",
                                "application/json")
                        .body())
                .getString("model");
    }

    private String lastAsked() {
        return upstream.received().stream()
                .filter(request -> request.method().equals("POST"))
                .reduce((first, second) -> second)
                .map(request -> request.body().toJsonObject().getString("model"))
                .orElse("");
    }

    private static JsonObject chat(String model, String prompt) {
        return new JsonObject()
                .put("model", model)
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", prompt)));
    }

    private GatewayClient client() {
        return new GatewayClient(port);
    }
}
