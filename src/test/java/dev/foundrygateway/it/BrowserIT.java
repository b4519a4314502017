package dev.foundrygateway.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real browser: a page from disk talks to the gateway, a page of an origin that isn't let in can neither read nor have work done. */
class BrowserIT {
    private static final Path PAGE = ClientScript.FOLDER.resolve("page.html");

    @BeforeAll
    static void needsTheBrowser() {
        Need.path("CHROMIUM");
    }

    @Test
    void aPageFromDiskChatsPlainAndStreamed() {
        URI upstream = URI.create(Need.env("FOUNDRY_2X_URL"));
        assertThat(new HttpCaller(upstream).get("/models/load/tiny-instruct").statusCode(), is(200));
        try (GatewayProcess gateway = GatewayProcess.start(
                Map.of("FOUNDRY_LOCAL_ENDPOINT", upstream.resolve("/v1").toString()))) {
            JsonPath facts = ClientScript.BROWSER.run(
                    PAGE.toUri() + query(gateway, "tiny-instruct-generic-cpu:1"), "plain", "streamed");

            assertThat(facts.getInt("plain.status"), is(200));
            assertThat(facts.getString("plain.text"), not(emptyString()));
            assertThat("exposed to the page", facts.getString("plain.requestId"), not(emptyString()));
            assertThat(facts.getInt("streamed.status"), is(200));
            assertThat(facts.getString("streamed.text"), is(facts.getString("plain.text")));
            assertThat(facts.getBoolean("streamed.done"), is(true));
            assertThat("nothing on the console", facts.getList("console"), is(empty()));
        }
    }

    @Test
    void aPageFromDiskSeesTheWordsAsTheyCome() {
        URI upstream = URI.create(Need.env("SLM_URL"));
        try (GatewayProcess gateway = GatewayProcess.start(
                Map.of("FOUNDRY_LOCAL_ENDPOINT", upstream.resolve("/v1").toString()))) {
            JsonPath facts = ClientScript.BROWSER.run(PAGE.toUri() + query(gateway, "phi-4-mini"), "streamed");

            assertThat("several reads", facts.getInt("streamed.reads"), greaterThanOrEqualTo(3));
            assertThat(facts.getBoolean("streamed.done"), is(true));
            assertThat("nothing on the console", facts.getList("console"), is(empty()));
        }
    }

    @Test
    void aPageOfADeniedOriginCanNeitherReadNorPost() throws IOException {
        try (CountingServer modelServer = CountingServer.start("application/json", "{\"choices\":[]}");
                CountingServer site = CountingServer.start("text/html; charset=utf-8", Files.readString(PAGE));
                GatewayProcess gateway =
                        GatewayProcess.start(Map.of("FOUNDRY_LOCAL_ENDPOINT", modelServer.at("127.0.0.1") + "v1"))) {
            JsonPath facts = ClientScript.BROWSER.run(site.at("denied.test") + query(gateway, "phi-4-mini"), "intrude");

            assertThat(facts.getString("intrude.read"), is("TypeError"));
            assertThat(facts.getString("intrude.post"), is("TypeError"));
            assertThat(facts.getString("intrude.simplePost"), is("TypeError"));
            assertThat("sent, but opaque", facts.getString("intrude.blindPost"), oneOf("opaque", "TypeError"));
            assertThat("no work for the model server", modelServer.posts(), is(0));
            assertThat("the page itself came", site.requests(), greaterThanOrEqualTo(1));
        }
    }

    private static String query(GatewayProcess gateway, String model) {
        return "?gateway=" + gateway.base() + "&model=" + URLEncoder.encode(model, UTF_8);
    }
}
