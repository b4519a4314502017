package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.restassured.RestAssured;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program is killed while clients ask: its account is off by no more than what was under way. */
class UsageCrashIT {
    private static final int CLIENTS = 6;
    private static final String CHAT =
            "{\"model\":\"phi-4-mini\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aKilledGatewayKnowsWhatWasUsed() throws InterruptedException {
        int before = 0;
        for (int kill = 0; kill < 3; kill++) {
            AtomicInteger answered = new AtomicInteger();
            List<Thread> clients = new ArrayList<>();
            try (GatewayProcess gateway = gateway()) {
                assertThat("what was before", requests(gateway.v1()), is(before));
                for (int i = 0; i < CLIENTS; i++) {
                    Thread client = new Thread(() -> ask(gateway.v1(), answered));
                    client.start();
                    clients.add(client);
                }
                while (answered.get() < 60) {
                    Thread.onSpinWait();
                }
                gateway.kill();
                for (Thread client : clients) {
                    client.join();
                }
            }
            try (GatewayProcess again = gateway()) {
                int now = requests(again.v1());
                assertThat(now - before, greaterThanOrEqualTo(answered.get() - CLIENTS));
                assertThat(now - before, lessThanOrEqualTo(answered.get() + CLIENTS));
                before = now;
            }
        }
        assertThat(before, greaterThan(150));
    }

    private static void ask(URI v1, AtomicInteger answered) {
        try {
            while (RestAssured.given()
                            .contentType("application/json")
                            .body(CHAT)
                            .post(v1 + "/chat/completions")
                            .statusCode()
                    == 200) {
                answered.incrementAndGet();
            }
        } catch (RuntimeException | AssertionError killed) {
            // As it was meant.
        } catch (Exception killed) {
            // RestAssured throws what Java's compiler does not know of.
        }
    }

    private static int requests(URI v1) {
        return RestAssured.get(v1 + "/gateway/usage").jsonPath().getInt("total.requests");
    }

    private GatewayProcess gateway() {
        return GatewayProcess.start(Map.of(
                "FOUNDRY_LOCAL_ENDPOINT",
                "practice",
                "gateway.retrieval.embedding-model",
                "none",
                "gateway.retrieval.directory",
                folder.resolve("data").toString()));
    }
}
