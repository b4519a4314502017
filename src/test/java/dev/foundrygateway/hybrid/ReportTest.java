package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.Calls;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.LegReport;
import dev.foundrygateway.exchange.Observation;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the reply and the metrics say about how it came about. */
class ReportTest {
    private static final String REFUSAL = "I don't know the answer.";

    @Test
    void aPlainReplyHasBothLegsAndTheSumOfTheirTokens() {
        Bench bench = new Bench().priced(1, 10);
        Bench.Answer answer = bench.plain("Why?");
        bench.models.to(SMALL).answer(REFUSAL, 100, 50);
        bench.models.to(LARGE).answer("Because.", 200, 20);
        JsonObject gateway = answer.gateway();
        assertEquals("escalated", gateway.getString("route"));
        assertEquals("refusal", gateway.getString("reason"));
        assertTrue(gateway.getDouble("score") > 0.9);
        assertEquals(2, gateway.getJsonArray("legs").size());
        JsonObject draft = gateway.getJsonArray("legs").getJsonObject(0);
        assertEquals("draft", draft.getString("role"));
        assertEquals(SMALL, draft.getString("model"));
        assertEquals(50, draft.getInteger("completion_tokens"));
        assertEquals((150 + 2200) / 1e6, gateway.getDouble("cost"), 1e-9);
        assertEquals(false, gateway.getBoolean("usage_estimated"));
        assertEquals(300, answer.usage().getInteger("prompt_tokens"));
        assertEquals(70, answer.usage().getInteger("completion_tokens"));
        assertEquals(370, answer.usage().getInteger("total_tokens"));
        assertTrue(bench.observed.contains(new Observation.Decision("hybrid", "refusal", "escalated")));
        assertTrue(bench.observed.contains(new Observation.Wasted("draft", 50)));
        assertTrue(bench.observed.contains(new Observation.EscalatedShare("hybrid", 1)));
    }

    @Test
    void theExchangesReportHasTheLegsAndWhatTheyCost() {
        Bench bench = new Bench().priced(1, 10);
        List<ExchangeReport> reports = new ArrayList<>();
        Account.follow(
                        Calls.chat(Bench.request("Why?").encode(), 0),
                        asked -> bench.send("Why?"),
                        () -> 5,
                        reports::add)
                .subscribe()
                .with(reply -> reply.body().subscribe().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE)));
        bench.models.to(SMALL).answer(REFUSAL, 100, 50);
        bench.models.to(LARGE).answer("Because.", 200, 20);
        List<LegReport> legs = reports.get(0).legs(bench.facts());
        assertEquals(
                List.of("draft 50", "escalation 20"),
                legs.stream()
                        .map(leg -> leg.role() + " " + leg.usage().completionTokens())
                        .toList());
        assertEquals((150 + 2200) / 1e6, LegReport.cost(legs).orElseThrow(), 1e-9);
    }

    @Test
    void aStreamsFinishChunkKnowsTheUsageThatComesAfterIt() {
        Bench bench = new Bench().priced(1, 10);
        Bench.Answer answer = bench.stream("Why?");
        bench.models.to(SMALL).text("Because of that.").finish(100, 50);
        JsonObject gateway = answer.gateway();
        assertEquals("draft", gateway.getString("route"));
        assertEquals(50, gateway.getJsonArray("legs").getJsonObject(0).getInteger("completion_tokens"));
        assertEquals(150 / 1e6, gateway.getDouble("cost"), 1e-9);
        assertTrue(answer.done());
        assertTrue(bench.observed.contains(new Observation.Saved((1500 - 150) / 1e6)));
        assertTrue(bench.observed.contains(new Observation.AllLarge(1500 / 1e6)));
    }

    @Test
    void aCancelledDraftIsCountedByGuess() {
        Bench bench = new Bench("hold.tokens", "5");
        Bench.Answer answer = bench.stream("Why?");
        bench.models.to(SMALL).text(REFUSAL);
        bench.models.to(LARGE).text("Because of that.").finish(10, 3);
        JsonObject gateway = answer.gateway();
        assertEquals(true, gateway.getBoolean("usage_estimated"));
        assertEquals(5, gateway.getJsonArray("legs").getJsonObject(0).getInteger("completion_tokens"));
        assertEquals(8, answer.usage().getInteger("completion_tokens"));
    }

    @Test
    void logprobsThatTheClientDidNotAskForAreTakenOut() {
        Bench bench = new Bench("logprobs", "true", "hold.tokens", "1");
        Bench.Answer answer = bench.stream("Why?");
        assertEquals(true, bench.models.to(SMALL).request().getBoolean("logprobs"));
        bench.models
                .to(SMALL)
                .event(
                        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"So\"},\"logprobs\":{\"content\":[{\"logprob\":-0.1}]}}]}");
        assertEquals("So", answer.text());
        assertTrue(answer.frames.getItems().stream()
                .noneMatch(frame -> frame.bytes().toString().contains("logprob")));
    }
}
