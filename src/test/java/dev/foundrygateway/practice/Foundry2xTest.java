package dev.foundrygateway.practice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape of Foundry Local 2.x: against what runtime 2.2.1 was recorded to answer. */
class Foundry2xTest extends OverSockets {
    private static final String ID = "tiny-instruct-generic-cpu:1";
    private static final PracticeModel TINY = PracticeModel.named(ID).withAlias("tiny-instruct");
    private static final PracticeModel OTHER = PracticeModel.named("gemma-3-270m-generic-cpu:1")
            .withAlias("gemma-3-270m")
            .notLoaded();
    private static final PracticeSettings SETTINGS =
            PracticeSettings.immediate().withModels(OTHER, TINY);

    Foundry2xTest() {
        super(SETTINGS);
    }

    private static Recording recorded(String name) {
        return Recording.of("runtime-2.2.1", name);
    }

    @Test
    void statusHasTheRecordedMembers() {
        HttpResponse<String> status = client().get("/status");
        Recording recorded = recorded("01-status");

        assertEquals(recorded.shape(), Recording.shape(status.body()));
        assertEquals(
                "http://127.0.0.1:" + upstream().port(),
                new JsonObject(status.body()).getJsonArray("endpoints").getString(0));
    }

    @Test
    void modelsAreListedById() {
        HttpResponse<String> models = client().get("/v1/models");

        assertEquals(recorded("02-v1-models").shape(), Recording.shape(models.body()));
        assertTrue(models.body().contains("\"id\":\"" + ID + "\""), models.body());
    }

    @Test
    void oneModelIsFoundByIdEscapedOrNot() {
        assertEquals(
                recorded("03-v1-model-id").shape(),
                Recording.shape(client().get("/v1/models/" + ID).body()));
        assertEquals(200, client().get("/v1/models/" + ID.replace(":", "%3A")).statusCode());
    }

    @Test
    void aModelIsNotFoundWithoutItsVersion() {
        HttpResponse<String> reply = client().get("/v1/models/tiny-instruct-generic-cpu");
        Recording recorded = recorded("04-v1-model-id-no-version");

        assertEquals(recorded.status(), reply.statusCode());
        assertEquals(recorded.body(), reply.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "26-chat-unknown-model",
                "29-chat-empty-body",
                "30-chat-no-model",
                "32-chat-empty-messages",
                "43-chat-max-tokens-0"
            })
    void wrongRequestsGetTheRecordedError(String name) {
        Recording recorded = recorded(name);

        HttpResponse<String> reply = client().chat(recorded.request());

        assertEquals(recorded.status(), reply.statusCode());
        assertEquals(recorded.body(), reply.body());
    }

    @Test
    void brokenJsonIsABadRequest() {
        HttpResponse<String> reply = client().chat("{\"model\":\"" + ID + "\",\"messages\":[");

        assertEquals(400, reply.statusCode());
        assertTrue(reply.body().contains("Invalid JSON: "), reply.body());
    }

    @Test
    void unknownRoutesGetAText() {
        HttpResponse<String> reply = client().post("/v1/no-such-route", "{}");
        Recording recorded = recorded("59-unknown-route");

        assertEquals(recorded.status(), reply.statusCode());
        assertEquals(recorded.body().strip(), reply.body().strip());
        assertEquals("close", reply.headers().firstValue("Connection").orElse(""));
        assertFalse(reply.headers().firstValue("Content-Type").isPresent());
    }

    @Test
    void chatHasTheRecordedMembersInTheirOrder() {
        Recording recorded = recorded("20-chat");

        HttpResponse<String> reply = client().chat(recorded.request());

        assertEquals(unlabelled(recorded.shape()), unlabelled(Recording.shape(reply.body())));
        JsonObject choice = new JsonObject(reply.body()).getJsonArray("choices").getJsonObject(0);
        assertEquals("length", choice.getString("finish_reason"));
        assertEquals(16, new JsonObject(reply.body()).getJsonObject("usage").getInteger("completion_tokens"));
        assertEquals("practice", new JsonObject(reply.body()).getString("system_fingerprint"));
    }

