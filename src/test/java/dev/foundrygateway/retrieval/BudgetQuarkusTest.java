package dev.foundrygateway.retrieval;

import static dev.foundrygateway.retrieval.StoreCalls.chat;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.Script;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sources fit into the model's context, and the hybrid model knows how well they answer. */
@QuarkusTest
@QuarkusTestResource(value = RetrievalResource.class, restrictToAnnotatedClass = true)
class BudgetQuarkusTest {
    @BeforeEach
    void forget() {
        RetrievalResource.UPSTREAM.clear();
    }

    @Test
    void aSmallConfiguredContextTakesFewerSources() {
        chat("phi-4-mini", "otters", documents()).then().body("gateway.sources", hasSize(5));
        chat("small-context", "otters", documents()).then().statusCode(200).body("gateway.sources", hasSize(1));
    }

    @Test
    void theListOfModelsTellsTheConfiguredContext() {
        given().get("/v1/models")
                .then()
                .statusCode(200)
                .body("data.find { it.id == 'small-context' }.context_length", equalTo(1024));
    }

    @Test
    void theAnswersRoomIsKeptFree() {
        chat("phi-4-mini", "otters", ",\"max_tokens\":3000" + documents())
                .then()
                .body("gateway.sources", hasSize(3));
    }

    @Test
    void anOverflowIsLearnedAndAskedOnceMoreWithLess() {
        AtomicInteger refused = new AtomicInteger();
        RetrievalResource.UPSTREAM.script(request -> request.path().endsWith("/chat/completions")
                        && refused.getAndIncrement() == 0
                ? Optional.of(Script.start()
                        .json(
                                400,
                                "{\"error\":{\"message\":\"This model's maximum context length is 1024 tokens. However, your prompt has 2000.\","
                                        + "\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"}}"))
                : Optional.empty());
        chat("gpt-oss-20b", "otters", documents()).then().statusCode(200).body("gateway.sources", hasSize(1));
        assertEquals(2, chats());
        chat("gpt-oss-20b", "otters", documents()).then().body("gateway.sources", hasSize(1));
        assertEquals(3, chats(), "the second request was right at once");
    }

    @Test
    void aRefusalForAnotherReasonIsTheAnswer() {
        RetrievalResource.UPSTREAM.script(
                Script.start()
                        .json(
                                400,
                                "{\"error\":{\"message\":\"temperature is wrong\",\"type\":\"invalid_request_error\",\"param\":\"temperature\",\"code\":null}}"));
        chat("phi-4-mini", "otters", documents())
                .then()
                .statusCode(400)
                .body("error.message", equalTo("temperature is wrong"));
        assertEquals(1, chats());
    }

    @Test
    void bothTiersOfAHybridModelGetTheSources() {
        chat("hybrid", "otters", ",\"gateway\":{\"documents\":[\"Otters hold hands.\"],\"escalate\":\"always\"}")
                .then()
                .statusCode(200)
                .header("X-Gateway-Route", "escalated")
                .header("X-Gateway-Sources", "doc-0#0")
                .body("gateway.sources[0].id", equalTo("doc-0#0"))
                .body("gateway.route", equalTo("escalated"));
        assertTrue(RetrievalResource.UPSTREAM.lastCall().text().contains("Otters hold hands."));
    }

    @Test
    void sourcesThatDoNotAnswerEscalate() {
        chat("hybrid", "photosynthesis", ",\"gateway\":{\"documents\":[\"Otters hold hands.\"]}")
                .then()
                .statusCode(200)
                .header("X-Gateway-Route", "escalated")
                .header("X-Gateway-Reason", "retrieval_support");
    }

    /** Five documents of some 320 tokens each. */
    private static String documents() {
        StringJoiner all = new StringJoiner("\",\"", "\",\"", "");
        for (int i = 0; i < 5; i++) {
            all.add("Otters number " + i + " say: " + "the river is cold today. ".repeat(50));
        }
        return ",\"gateway\":{\"documents\":[" + all.toString().substring(2) + "\"]}";
    }

    private static long chats() {
        List<?> calls = RetrievalResource.UPSTREAM.received().stream()
                .filter(request -> request.path().endsWith("/chat/completions"))
                .toList();
        return calls.size();
    }
}
