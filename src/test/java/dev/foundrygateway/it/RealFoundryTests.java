package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.either;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * What must hold in front of either runtime. Its model's text is noise, but at temperature 0 always the same noise, so that what comes through the
 * gateway can be compared with what comes directly.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class RealFoundryTests {
    private static final String ALIAS = "tiny-instruct";
    /** The model under the one name that both runtimes take in a chat. */
    static final String ID = "tiny-instruct-generic-cpu:1";

    private final URI upstream;
    private final HttpCaller direct;
    private final GatewayProcess gateway;
    private final HttpCaller caller;

    RealFoundryTests(String upstreamUrl) {
        upstream = URI.create(upstreamUrl);
        direct = new HttpCaller(upstream);
        gateway = GatewayProcess.start(Map.of(
                "FOUNDRY_LOCAL_ENDPOINT",
                upstream.resolve("/v1").toString(),
                "gateway.models." + ALIAS + ".upstream",
                "foundry",
                "gateway.models." + ALIAS + ".id",
                ID));
        caller = new HttpCaller(gateway.base());
    }

    @BeforeAll
    void loadTheModel() {
        assertThat(direct.get("/models/load/" + ALIAS).statusCode(), is(200));
    }

    @AfterAll
    void stopTheGateway() {
        gateway.close();
    }

    @Test
    void listsTheModelsInOpenAisShape() {
        HttpResponse<String> response = caller.get("/v1/models");
        assertThat(response.statusCode(), is(200));
        JsonPath list = HttpCaller.json(response);
        assertThat(list.getString("object"), is("list"));
        assertThat(list.<String>getList("data.object"), everyItem(is("model")));
        assertThat(
                list.<String>getList("data.id"),
                everyItem(either(startsWith("tiny")).or(is("hybrid"))));
        assertThat(list.<String>getList("data.id").size(), greaterThanOrEqualTo(2));
    }

    @Test
    void retrievesEveryModelThatItLists() {
        List<String> listed = HttpCaller.json(caller.get("/v1/models")).getList("data.id");
        for (String id : listed) {
            HttpResponse<String> response = caller.get("/v1/models/" + id);
            assertThat(id, response.statusCode(), is(200));
            assertThat(HttpCaller.json(response).getString("id"), is(id));
        }
    }

    @Test
    void answersPlainWithTheRuntimesOwnText() {
        HttpResponse<String> response = caller.post("/v1/chat/completions", chat(ID, 16, ""));
        assertThat(response.body(), response.statusCode(), is(200));
        JsonPath answer = HttpCaller.json(response);
        assertThat(answer.getString("object"), is("chat.completion"));
        assertThat(answer.getString("choices[0].message.content"), is(directText()));
        assertThat(answer.getInt("usage.completion_tokens"), is(16));
        assertThat(response.headers().allValues("Content-Type"), contains(startsWith("application/json")));
        assertThat(response.headers().firstValue("X-Request-Id").orElse(""), not(emptyString()));
    }

    @Test
    void answersUnderTheAliasToo() {
        HttpResponse<String> response = caller.post("/v1/chat/completions", chat(ALIAS, 16, ""));
        assertThat(response.body(), response.statusCode(), is(200));
        assertThat(HttpCaller.json(response).getString("choices[0].message.content"), is(directText()));
    }

    @Test
    void streamsTheSameTextAndEndsWithDone() {
        HttpResponse<String> response = caller.post("/v1/chat/completions", chat(ID, 16, ",\"stream\":true"));
        assertThat(response.body(), response.statusCode(), is(200));
        assertThat(response.headers().allValues("Content-Type"), contains(startsWith("text/event-stream")));
        ServerSentEvents stream = ServerSentEvents.of(response.body());
        assertThat(stream.text(), is(directText()));
        assertThat(stream.finishReasons(), contains("length"));
        assertThat(response.body(), stream.isDone());
    }

    @Test
    void tellsTheUsageOfAStreamWhenAsked() {
        String wish = ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
        ServerSentEvents stream = ServerSentEvents.of(
                caller.post("/v1/chat/completions", chat(ID, 16, wish)).body());
        assertThat(stream.totalTokens(), greaterThan(16));
        assertThat(stream.isDone(), is(true));
    }

    @Test
    void refusesAnUnknownModelWithAStatusAndOpenAisShape() {
        HttpResponse<String> response = caller.post("/v1/chat/completions", chat("no-such-model", 16, ""));
        assertThat(response.body(), response.statusCode(), either(is(404)).or(is(400)));
        assertThat(HttpCaller.json(response).getMap("error"), isOpenAisError());
    }

    @Test
    void refusesAPromptThatIsTooLong() {
        HttpResponse<String> response = caller.post("/v1/chat/completions", chat(ID, "sea ".repeat(9000), 16, ""));
        assertThat(response.body(), response.statusCode(), is(400));
        assertThat(HttpCaller.json(response).getMap("error"), isOpenAisError());
    }

    @Test
    void relaysResponsesPlainAndStreamed() {
        String wish = """
                {"model":"%s","input":"Tell me about the sea.","temperature":0,"max_output_tokens":16,"stream":%s}""";
        HttpResponse<String> plain = caller.post("/v1/responses", wish.formatted(ID, false));
        assertThat(plain.body(), plain.statusCode(), is(200));
        assertThat(HttpCaller.json(plain).getString("object"), is("response"));
        assertThat(HttpCaller.json(plain).getInt("usage.output_tokens"), is(16));
        HttpResponse<String> streamed = caller.post("/v1/responses", wish.formatted(ID, true));
        assertThat(streamed.body(), streamed.statusCode(), is(200));
        assertThat(streamed.body(), containsString("response.output_text.delta"));
    }

    @Test
    void refusesAnUnknownModelOfAStreamWithAStatusToo() {
        HttpResponse<String> response =
                caller.post("/v1/chat/completions", chat("no-such-model", 16, ",\"stream\":true"));
        assertThat(response.body(), response.statusCode(), allOf(greaterThanOrEqualTo(400), lessThan(600)));
        assertThat(HttpCaller.json(response).getMap("error"), isOpenAisError());
    }

    @Test
    void givesAForeignOriginNoLeaveWhateverTheRuntimeSays() {
        HttpResponse<String> response =
                caller.post("/v1/chat/completions", chat(ID, 16, ""), "Origin", "http://denied.test");
        assertThat(response.statusCode(), is(403));
        assertThat(response.body(), containsString("origin_denied"));
        assertThat(response.headers().allValues("Access-Control-Allow-Origin"), is(List.of()));
    }

    @Test
    void keepsTheRuntimesManagementOutOfReach() {
        assertThat(caller.get("/models/unload/" + ALIAS).statusCode(), is(404));
        assertThat(caller.post("/shutdown", "{}").statusCode(), is(404));
        assertThat(direct.get("/models/loaded").body(), containsString(ALIAS));
    }

    /** Calls the gateway. */
    final HttpCaller caller() {
        return caller;
    }

    /** A chat request at temperature 0; more members follow in {@code rest}, each after a comma. */
    static String chat(String model, String question, int maxTokens, String rest) {
        return """
                {"model":"%s","messages":[{"role":"user","content":"%s"}],"temperature":0,"max_tokens":%d%s}""".formatted(model, question, maxTokens, rest);
    }

    /** What every error has, whoever made it. */
    static Matcher<Map<? extends String, ?>> isOpenAisError() {
        return allOf(hasKey("message"), hasKey("type"), hasKey("code"));
    }

    private static String chat(String model, int maxTokens, String rest) {
        return chat(model, "Tell me about the sea.", maxTokens, rest);
    }

    private String directText() {
        return HttpCaller.json(direct.post("/v1/chat/completions", chat(ID, 16, "")))
                .getString("choices[0].message.content");
    }
}
