package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** In front of the C++ core, which sends a stream's head before any work and then fails with an event. */
class RealFoundry2xIT extends RealFoundryTests {
    RealFoundry2xIT() {
        super(Need.env("FOUNDRY_2X_URL"));
    }

    @Test
    void turnsAnErrorEventBeforeTheFirstTokenIntoAStatus() {
        HttpResponse<String> response =
                caller().post("/v1/chat/completions", chat(ID, "sea ".repeat(9000), 16, ",\"stream\":true"));
        assertThat(response.body(), response.statusCode(), is(400));
        assertThat(HttpCaller.json(response).getMap("error"), isOpenAisError());
    }
}
