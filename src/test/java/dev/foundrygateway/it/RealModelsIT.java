package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two real models on two servers behind one endpoint: each request reaches the server that has its model. Shapes are asserted, not wording. */
@TestInstance(Lifecycle.PER_CLASS)
class RealModelsIT {
    private final GatewayProcess gateway;
    private final HttpCaller caller;

    RealModelsIT() {
        URI slm = URI.create(Need.env("SLM_URL"));
        URI llm = URI.create(Need.env("LLM_URL"));
        gateway = GatewayProcess.start(Map.of(
                "gateway.upstreams.slm.url",
                slm.resolve("/v1").toString(),
                "gateway.upstreams.slm.models",
                "phi-4-mini",
                "gateway.upstreams.llm.url",
                llm.toString(),
                "gateway.upstreams.llm.models",
                "gpt-oss-20b"));
        caller = new HttpCaller(gateway.base());
    }

    @AfterAll
    void stopTheGateway() {
        gateway.close();
    }

    @Test
    void listsTheModelsOfBothServersOnce() {
        HttpResponse<String> response = caller.get("/v1/models");
        assertThat(response.body(), response.statusCode(), is(200));
        assertThat(
                HttpCaller.json(response).<String>getList("data.id"),
                containsInAnyOrder("phi-4-mini", "gpt-oss-20b", "hybrid"));
    }

    @ParameterizedTest
    @CsvSource({"phi-4-mini,slm", "gpt-oss-20b,llm"})
    void answersPlainFromTheServerThatHasTheModel(String model, String upstream) {
        HttpResponse<String> response = caller.post("/v1/chat/completions", chat(model, ""));
        assertThat(response.body(), response.statusCode(), is(200));
        JsonPath answer = HttpCaller.json(response);
        assertThat(answer.getString("model"), is(model));
        assertThat(answer.getString("choices[0].message.content"), not(emptyString()));
        assertThat(answer.getInt("usage.total_tokens"), greaterThan(1));
        assertCameFrom(response, model, upstream);
    }

    @ParameterizedTest
    @CsvSource({"phi-4-mini,slm", "gpt-oss-20b,llm"})
    void streamsFromTheServerThatHasTheModel(String model, String upstream) {
        HttpResponse<String> response = caller.post("/v1/chat/completions", chat(model, ",\"stream\":true"));
        assertThat(response.body(), response.statusCode(), is(200));
        ServerSentEvents stream = ServerSentEvents.of(response.body());
        assertThat(stream.text(), not(emptyString()));
        assertThat(stream.finishReasons().size(), is(1));
        assertThat(response.body(), stream.isDone());
        assertThat("usage was not asked for", stream.totalTokens(), is(0));
        assertCameFrom(response, model, upstream);
    }

    @Test
    void knowsNoModelThatNeitherServerHas() {
        HttpResponse<String> response = caller.post("/v1/chat/completions", chat("no-such-model", ""));
        assertThat(response.body(), response.statusCode(), is(404));
        assertThat(HttpCaller.json(response).getString("error.code"), is("model_not_found"));
    }

    private static void assertCameFrom(HttpResponse<String> response, String model, String upstream) {
        assertThat(response.headers().allValues("X-Gateway-Upstream"), contains(upstream));
        assertThat(response.headers().allValues("X-Gateway-Model"), contains(model));
        assertThat(response.headers().allValues("X-Gateway-Route"), is(List.of("direct")));
    }

    private static String chat(String model, String rest) {
        return """
                {"model":"%s","messages":[{"role":"user","content":"What is the capital of Australia?"}],"temperature":0,"max_tokens":16%s}""".formatted(model, rest);
    }
}
