package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the two models do in whatever order, the client's text is one's or the other's, whole. */
class InterleavingTest {
    private static final int RUNS = 3_000;
    private static final String[] DRAFTS = {
        "A good answer that goes on for a while and says what it says.",
        "I'm sorry, but I cannot answer that, whatever the reason may be.",
        "Short."
    };
    private static final String ANSWER = "The large model knows it well and tells it all.";

    @Test
    void everyInterleavingGivesOneWholeAnswer() {
        int drafts = 0;
        int answers = 0;
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(run);
            String text = run(random);
            if (text.equals(ANSWER)) {
                answers++;
            } else {
                drafts++;
            }
        }
        assertTrue(drafts > RUNS / 10, "drafts: " + drafts);
        assertTrue(answers > RUNS / 10, "answers: " + answers);
    }

    private static String run(Random random) {
        List<String> settings = new ArrayList<>(List.of("hold.tokens", Integer.toString(1 + random.nextInt(20))));
        if (random.nextBoolean()) {
            settings.addAll(List.of("hedge-after", "1s"));
        }
        if (random.nextBoolean()) {
            settings.addAll(List.of("budget.deadline", (1 + random.nextInt(20)) + "s"));
        }
        if (random.nextInt(4) == 0) {
            settings.addAll(List.of("mode", "refine", "refine-characters", "40"));
        }
        Bench bench = new Bench(settings.toArray(String[]::new));
        String draft = DRAFTS[random.nextInt(DRAFTS.length)];
        boolean largeFails = random.nextInt(4) == 0;
        Bench.Answer answer = bench.stream("What is it that you know?");
        List<String> left = new ArrayList<>();
        for (int step = 0; step < 500 && !answer.done(); step++) {
            String model = random.nextBoolean() ? SMALL : LARGE;
            if (random.nextInt(8) == 0) {
                bench.pass(Duration.ofMillis(random.nextInt(900)));
            } else if (bench.models.sent(model) > 0) {
                play(
                        bench.models.to(model),
                        model.equals(SMALL) ? draft : ANSWER,
                        model.equals(LARGE) && largeFails,
                        left);
            }
        }
        String text = answer.text();
        assertTrue(text.equals(draft) || text.equals(ANSWER), "neither draft nor answer: " + text);
        assertEquals(
                text.equals(ANSWER) ? "escalation" : "draft", answer.served().tier());
        assertTrue(answer.gateway().getJsonArray("legs").size() >= 1);
        assertEquals(0, bench.alarms());
        return text;
    }

    /** The next piece of that model's answer; {@code left} remembers how far each call is. */
    private static void play(FakeModels.Leg leg, String whole, boolean fails, List<String> left) {
        String mark = leg.model() + System.identityHashCode(leg) + ":";
        int at = (int) left.stream().filter(mark::equals).count();
        String[] words = whole.split("(?<= )", -1);
        left.add(mark);
        if (fails) {
            leg.fail(new GatewayException(ErrorCode.UPSTREAM_ERROR, "broken"));
        } else if (at < words.length) {
            leg.token(words[at]);
        } else {
            leg.finish(5, words.length);
        }
    }
}
