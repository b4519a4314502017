package dev.foundrygateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Live;
import dev.foundrygateway.testing.GatewayClient.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several answers of a model server that gives one at a time. */
@QuarkusTest
@QuarkusTestResource(value = FourGenerations.class, restrictToAnnotatedClass = true)
class FanOutQuarkusTest {
    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void allAreListed() {
        FourGenerations.clear();
        await().untilAsserted(() -> {
            String models = client().send("GET", "/openai/models", "").body();
            FourGenerations.MODELS.values().forEach(id -> assertTrue(models.contains(id), models));
        });
    }

    private GatewayClient client() {
        return new GatewayClient(port);
    }

    private static String asking(String model, int answers, String more) {
        return "{\"model\":\"" + model + "\",\"stream\":true,\"n\":" + answers + more
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private static List<JsonObject> chunks(String body) {
        return body.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> new JsonObject(line.substring("data: ".length())))
                .toList();
    }

    private static void script(String upstream, IntFunction<Script> answers) {
        AtomicInteger calls = new AtomicInteger();
        FourGenerations.at(upstream)
                .script(received -> received.path().endsWith("/chat/completions")
                        ? Optional.of(answers.apply(calls.getAndIncrement()))
                        : Optional.empty());
    }

    private static List<ReceivedRequest> chats(String upstream) {
        return FourGenerations.at(upstream).received().stream()
                .filter(received -> received.path().endsWith("/chat/completions"))
                .toList();
    }

    private static String chunk(String id, String text, String finish) {
        return "{\"id\":\"" + id
                + "\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + text + "\"},\"finish_reason\":" + finish + "}]}";
    }

    private static Script answer(int number) {
        return Script.start().stream()
                .event(chunk("id" + number, "text" + number, "null"))
                .event(chunk("id" + number, "", "\"stop\""))
                .event("{\"id\":\"id" + number
                        + "\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":" + (number + 1)
                        + ",\"total_tokens\":" + (number + 11) + "}}")
                .done()
                .end();
    }

    @ParameterizedTest
    @CsvSource({"phi-3-mini-128k", "qwen2.5-0.5b", "phi-4-mini-reasoning"})
    void eachGenerationStreamsAsManyAnswersAsAreAskedFor(String model) {
        Reply reply = client().chat(asking(model, 3, ",\"stream_options\":{\"include_usage\":true}"));
        assertEquals(200, reply.status(), reply.body());
        List<String> finishes = new ArrayList<>();
        List<StringBuilder> texts = List.of(new StringBuilder(), new StringBuilder(), new StringBuilder());
        JsonArray usages = new JsonArray();
        for (JsonObject chunk : chunks(reply.body())) {
            for (Object one : chunk.getJsonArray("choices")) {
                JsonObject choice = (JsonObject) one;
                int index = choice.getInteger("index");
                texts.get(index).append(choice.getJsonObject("delta").getString("content", ""));
                if (choice.getString("finish_reason") != null) {
                    finishes.add(index + choice.getString("finish_reason"));
                }
            }
            if (chunk.getJsonObject("usage") != null) {
                usages.add(chunk.getJsonObject("usage"));
            }
        }
        assertEquals(List.of("0stop", "1stop", "2stop"), finishes);
        assertFalse(texts.get(0).isEmpty());
        assertEquals(texts.get(0).toString(), texts.get(1).toString());
        assertEquals(texts.get(0).toString(), texts.get(2).toString());
        assertEquals(1, usages.size(), reply.body());
        assertEquals(1, reply.body().split("data: \\[DONE]", -1).length - 1);
        assertTrue(reply.body().endsWith("data: [DONE]\n\n"));
        assertEquals(
                1,
                chunks(reply.body()).stream()
                        .map(chunk -> chunk.getString("id"))
                        .collect(Collectors.toSet())
                        .size());
    }

    @Test
    void countsAreSummedAndToldOnceAndOnlyWhenAskedFor() {
        client().send("GET", "/models/load/phi-4-mini-reasoning", "");
        script("cpp", FanOutQuarkusTest::answer);
        Reply told = client().chat(asking("phi-4-mini-reasoning", 3, ",\"stream_options\":{\"include_usage\":true}"));
        List<JsonObject> usages = chunks(told.body()).stream()
                .filter(chunk -> chunk.containsKey("usage"))
                .map(chunk -> chunk.getJsonObject("usage"))
                .toList();
        assertEquals(
                List.of(new JsonObject("{\"prompt_tokens\":30,\"completion_tokens\":6,\"total_tokens\":36}")), usages);
        assertEquals(
                Set.of("id0"),
                Set.copyOf(chunks(told.body()).stream()
                        .map(chunk -> chunk.getString("id"))
                        .toList()));
        script("cpp", FanOutQuarkusTest::answer);
        Reply untold = client().chat(asking("phi-4-mini-reasoning", 3, ""));
        assertFalse(untold.body().contains("usage"), untold.body());
        assertTrue(untold.body().contains("text2"), untold.body());
        // What is measured is the sum all the same.
        script("cpp", FanOutQuarkusTest::answer);
        Reply report = client().chat(asking("phi-4-mini-reasoning", 2, ",\"gateway\":{\"report\":true}"));
        assertTrue(report.body().contains("text1"), report.body());
        assertTrue(chats("cpp").stream().noneMatch(received -> received.json().containsKey("n")));
    }

    @Test
    void aRefusalOfTheFirstAnswerIsItsStatusAndOfALaterOneEndsTheStreamWithAnError() {
        client().send("GET", "/models/load/phi-4-mini-reasoning", "");
        script(
                "cpp",
                number -> Script.start()
                        .json(400, "{\"error\":{\"message\":\"no such thing\",\"type\":\"invalid_request_error\"}}"));
        assertEquals(400, client().chat(asking("phi-4-mini-reasoning", 3, "")).status());
        assertEquals(1, chats("cpp").size());
        script(
                "cpp",
                number -> number == 0
                        ? answer(0)
                        : Script.start().json(500, "{\"error\":{\"message\":\"out of memory\"}}"));
        Reply reply = client().chat(asking("phi-4-mini-reasoning", 3, ""));
        assertEquals(200, reply.status());
        assertTrue(reply.body().contains("text0") && reply.body().contains("out of memory"), reply.body());
        assertFalse(reply.body().contains("[DONE]"), reply.body());
        assertEquals(3, chats("cpp").size(), "no third answer is asked for");
    }

    @Test
    void aClientThatLeavesEndsTheAnswerUnderWayAndNoOtherBegins() throws Exception {
        client().send("GET", "/models/load/phi-4-mini-reasoning", "");
        CompletableFuture<Void> never = new CompletableFuture<>();
        script(
                "cpp",
                number -> number == 0
                        ? answer(0)
                        : Script.start().stream()
                                .event(chunk("b", "begun", "null"))
                                .await(never)
                                .end());
        try (Live live = client().open(
                        "POST",
                        "/v1/chat/completions",
                        asking("phi-4-mini-reasoning", 3, ""),
                        "Content-Type",
                        "application/json")) {
            assertTrue(live.readUntil("begun").contains("\"index\":1"));
        }
        assertEquals(
                ReceivedRequest.How.RESET,
                chats("cpp").get(1).ended().get(15, SECONDS).how());
        assertEquals(2, chats("cpp").size());
    }

    @Test
    void moreAnswersThanAModelIsHeldForAreRefused() {
        Reply reply = client().chat(asking("phi-4-mini-reasoning", 17, ""));
        assertEquals(400, reply.status());
        assertTrue(reply.body().contains("\"param\":\"n\""), reply.body());
    }
}