    /** The one wanted difference: the practice upstream labels its answers. */
    private static List<String> unlabelled(List<String> shape) {
        return shape.stream()
                .filter(path -> !path.startsWith("$.system_fingerprint"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"21-chat-stream", "22-chat-stream-include-usage"})
    void streamsHaveTheRecordedEventsInTheirOrder(String name) {
        Recording recorded = recorded(name);

        HttpResponse<String> reply = client().chat(recorded.request());

        assertEquals(
                Recording.shapes(recorded.body()).stream()
                        .map(Foundry2xTest::unlabelled)
                        .toList(),
                Recording.shapes(reply.body()).stream()
                        .map(Foundry2xTest::unlabelled)
                        .toList());
        assertEquals(
                "text/event-stream", reply.headers().firstValue("Content-Type").orElse(""));
    }

    @Test
    void aStreamCarriesTheWordsOfThePlainAnswer() {
        String request = "{\"model\":\"" + ID + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Grüße, Welt\"}]";
        String plain = new JsonObject(client().chat(request + "}").body())
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject("message")
                .getString("content");

        StringBuilder streamed = new StringBuilder();
        for (String event :
                Recording.events(client().chat(request + ",\"stream\":true}").body())) {
            if (event.startsWith("{")) {
                JsonObject choice =
                        new JsonObject(event).getJsonArray("choices").getJsonObject(0);
                streamed.append(choice.getJsonObject("delta").getString("content", ""));
            }
        }

        assertEquals(plain, streamed.toString());
        assertTrue(
                plain.startsWith("This is the practice upstream of Foundry Gateway, not a model. " + ID
                        + " heard: Grüße, Welt."),
                plain);
    }

    @Test
    void streamsCarryTheirHeadersTwiceIfAskedTo() {
        restart(SETTINGS.withDoubledHeaders());

        HttpResponse<String> reply = client().chat(recorded("21-chat-stream").request());

        for (String name : List.of("Connection", "Cache-Control", "Content-Type")) {
            assertEquals(2, reply.headers().allValues(name).size(), name);
        }
    }

    @Test
    void commentsKeepAStreamAliveUntilTheFirstToken() {
        restart(SETTINGS.withModels(TINY.withDelays(Duration.ofMillis(5), Duration.ZERO))
                .withKeepAlive(Duration.ofMillis(2)));

        String body = client().chat(recorded("21-chat-stream").request()).body();

        assertTrue(body.startsWith(": keep-alive\n\n: keep-alive\n\ndata: "), body);
    }

    @Test
    void aModelThatIsNotLoadedAnswersAfterLoadingByAlias() {
        restart(SETTINGS.withModels(TINY.notLoaded()));
        Recording refused = recorded("08-chat-not-loaded");

        HttpResponse<String> before = client().chat(refused.request());
        assertEquals(refused.status(), before.statusCode());
        assertEquals(refused.body(), before.body());
        assertEquals("[]", client().get("/models/loaded").body());
        assertEquals(404, client().get("/models/load/" + ID).statusCode());

        assertEquals(
                recorded("11-load-alias").body(),
                client().get("/models/load/tiny-instruct").body());
        assertEquals(
                "{\"status\":\"already_loaded\"}",
                client().get("/models/load/tiny-instruct").body());

        assertEquals(
                recorded("13-loaded").body(), client().get("/models/loaded").body());
        assertEquals(200, client().chat(refused.request()).statusCode());
        assertEquals(2, upstream().loads("tiny-instruct"));
        assertEquals(
                recorded("901-unload-alias").body(),
                client().get("/models/unload/tiny-instruct").body());
        assertEquals("[]", client().get("/models/loaded").body());
    }

    @Test
    void loadingAnUnknownModelGetsTheRecordedError() {
        HttpResponse<String> reply = client().get("/models/load/no-such-model");

        assertEquals(recorded("10-load-unknown").status(), reply.statusCode());
        assertEquals(recorded("10-load-unknown").body(), reply.body());
        assertEquals(0, upstream().loads("no-such-model"));
    }

    @Test
    void responsesHaveTheRecordedMembers() {
        Recording recorded = recorded("72-responses");

        String body = client().post("/v1/responses", recorded.request()).body();

        assertEquals(recorded.shape(), Recording.shape(body));
        assertEquals("incomplete", new JsonObject(body).getString("status"));
        assertEquals(
                recorded("75-responses-list").body(),
                client().get("/v1/responses").body());
    }

    @Test
    void streamedResponsesHaveTheRecordedEvents() {
        Recording recorded = recorded("73-responses-stream");

        String body = client().post("/v1/responses", recorded.request()).body();

        assertEquals(Recording.shapes(recorded.body()), Recording.shapes(body));
        assertEquals(eventNames(recorded.body()), eventNames(body));
    }

    private static List<String> eventNames(String stream) {
        return stream.lines().filter(line -> line.startsWith("event: ")).toList();
    }

    @Test
    void embeddingsAreUnitVectorsNearWhereWordsAreShared() {
        String request = "{\"model\":\"" + ID
                + "\",\"input\":[\"the blue sky over the sea\",\"The sky, blue!\",\"invoice number seven\"]}";

        JsonArray data = new JsonObject(client().post("/v1/embeddings", request).body()).getJsonArray("data");

        assertEquals(3, data.size());
        assertEquals(64, data.getJsonObject(0).getJsonArray("embedding").size());
        assertEquals(1.0, cosine(data, 0, 0), 1e-9);
        assertTrue(cosine(data, 0, 1) > cosine(data, 0, 2), data.encode());
    }

    private static double cosine(JsonArray data, int first, int second) {
        JsonArray a = data.getJsonObject(first).getJsonArray("embedding");
        JsonArray b = data.getJsonObject(second).getJsonArray("embedding");
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            sum += a.getDouble(i) * b.getDouble(i);
        }
        return sum;
    }

    @Test
    void oneInputGivesOneEmbedding() {
        String body = client().post("/v1/embeddings", "{\"model\":\"" + ID + "\",\"input\":\"hello\"}")
                .body();

        assertEquals(1, new JsonObject(body).getJsonArray("data").size());
    }
}
