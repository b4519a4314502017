package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** In front of the .NET core, which answers a stream that fails with 200, no event and a broken connection. */
class RealFoundry1xIT extends RealFoundryTests {
    RealFoundry1xIT() {
        super(Need.env("FOUNDRY_1X_URL"));
    }

    @Test
    void turnsAnEmptyStreamIntoAStatus() {
        HttpResponse<String> response =
                caller().post("/v1/chat/completions", chat(ID, "sea ".repeat(9000), 16, ",\"stream\":true"));
        assertThat(response.body(), response.statusCode(), greaterThanOrEqualTo(400));
        assertThat(HttpCaller.json(response).getMap("error"), isOpenAisError());
    }
}
