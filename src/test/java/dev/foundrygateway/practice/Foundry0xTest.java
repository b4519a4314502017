package dev.foundrygateway.practice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The shape of Foundry Local 0.x: after its documentation, as there is no recording. */
class Foundry0xTest extends OverSockets {
    private static final String ID = "tiny-instruct-generic-cpu";
    private static final PracticeModel TINY = PracticeModel.named(ID).withAlias("tiny-instruct");
    private static final PracticeSettings SETTINGS =
            PracticeSettings.immediate().withShape(Shape.FOUNDRY_0X).withModels(TINY);
    private static final String CHAT =
            "{\"model\":\"" + ID + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":4";

    Foundry0xTest() {
        super(SETTINGS);
    }

    @Test
    void statusIsUnderOpenai() {
        JsonObject status = new JsonObject(client().get("/openai/status").body());

        assertEquals(Set.of("endpoints", "modelDirPath", "pipeName"), status.fieldNames());
        assertEquals(404, client().get("/status").statusCode());
    }

    @Test
    void theCatalogueIsAnArrayWithAllThatTheSdkRequires() {
        JsonArray list = new JsonArray(client().get("/foundry/list").body());

        assertEquals(1, list.size());
        assertEquals(ID, list.getJsonObject(0).getString("name"));
        assertEquals("tiny-instruct", list.getJsonObject(0).getString("alias"));
        assertTrue(list.getJsonObject(0)
                .fieldNames()
                .containsAll(List.of(
                        "displayName",
                        "modelType",
                        "providerType",
                        "uri",
                        "version",
                        "promptTemplate",
                        "publisher",
                        "task",
                        "runtime",
                        "fileSizeMb",
                        "modelSettings",
                        "supportsToolCalling",
                        "license",
                        "licenseDescription",
                        "parentModelUri",
                        "maxOutputTokens")));
    }

    @Test
    void modelsAreLoadedAndUnloadedById() {
        restart(SETTINGS.withModels(TINY.notLoaded()));

        assertEquals("[\"" + ID + "\"]", client().get("/openai/models").body());
        assertEquals("[]", client().get("/openai/loadedmodels").body());
        assertEquals(400, client().chat(CHAT + "}").statusCode());
        HttpResponse<String> load = client().get("/openai/load/" + ID + "?ttl=600&ep=cpu");
        assertEquals(200, load.statusCode());
        assertEquals("", load.body());
        assertEquals("[\"" + ID + "\"]", client().get("/openai/loadedmodels").body());
        assertEquals(200, client().chat(CHAT + "}").statusCode());
        assertEquals(200, client().get("/openai/unload/" + ID + "?force=true").statusCode());
        assertEquals("[]", client().get("/openai/loadedmodels").body());
    }

    @Test
    void anUnknownModelHasNoProvider() {
        HttpResponse<String> load = client().get("/openai/load/no-such-model");

        assertEquals(500, load.statusCode());
        assertTrue(load.body().contains("No OpenAIService provider found for modelName"), load.body());
        assertEquals(400, client().chat(CHAT.replace(ID, "tiny-instruct") + "}").statusCode());
    }

    @Test
    void chunksFillDeltaAndMessageAndHaveNeitherUsageNorFinishReason() {
        List<String> events =
                Recording.events(client().chat(CHAT + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}")
                        .body());

        assertEquals(5, events.size());
        assertEquals("[DONE]", events.get(4));
        JsonObject last = new JsonObject(events.get(3));
        assertEquals(
                Set.of(
                        "model",
                        "choices",
                        "created",
                        "CreatedAt",
                        "id",
                        "IsDelta",
                        "Successful",
                        "HttpStatusCode",
                        "object"),
                last.fieldNames());
        assertEquals("chat.id.1", last.getString("id"));
        JsonObject choice = last.getJsonArray("choices").getJsonObject(0);
        assertEquals(choice.getJsonObject("delta"), choice.getJsonObject("message"));
        assertFalse(choice.containsKey("finish_reason"));
    }

    @Test
    void aPlainAnswerHasNoUsage() {
        JsonObject answer = new JsonObject(client().chat(CHAT + "}").body());

        assertFalse(answer.containsKey("usage"));
        assertEquals("length", answer.getJsonArray("choices").getJsonObject(0).getString("finish_reason"));
    }
}
