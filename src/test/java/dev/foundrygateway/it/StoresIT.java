package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;
import static org.hamcrest.Matchers.startsWith;

import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retrieval with a real small model: by the official Python client's own calls for stores, and by documents in the request. */
class StoresIT {
    private static final String MODEL = "phi-4-mini";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theOfficialClientMakesFillsSearchesAndAsksAStore() {
        try (GatewayProcess gateway = gateway()) {
            JsonPath facts = ClientScript.PYTHON_STORES.run(gateway.v1().toString(), MODEL);

            assertThat(facts.getString("added"), is("completed"));
            assertThat(facts.getString("batch"), is("completed"));
            assertThat(facts.getMap("counts"), is(Map.of("completed", 2, "failed", 1)));
            assertThat(
                    facts.getMap("statuses"),
                    is(Map.of("towers.md", "completed", "ferry.txt", "completed", "broken.pdf", "failed")));

            assertThat(facts.getString("found[0]"), is("towers.md"));
            assertThat(facts.getDouble("score"), greaterThan(0.0));
            assertThat(facts.getString("chunk"), containsString("91 metres"));
            assertThat(facts.getInt("filtered"), is(0));

            assertThat("the model has it from the store", facts.getString("plain.text"), containsString("91"));
            assertThat(facts.getInt("plain.annotations"), greaterThanOrEqualTo(1));
            assertThat(facts.getString("plain.title"), not(emptyString()));
            assertThat(facts.getString("stream.text"), containsString("91"));
            assertThat(facts.getString("stream.finish"), oneOf("stop", "length"));
            assertThat(facts.getInt("stream.annotations"), greaterThanOrEqualTo(1));
            assertThat(facts.getInt("place"), greaterThan(0));
            assertThat(facts.getString("stream.sources[0].file_id"), is(facts.getString("added_id")));
            assertThat(facts.getString("header"), startsWith(facts.getString("added_id") + "#0"));

            assertThat(facts.getString("content"), startsWith("# Towers"));
            assertThat(facts.getString("name"), is("more facts"));
            assertThat(facts.getInt("rewriting"), is(200));
            assertThat(facts.getBoolean("taken_out"), is(true));
            assertThat(facts.getList("after"), hasSize(0));
            assertThat(facts.getList("deleted"), is(List.of(true, true)));
            assertThat(facts.getString("gone"), is("vector_store_not_found"));
        }
    }

    @Test
    void documentsOfTheRequestAreAnsweredFrom() {
        try (GatewayProcess gateway = gateway()) {
            HttpResponse<String> response = new HttpCaller(gateway.base()).post("/v1/chat/completions", """
                    {"model":"phi-4-mini","temperature":0,"max_tokens":48,
                     "messages":[{"role":"user","content":"When does the ferry to Orland leave?"}],
                     "gateway":{"documents":["The tower is 91 m high.","The ferry to Orland leaves at 8:15 from pier 4."]}}""");
            assertThat(response.body(), response.statusCode(), is(200));
            JsonPath answer = HttpCaller.json(response);
            assertThat(answer.getString("choices[0].message.content"), containsString("8:15"));
            assertThat(answer.getString("gateway.sources[0].id"), is("doc-1#0"));
        }
    }

    private GatewayProcess gateway() {
        URI slm = URI.create(Need.env("SLM_URL"));
        return GatewayProcess.start(Map.of(
                "FOUNDRY_LOCAL_ENDPOINT",
                slm.resolve("/v1").toString(),
                "gateway.retrieval.directory",
                folder.resolve("retrieval").toString()));
    }
}
