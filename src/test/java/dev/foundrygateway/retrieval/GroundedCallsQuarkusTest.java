package dev.foundrygateway.retrieval;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.Script;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A streamed answer that cites and then calls a tool: its citations come while its text is open. */
@QuarkusTest
@QuarkusTestResource(value = RetrievalResource.class, restrictToAnnotatedClass = true)
class GroundedCallsQuarkusTest {
    private static final String DOCUMENTS =
            ",\"stream\":true,\"gateway\":{\"documents\":[{\"title\":\"Towers\",\"text\":\"The tower is 91 m high.\",\"url\":\"http://t/1\"}]}}";
    private static final String QUESTION = "\"messages\":[{\"role\":\"user\",\"content\":\"How high is the tower?\"}]";

    @BeforeEach
    void answer() {
        RetrievalResource.UPSTREAM.clear();
        RetrievalResource.UPSTREAM.script(Script.start().stream()
                .event(chunk("\"content\":\"91 m [1]. \"", "null"))
                .event(chunk(
                        "\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"{\"}}]",
                        "null"))
                .event(chunk("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"}\"}}]", "null"))
                .event(chunk("\"content\":\"Sure [1].\"", "null"))
                .event(chunk("", "\"tool_calls\""))
                .done()
                .end());
    }

    @Test
    void aChatHasThemOnTheChunkThatCallsAndThoseOfALaterTextAtTheEnd() {
        List<JsonObject> annotations = events("/v1/chat/completions", "{\"model\":\"phi-4-mini\"," + QUESTION)
                .filter(event -> event.containsKey("choices"))
                .map(event -> event.getJsonArray("choices").getJsonObject(0).getJsonObject("delta"))
                .filter(delta -> delta.containsKey("annotations"))
                .toList();
        assertEquals(2, annotations.size(), annotations::toString);
        assertTrue(annotations.get(0).containsKey("tool_calls"), annotations::toString);
        assertEquals(5, place(annotations.get(0)).getInteger("start_index"));
        assertEquals(15, place(annotations.get(1)).getInteger("start_index"));
    }

    private static JsonObject place(JsonObject delta) {
        JsonArray annotations = delta.getJsonArray("annotations");
        assertEquals(1, annotations.size(), annotations::encode);
        return annotations.getJsonObject(0).getJsonObject("url_citation");
    }

    @Test
    void aMessageHasThemInItsTextBlock() {
        List<String> order = events("/v1/messages", "{\"model\":\"phi-4-mini\",\"max_tokens\":9," + QUESTION)
                .filter(event -> event.getString("type").startsWith("content_block"))
                .map(event -> event.getInteger("index") + " "
                        + event.getJsonObject("delta", event.getJsonObject("content_block", new JsonObject()))
                                .getString("type", "stop"))
                .toList();
        assertEquals(
                List.of("0 text", "0 text_delta", "0 citations_delta", "0 stop", "1 tool_use"), order.subList(0, 5));
    }

    @Test
    void aResponseHasThemInItsTextPart() {
        List<String> types = events("/v1/responses", "{\"model\":\"phi-4-mini\",\"input\":\"How high is the tower?\"")
                .map(event -> event.getString("type"))
                .toList();
        int cited = types.indexOf("response.output_text.annotation.added");
        assertTrue(cited >= 0 && cited < types.indexOf("response.output_text.done"), types::toString);
    }

    private static Stream<JsonObject> events(String path, String body) {
        return given().contentType("application/json")
                .body(body + DOCUMENTS)
                .post(path)
                .asString()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> new JsonObject(line.substring("data: ".length())));
    }

    private static String chunk(String delta, String finish) {
        return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{" + delta
                + "},\"finish_reason\":" + finish + "}]}";
    }
}
