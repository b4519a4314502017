package dev.foundrygateway.practice;

import static dev.foundrygateway.practice.PracticeClient.readUntil;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape of Foundry Local 1.x: against what core 1.2.4 was recorded to answer. */
class Foundry1xTest extends OverSockets {
    private static final String ID = "tiny-instruct-generic-cpu:1";
    private static final PracticeModel TINY = PracticeModel.named(ID).withAlias("tiny-instruct");
    private static final PracticeSettings SETTINGS =
            PracticeSettings.immediate().withShape(Shape.FOUNDRY_1X).withModels(TINY);

    Foundry1xTest() {
        super(SETTINGS);
    }

    private static Recording recorded(String name) {
        return Recording.of("runtime-1.2.4", name);
    }

    @Test
    void statusAndModelsHaveTheRecordedMembers() {
        assertEquals(
                recorded("01-status").shape(),
                Recording.shape(client().get("/status").body()));
        assertEquals(
                recorded("02-v1-models").shape(),
                Recording.shape(client().get("/v1/models").body()));
        assertEquals(
                recorded("04-v1-model-id-no-version").shape(),
                Recording.shape(
                        client().get("/v1/models/tiny-instruct-generic-cpu").body()));
    }

    @Test
    void theVersionedIdIsNoNameInTheListOfModels() {
        HttpResponse<String> reply = client().get("/v1/models/" + ID);

        assertEquals(recorded("03-v1-model-id").status(), reply.statusCode());
        assertEquals(recorded("03-v1-model-id").body(), reply.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"26-chat-unknown-model", "30-chat-no-model", "32-chat-empty-messages", "43-chat-max-tokens-0"})
    void wrongRequestsGetTheRecordedError(String name) {
        HttpResponse<String> reply = client().chat(recorded(name).request());

        assertEquals(recorded(name).status(), reply.statusCode());
        assertEquals(recorded(name).body(), reply.body());
    }

    @Test
    void brokenJsonIsAServerError() {
        assertEquals(500, client().chat("{\"model\":").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {ID, "tiny-instruct-generic-cpu", "tiny-instruct"})
    void aModelAnswersToAnyOfItsNamesAndIsNamedAsAsked(String name) {
        String request = recorded("20-chat").request().replace(ID, name);

        String body = client().chat(request).body();

        assertEquals(recorded("20-chat").shape(), Recording.shape(body));
        assertEquals(name, new JsonObject(body).getString("model"));
    }

    @Test
    void everyChunkCarriesRoleAndARunningUsage() {
        String request = recorded("621-cors-stream-with-origin").request().replace("2,", "3,");

        HttpResponse<String> reply =
                client().send("POST", "/v1/chat/completions", request, "Origin", "https://example.org");

        assertEquals(Recording.shapes(recorded("621-cors-stream-with-origin").body()), Recording.shapes(reply.body()));
        List<Integer> counts = new ArrayList<>();
        for (String event : Recording.events(reply.body())) {
            if (event.startsWith("{")) {
                counts.add(new JsonObject(event).getJsonObject("usage").getInteger("completion_tokens"));
            }
        }
        assertEquals(List.of(1, 2, 3, 3), counts);
        assertEquals(
                "https://example.org",
                reply.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
    }

    @Test
    void quotesAndMarkupAreEscapedByNumber() {
        String request = new JsonObject()
                .put("model", ID)
                .put(
                        "messages",
                        JsonArray.of(new JsonObject().put("role", "user").put("content", "a \"<b>\" ü \\n")))
                .encode();

        String body = client().chat(request).body();

        assertTrue(body.contains("heard: a \\u0022\\u003Cb\\u003E\\u0022 \\u00FC \\\\n"), body);
    }

    @Test
    void stopIsIgnored() {
        String request = "{\"model\":\"" + ID
                + "\",\"stop\":\"practice\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

        assertTrue(client().chat(request).body().contains("This is the practice upstream"));
    }

    @Test
    void preflightIsAllowedForAnyOrigin() {
        HttpResponse<String> reply = client().send(
                        "OPTIONS",
                        "/v1/chat/completions",
                        "",
                        "Origin",
                        "null",
                        "Access-Control-Request-Method",
                        "POST",
                        "Access-Control-Request-Headers",
                        "content-type,authorization");

        assertEquals(recorded("62-cors-preflight-chat").status(), reply.statusCode());
        assertEquals("null", header(reply, "Access-Control-Allow-Origin"));
        assertEquals("POST", header(reply, "Access-Control-Allow-Methods"));
        assertEquals("content-type,authorization", header(reply, "Access-Control-Allow-Headers"));
        assertEquals("true", header(reply, "Access-Control-Allow-Credentials"));
        assertFalse(reply.headers().firstValue("Transfer-Encoding").isPresent());
    }

    @Test
    void theWrongMethodIsNamedAndAnUnknownPathIsEmpty() {
        HttpResponse<String> wrong = client().get("/v1/chat/completions");

        assertEquals(405, wrong.statusCode());
        assertEquals("POST", header(wrong, "Allow"));
        assertEquals(405, client().send("HEAD", "/v1/models", "").statusCode());
        assertEquals(404, client().get("/health").statusCode());
        assertEquals("", client().get("/health").body());
    }

    private static String header(HttpResponse<?> reply, String name) {
        return reply.headers().firstValue(name).orElse("");
    }

    @Test
    void aModelThatIsNotLoadedIsRefusedAndLoadsByAnyName() {
        restart(SETTINGS.withModels(TINY.notLoaded()));
        Recording refused = recorded("08-chat-not-loaded");

        assertEquals(refused.body(), client().chat(refused.request()).body());
        assertEquals(500, client().get("/models/load/no-such-model").statusCode());
        HttpResponse<String> load = client().get("/models/load/tiny-instruct-generic-cpu%3A1");

        assertEquals(200, load.statusCode());
        assertEquals("", load.body());
        assertEquals("[\"" + ID + "\"]", client().get("/models/loaded").body());
        assertEquals(200, client().chat(refused.request()).statusCode());
        assertEquals(1, upstream().loads("tiny-instruct"));
        assertEquals(200, client().get("/models/unload/tiny-instruct").statusCode());
        assertEquals("[]", client().get("/models/loaded").body());
    }

    @Test
    void anErrorInAStreamIsACutWithoutAnyEvent() throws IOException {
        restart(SETTINGS.withModels(TINY.notLoaded()));

        try (Socket socket =
                client().connected(recorded("09-chat-not-loaded-stream").request())) {
            String all = readUntil(socket.getInputStream(), "never");

            assertTrue(all.startsWith("HTTP/1.1 200 OK\r\n"), all);
            assertTrue(all.contains("text/event-stream"), all);
            assertTrue(all.endsWith("\r\n\r\n"), all);
        }
    }
}
