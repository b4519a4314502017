package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.hybrid.FakeModels.Leg;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Learning from one's own traffic: when the large model is asked, what it costs, what is kept of it, and what comes of it. */
class LearnerTest {
    private static final String QUESTION = "What is the capital of Australia, Marmaduke?";
    private static final Duration IDLE = Duration.ofSeconds(61);

    @TempDir
    private Path folder = Path.of("");

    private Bench bench(String... more) {
        List<String> settings = new ArrayList<>(
                List.of("learn.enabled", "true", "learn.directory", folder.toString(), "learn.sample", "1"));
        settings.addAll(List.of(more));
        return new Bench(settings.toArray(String[]::new));
    }

    private Path labels() {
        return folder.resolve("hybrid").resolve("labels.jsonl");
    }

    private List<Path> calibrations() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("hybrid"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("calibration"))
                    .sorted()
                    .toList();
        }
    }

    private static void kept(Bench bench, String question, String draft) {
        Bench.Answer answer = bench.plain(question);
        bench.models.to(SMALL).answer(draft, 20, 2);
        assertEquals("draft confident", answer.route());
    }

    private static List<Observation> shadows(Bench bench) {
        return bench.observed.stream()
                .filter(one -> one instanceof Observation.Shadow)
                .toList();
    }

    @Test
    void whileNobodyCallsTheLargeModelIsAskedAboutADraftThatWasKept() throws IOException {
        Bench bench = bench();
        kept(bench, QUESTION, "Sydney Greenstreet");
        bench.pass(Duration.ofSeconds(59));
        assertEquals(0, bench.models.sent(LARGE));
        bench.pass(Duration.ofSeconds(2));
        assertEquals(1, bench.models.sent(LARGE));
        Leg shadow = bench.models.to(LARGE);
        JsonObject asked = shadow.request();
        assertEquals(1, asked.getInteger("max_tokens"));
        assertEquals(
                QUESTION + VerdictQuestion.text("Sydney Greenstreet", true),
                asked.getJsonArray("messages").getJsonObject(0).getString("content"));
        assertEquals("", shadow.call.caller().key());
        assertTrue(shadow.call.requestId().startsWith("learn-"));
        shadow.answer("No", 40, 1);
        assertEquals(List.of(new Observation.Shadow("hybrid", "labelled", 41)), shadows(bench));
        assertTrue(bench.observed.contains(new Observation.Labelled("hybrid", true)));
        assertTrue(bench.observed.stream().noneMatch(one -> one instanceof Observation.Spent));
        assertEquals(
                List.of(new Observation.EscalatedShare("hybrid", 0)),
                bench.observed.stream()
                        .filter(one -> one instanceof Observation.EscalatedShare)
                        .toList());

        JsonObject label = new JsonObject(Files.readString(labels()));
        assertEquals(1, label.getDouble("wrong"));
        assertEquals(41, label.getInteger("tokens"));
        assertEquals(
                Math.log1p("Sydney Greenstreet".length()),
                label.getJsonObject("whole").getDouble("draft_length"),
                1e-9);
        String kept = Files.readString(labels());
        assertFalse(kept.contains("Sydney") || kept.contains("Marmaduke") || kept.contains("capital"), kept);
        bench.pass(IDLE);
        assertEquals(1, bench.models.sent(LARGE), "one draft is asked about once");
    }

    @Test
    void aStreamedDraftIsReadToItsEndWhereverItsOpeningWasReleased() throws IOException {
        Bench bench = bench("hold.tokens", "3");
        Bench.Answer answer = bench.stream(QUESTION);
        bench.models
                .to(SMALL)
                .text("Its capital is Canberra since the year of 1913.")
                .finish(20, 9);
        assertTrue(answer.done());
        bench.pass(IDLE);
        assertTrue(
                bench.models.to(LARGE).request().encode().contains("Its capital is Canberra since the year of 1913."));
        bench.models.to(LARGE).answer("Yes", 40, 1);
        JsonObject label = new JsonObject(Files.readString(labels()));
        assertEquals(0, label.getDouble("wrong"));
        assertTrue(label.getJsonObject("whole").containsKey("unfinished"));
    }

    @Test
    void whatIsNoSoundWholeDraftIsNotAskedAbout() {
        Bench bench = bench("hold.tokens", "2");
        Bench.Answer left = bench.stream(QUESTION);
        bench.models.to(SMALL).text("It is such a ");
        left.hangUp();
        Bench.Answer broken = bench.stream(QUESTION);
        bench.models.to(SMALL).text("It is such a ").fail(new IllegalStateException("gone"));
        assertTrue(broken.replied());
        bench.ask(Bench.request(QUESTION).put("gateway", new JsonObject().put("escalate", "never")));
        bench.models.to(SMALL).answer("Canberra", 20, 2);
        Bench.Answer refused = bench.plain(QUESTION);
        bench.models.to(SMALL).answer("I'm sorry, but I cannot answer that question.", 20, 2);
        bench.models.to(LARGE).answer("Canberra", 20, 2);
        assertEquals("escalated refusal", refused.route());
        bench.pass(IDLE.multipliedBy(2));
        assertEquals(1, bench.models.sent(LARGE));
        assertEquals(List.of(), shadows(bench));
    }

    @Test
    void whatIsNotDrawnIsNotAskedAbout() {
        Bench bench = bench("learn.sample", "0.25");
        bench.chance = 0.25;
        kept(bench, QUESTION, "Canberra");
        bench.pass(IDLE);
        assertEquals(0, bench.models.sent(LARGE));
        bench.chance = 0.24;
        kept(bench, QUESTION, "Canberra");
        bench.pass(IDLE);
        assertEquals(1, bench.models.sent(LARGE));
    }

    @Test
    void aClientsCallEndsIdlenessAndTheCallThatRuns() {
        Bench bench = bench();
        kept(bench, QUESTION, "Canberra");
        bench.pass(Duration.ofSeconds(50));
        escalated(bench);
        bench.pass(Duration.ofSeconds(50));
        assertEquals(1, bench.models.sent(LARGE), "the last call was 50 s ago");
        bench.pass(Duration.ofSeconds(12));
        Leg shadow = bench.models.to(LARGE);
        assertEquals(2, bench.models.sent(LARGE));

        Bench.Answer client = bench.ask(always());
        bench.pass(Duration.ofMillis(20));
        assertTrue(shadow.cancelled);
        assertEquals("cancelled", ((Observation.Shadow) shadows(bench).get(0)).outcome());
        bench.pass(IDLE);
        assertEquals(3, bench.models.sent(LARGE), "none while a client waits");
        bench.models.to(LARGE).answer("Canberra", 20, 2);
        assertEquals("escalated requested", client.route());
        bench.pass(Duration.ofSeconds(59));
        assertEquals(3, bench.models.sent(LARGE));
        bench.pass(Duration.ofSeconds(3));
        assertEquals(4, bench.models.sent(LARGE), "the draft is asked about again");
    }

    @Test
    void aDraftThatADayCantPayForIsNotKept() {
        Bench bench = bench("learn.tokens-a-day", "18");
        kept(bench, QUESTION, "Canberra");
        kept(bench, QUESTION, "It is the city of Canberra, in the Capital Territory.");
        bench.pass(IDLE);
        assertEquals(1, bench.models.sent(LARGE), "and is in no other's way");
    }

    @Test
    void nothingOfTheClientsKeyWaitsWithADraft() {
        Bench bench = bench();
        bench.ask(Bench.request(QUESTION), "Authorization", "Bearer x", "X-Api-Key", "x", "Cookie", "x", "X-Own", "y");
        bench.models.to(SMALL).answer("Canberra", 20, 2);
        bench.pass(IDLE);
        assertEquals(
                List.of("X-Own"),
                List.copyOf(bench.models.to(LARGE).call.headers().names()));
    }

    private static JsonObject always() {
        return Bench.request(QUESTION).put("gateway", new JsonObject().put("escalate", "always"));
    }

    private static void escalated(Bench bench) {
        bench.ask(always());
        bench.models.to(LARGE).answer("Canberra", 20, 2);
    }

    @Test
    void aModelThatWouldHaveToBeLoadedIsNotAsked() {
        Bench bench = bench();
        bench.loaded = false;
        kept(bench, QUESTION, "Canberra");
        bench.pass(IDLE);
        assertEquals(0, bench.models.sent(LARGE));
        bench.loaded = true;
        bench.pass(Duration.ofSeconds(2));
        assertEquals(1, bench.models.sent(LARGE));
    }

    @Test
    void theDaysBudgetHoldsAcrossARestartAndTheNextDayHasItsOwn() {
        Bench bench = bench("learn.tokens-a-day", "100");
        kept(bench, QUESTION, "Canberra");
        kept(bench, QUESTION, "Sydney");
        kept(bench, QUESTION, "Perth");
        bench.pass(IDLE);
        bench.models.to(LARGE).answer("Yes", 59, 1);
        bench.pass(Duration.ofSeconds(2));
        bench.models.to(LARGE).answer("Yes", 37, 1);
        bench.pass(Duration.ofHours(2));
        assertEquals(2, bench.models.sent(LARGE), "98 of 100 are spent");

        Bench again = bench("learn.tokens-a-day", "100");
        kept(again, QUESTION, "Darwin");
        again.pass(IDLE);
        assertEquals(0, again.models.sent(LARGE), "as they were before the restart");
        again.pass(Duration.ofHours(13));
        assertEquals(0, again.models.sent(LARGE), "what waits for an hour is dropped");
        kept(again, QUESTION, "Darwin");
        again.pass(IDLE);
        assertEquals(1, again.models.sent(LARGE), "it is another day");
    }

    @Test
    void anAnswerThatCantBeReadOrFailsIsNoLabelAndIsPaidFor() {
        Bench bench = bench();
        kept(bench, QUESTION, "Canberra");
        kept(bench, QUESTION, "Sydney");
        bench.pass(IDLE);
        bench.models.to(LARGE).answer("Perhaps", 40, 1);
        bench.pass(Duration.ofSeconds(2));
        bench.models.to(LARGE).status(503, "overloaded");
        assertEquals(
                new Observation.Shadow("hybrid", "unread", 41), shadows(bench).get(0));
        assertEquals("failed", ((Observation.Shadow) shadows(bench).get(1)).outcome());
        assertFalse(Files.exists(labels()));
    }

    @Test
    void agreementComparesTheLargeModelsOwnAnswer() throws IOException {
        Bench bench = bench("learn.label", "agreement");
        kept(bench, QUESTION, "Sydney");
        kept(bench, QUESTION, "The answer is Canberra.");
        bench.pass(IDLE);
        JsonObject asked = bench.models.to(LARGE).request();
        assertEquals(QUESTION, asked.getJsonArray("messages").getJsonObject(0).getString("content"));
        assertEquals(0, asked.getInteger("temperature"));
        bench.models.to(LARGE).answer("canberra", 20, 2);
        bench.pass(Duration.ofSeconds(2));
        bench.models.to(LARGE).answer("Canberra", 20, 2);
        List<String> lines = Files.readAllLines(labels());
        assertEquals(0, new JsonObject(lines.get(0)).getDouble("wrong"));
        assertEquals(1, new JsonObject(lines.get(1)).getDouble("wrong"));
    }

    @Test
    void whatWaitsIsBoundedAndTheOldestGoesFirst() {
        Bench bench = bench("learn.tokens-a-day", "10000000");
        for (int i = 0; i < 205; i++) {
            kept(bench, QUESTION, "Canberra " + i);
        }
        bench.pass(IDLE);
        int asked = 0;
        String last = "";
        while (bench.models.open(LARGE) == 1) {
            asked++;
            last = bench.models.to(LARGE).request().encode();
            bench.models.to(LARGE).answer("Perhaps", 40, 1);
            bench.pass(Duration.ofSeconds(1));
        }
        assertEquals(200, asked);
        assertTrue(last.contains("Canberra 5\\n"), last);
    }

    @Test
    void atTheProgramsEndTheCallThatRunsEndsToo() {
        Bench bench = bench();
        kept(bench, QUESTION, "Canberra");
        bench.pass(IDLE);
        bench.stop();
        assertTrue(bench.models.to(LARGE).cancelled);
        bench.pass(IDLE);
        assertEquals(1, bench.models.sent(LARGE));
        assertEquals(0, bench.alarms());
    }

    @Test
    void offItCostsNothing() {
        Bench bench = new Bench("learn.directory", folder.toString(), "learn.sample", "1");
        kept(bench, QUESTION, "Canberra");
        assertTrue(bench.model.learner().isEmpty());
        assertEquals(0, bench.alarms());
        bench.pass(IDLE);
        assertEquals(0, bench.loadsAsked);
        assertEquals(0, bench.models.sent(LARGE));
        assertFalse(Files.exists(folder.resolve("hybrid")));
    }

    @Test
    void aHundredLabelsThatTellAreFittedUsedKeptAndReadAgainAndADeletedFileIsForgotten() throws IOException {
        Bench bench = bench("learn.tokens-a-day", "10000000", "target-share", "0.3", "hold.tokens", "500");
        Calibration before = bench.model.policy().calibration();
        teach(bench, 150);
        Calibration learnt = bench.model.policy().calibration();
        assertTrue(learnt.description().startsWith("learnt from 1"), learnt.description());
        assertEquals(
                learnt.at(Stage.WHOLE).thresholdFor(0.3),
                bench.model.share(java.util.OptionalDouble.empty()).threshold(Stage.WHOLE),
                0.05);
        assertTrue(bench.observed.contains(new Observation.Refit("hybrid", "accepted")));
        List<Path> files = calibrations();
        assertFalse(files.isEmpty());

        Bench again = bench();
        assertEquals(learnt.json(), again.model.policy().calibration().json());
        for (Path file : files) {
            Files.delete(file);
        }
        assertEquals(
                before.json(),
                bench().model.policy().calibration().json(),
                "one step back is the file that is deleted");
    }

    /** Drafts with line breaks are wrong, others are right. */
    private static void teach(Bench bench, int drafts) {
        for (int i = 0; i < drafts; i++) {
            boolean wrong = i % 2 == 0;
            Bench.Answer answer = bench.ask(Bench.request(QUESTION));
            bench.models.to(SMALL).answer(wrong ? "It is\nthe city\nof Sydney." : "It is the city of Canberra.", 20, 2);
            if (bench.models.open(LARGE) == 1) {
                bench.models.to(LARGE).answer("Canberra", 20, 2);
            }
            assertTrue(answer.replied());
            bench.pass(IDLE.plusSeconds(1));
            if (bench.models.open(LARGE) == 1) {
                boolean asked = bench.models.to(LARGE).request().encode().contains("Sydney");
                bench.models.to(LARGE).answer(asked ? "No" : "Yes", 40, 1);
            }
        }
    }

    @Test
    void aDamagedFileCostsItselfAndIsTold() throws IOException {
        Path own = Files.createDirectories(folder.resolve("hybrid"));
        Files.writeString(own.resolve("calibration-20.json"), "{\"version\":1,");
        Files.writeString(own.resolve("labels.jsonl"), "{\"at\":1,\"wro");
        Bench bench = bench();
        assertEquals(
                Calibration.builtIn().json(), bench.model.policy().calibration().json());
        assertEquals(1, bench.troubles.all().size());
        assertTrue(bench.troubles.all().get(0).contains("calibration-20.json"));
        kept(bench, QUESTION, "Canberra");
        bench.pass(IDLE);
        bench.models.to(LARGE).answer("Yes", 40, 1);
        List<String> lines = Files.readAllLines(labels());
        assertEquals(2, lines.size(), "a torn line is ended before the next one");
        assertEquals(0, new JsonObject(lines.get(1)).getDouble("wrong"));

        Files.writeString(
                own.resolve("calibration-10.json"), Calibration.builtIn().json().replace("portable", "own"));
        assertTrue(bench().model.policy().calibration().description().contains("own"), "the one before it is used");
    }
}
