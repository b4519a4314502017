package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.foundrygateway.exchange.Observation;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What gives no label, though the large model was asked or could be; and what it costs all the same. */
class LearnerLimitsTest {
    private static final String QUESTION = "What is the capital of Australia?";
    private static final Duration IDLE = Duration.ofSeconds(61);

    @TempDir
    private Path folder = Path.of("");

    private Bench bench(String... more) {
        List<String> settings = new ArrayList<>(
                List.of("learn.enabled", "true", "learn.directory", folder.toString(), "learn.sample", "1"));
        settings.addAll(List.of(more));
        return new Bench(settings.toArray(String[]::new));
    }

    private static void kept(Bench bench, JsonObject request, String draft) {
        bench.ask(request);
        bench.models.to(SMALL).answer(draft, 20, 2);
        bench.pass(IDLE);
    }

    private boolean labelled() {
        return Files.exists(folder.resolve("hybrid").resolve("labels.jsonl"));
    }

    @Test
    void anAnswerThatIsCutIsNotComparedAndTheClientsLimitIsNotItsOwn() {
        Bench bench = bench("learn.label", "agreement");
        kept(bench, Bench.request(QUESTION).put("max_tokens", 5), "Canberra");
        JsonObject asked = bench.models.to(LARGE).request();
        assertEquals(2 * 2 + 32, asked.getInteger("max_tokens"));
        bench.models
                .to(LARGE)
                .answer(new JsonObject().put("role", "assistant").put("content", "The capital of"), "length", 20, 36);
        assertEquals(
                List.of(new Observation.Shadow("hybrid", "unread", 56)),
                bench.observed.stream()
                        .filter(one -> one instanceof Observation.Shadow)
                        .toList());
        assertFalse(labelled());
    }

    @Test
    void anAnswerInAFormIsNotComparedWithOneInWords() {
        Bench bench = bench("learn.label", "agreement");
        JsonObject form = new JsonObject().put("type", "json_object");
        kept(bench, Bench.request(QUESTION).put("response_format", form), "{\"city\":\"Canberra\"}");
        assertEquals(0, bench.models.sent(LARGE));
    }

    @Test
    void whatGaveNoLabelIsSpentAfterARestartToo() {
        Bench bench = bench("learn.tokens-a-day", "100");
        kept(bench, Bench.request(QUESTION), "Canberra");
        bench.models.to(LARGE).answer("Perhaps", 97, 1);
        assertFalse(labelled());
        Bench again = bench("learn.tokens-a-day", "100");
        kept(again, Bench.request(QUESTION), "Canberra");
        assertEquals(0, again.models.sent(LARGE));
    }
}
