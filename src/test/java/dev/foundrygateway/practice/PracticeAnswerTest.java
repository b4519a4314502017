package dev.foundrygateway.practice;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a practice model answers to what the gateway's features ask of it. */
class PracticeAnswerTest {
    private static final PracticeModel SMALL = PracticeModel.named("phi-4-mini");
    private static final PracticeModel LARGE =
            PracticeModel.named("gpt-oss-20b").withAnswerTokens(80);

    @Test
    void theSentenceThatFitsTheQuestionIsQuotedWithItsSourcesNumber() {
        String question =
                "Sources:\n<sources-0a1b>\n[1] Tower\nThe tower is 91 m high.\n\n[2] Timetable\nThe pier is old. The ferry to Orland leaves at 8:15."
                        + "\n</sources-0a1b>\n\nQuestion: When does the ferry to Orland leave?";

        String text = answer(asking(question), SMALL).text();

        assertThat(text, endsWith("phi-4-mini quotes source [2]: “The ferry to Orland leaves at 8:15.” [2]"));
        assertThat(text, not(containsString("sources-")));
    }

    @Test
    void sourcesWithoutTheQuestionsWordsAreNotQuoted() {
        String question =
                "Sources:\n<sources-0a1b>\n[1] Tower\nThe tower is 91 m high.\n</sources-0a1b>\n\nQuestion: Who sings?";

        assertThat(answer(asking(question), SMALL).text(), endsWith("phi-4-mini finds no answer in the sources."));
    }

    @Test
    void aRubricIsFilled() {
        JsonObject request = asking("<question>\nWhy?\n</question>\n<answer>\nBecause.\n</answer>");
        request.getJsonArray("messages")
                .add(
                        0,
                        message(
                                "system",
                                "Reply with one JSON object: {\"coherence\": n, \"factuality\": n}, each n from 1 to 5."));

        JsonObject scores = new JsonObject(answer(request, LARGE).text());

        assertThat(scores.fieldNames(), is(Set.of("coherence", "factuality")));
        for (String criterion : scores.fieldNames()) {
            assertThat(scores.getInteger(criterion), allOf(greaterThanOrEqualTo(1), lessThanOrEqualTo(5)));
        }
    }

    @Test
    void theSmallModelHedgesOnOneQuestionAndPassesOnAnotherAndTheLargeOneAnswersBoth() {
        JsonObject mars = asking("How many people will live on Mars in 2100?");
        JsonObject calendar = asking("What is in my calendar tomorrow?");

        assertThat(answer(mars, SMALL).text(), startsWith("I think it might be a million, maybe."));
        assertThat(answer(calendar, SMALL).text(), startsWith("I don't know what is in your calendar"));
        assertThat(answer(mars, LARGE).text(), containsString("gpt-oss-20b heard: How many people"));
        assertThat(answer(calendar, LARGE).text(), containsString("gpt-oss-20b heard: What is in"));
    }

    @Test
    void aSchemaGetsAnObjectThatItAllows() {
        JsonObject schema = new JsonObject("""
                {"type":"object","required":["name","size","tags","kind","at","next","half","empty"],"properties":{
                  "name":{"type":"string","maxLength":5},
                  "size":{"type":"integer","minimum":3,"multipleOf":2},
                  "half":{"type":"number","exclusiveMaximum":0.2,"multipleOf":0.1},
                  "tags":{"type":"array","items":{"type":"boolean"},"minItems":2},
                  "kind":{"enum":["tower","pier"]},
                  "at":{"type":"string","format":"date"},
                  "empty":{"type":["null","string"]},
                  "next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}},
                 "$defs":{"node":{"type":"object","required":["next"],"properties":{"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}}}}}""");
        JsonObject format = new JsonObject()
                .put("type", "json_schema")
                .put("json_schema", new JsonObject().put("name", "x").put("schema", schema));

        JsonObject object = new JsonObject(answer(asking("What is there?").put("response_format", format), SMALL)
                .text());

        assertThat(object.getString("name"), is("What "));
        assertThat(object.getLong("size"), is(4L));
        assertThat(object.getDouble("half"), lessThanOrEqualTo(0.11));
        assertThat(object.getJsonArray("tags"), is(JsonArray.of(true, true)));
        assertThat(object.getString("kind"), is("tower"));
        assertThat(object.getString("at"), is("2026-01-31"));
        assertThat(object.containsKey("empty") && object.getValue("empty") == null, is(true));
        assertThat(
                "a schema that contains itself ends",
                object.getJsonObject("next").containsKey("next"),
                is(true));
    }

    @Test
    void aJsonObjectIsOneEvenWithoutASchema() {
        JsonObject request = asking("What?").put("response_format", new JsonObject().put("type", "json_object"));

        assertThat(new JsonObject(answer(request, SMALL).text()).getString("heard"), is("What?"));
    }

    @Test
    void aToolIsCalledUnlessItsResultHasComeOrNoneIsWanted() {
        JsonObject parameters = new JsonObject("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}");
        JsonObject request = asking("Weather?")
                .put("tools", JsonArray.of(tool("clock", new JsonObject()), tool("weather", parameters)))
                .put("tool_choice", tool("weather", new JsonObject()));

        PracticeAnswer call = answer(request, SMALL);

        assertThat(call.tool(), is(Optional.of("weather")));
        assertThat(call.finishReason(), is("tool_calls"));
        assertThat(new JsonObject(call.text()).getString("city"), is("Weather?"));
        assertThat(answer(request.copy().put("tool_choice", "auto"), SMALL).tool(), is(Optional.of("clock")));
        assertThat(answer(request.copy().put("tool_choice", "none"), SMALL).tool(), is(Optional.empty()));
        JsonObject after = request.copy();
        after.getJsonArray("messages").add(message("tool", "sunny"));
        assertThat(answer(after, SMALL).tool(), is(Optional.empty()));
    }

    private static PracticeAnswer answer(JsonObject request, PracticeModel model) {
        return PracticeAnswer.to(ModelCall.chat(request), model);
    }

    private static JsonObject asking(String question) {
        return new JsonObject().put("messages", new JsonArray().add(message("user", question)));
    }

    private static JsonObject message(String role, String content) {
        return new JsonObject().put("role", role).put("content", content);
    }

    private static JsonObject tool(String name, JsonObject parameters) {
        return new JsonObject()
                .put("type", "function")
                .put("function", new JsonObject().put("name", name).put("parameters", parameters));
    }
}
