package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;
import static org.hamcrest.Matchers.startsWith;

import dev.foundrygateway.practice.ReceivedRequest.How;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The playground in real Chromium, before a model server whose pace and words are set. */
@TestInstance(Lifecycle.PER_CLASS)
class PlaygroundIT {
    /** Where the pictures go; the README shows copies in {@code docs}. */
    private static final Path PICTURES = Path.of("target", "playground");

    private final PlaygroundUpstream upstream;
    private final GatewayProcess gateway;

    PlaygroundIT() throws IOException {
        Need.path("CHROMIUM");
        Files.createDirectories(PICTURES);
        upstream = new PlaygroundUpstream();
        gateway = GatewayProcess.start(Map.of(
                "FOUNDRY_LOCAL_ENDPOINT", upstream.uri().toString(),
                "gateway.playground.webgpu-folder", WebgpuFolder.lay().toString()));
    }

    @AfterAll
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void tokensShowOneAfterAnotherAndEveryModelCanBeChosen() {
        JsonPath facts = run("asked", "toggled", "settings", "hybrid", "failed");

        assertThat("different texts seen", facts.getInt("asked.updates"), greaterThanOrEqualTo(5));
        assertThat(facts.getString("asked.text"), containsString("phi-4-mini heard: Why is the sky blue?"));
        assertThat(facts.getString("asked.route"), is("direct"));
        assertThat("for the live region", facts.getString("asked.spoken"), startsWith("Answer: "));
        assertThat(facts.getList("asked.models"), is(List.of("phi-4-mini", "gpt-oss-20b", "hybrid")));
        assertThat(facts.getString("toggled.model"), is("gpt-oss-20b"));
        assertThat(facts.getString("toggled.text"), containsString("gpt-oss-20b heard: And the sea?"));
        assertThat("the first turns are sent along", facts.getInt("toggled.turns"), is(3));
        assertThat(facts.getString("settings.system"), is("Answer in one word."));
        assertThat(facts.getFloat("settings.temperature"), is(0.5f));
        assertThat(facts.getString("settings.tokens"), startsWith("12"));
        assertThat(facts.getString("hybrid.route"), oneOf("draft", "escalated"));
        assertThat(facts.getString("hybrid.reason"), not(""));
        assertThat(facts.getInt("hybrid.legs"), greaterThanOrEqualTo(1));
        assertThat(facts.getString("failed.alert"), containsString("the model broke"));
        assertThat(facts.getInt("failed.retry"), is(1));
        assertThat("what came before stays", facts.getString("failed.partial"), is("half an"));
        assertThat("to be sent again", facts.getString("failed.kept"), is("fail, please"));
        assertThat(facts.getString("asked.sentence"), startsWith("Answered by phi-4-mini · "));
    }

    @Test
    void aNewUserSeesWhatThisIsAndClicksAQuestion() {
        JsonPath facts = run("welcome");

        System.out.println("The page: " + facts.getInt("welcome.bytes") + " bytes, first paint after "
                + Math.round(facts.getDouble("welcome.paint")) + " ms");
        assertThat("bytes over the wire", facts.getInt("welcome.bytes"), lessThan(300_000));
        assertThat(facts.getInt("welcome.bytes"), greaterThan(50_000));
        assertThat(facts.getString("welcome.title"), is("One address for your models"));
        assertThat(facts.getString("welcome.base"), is(gateway.v1().toString()));
        assertThat(facts.getInt("welcome.questions"), is(3));
        assertThat(facts.getString("welcome.focus"), is("prompt"));
        assertThat(facts.getString("welcome.snippets[0]"), startsWith("curl " + gateway.v1()));
        assertThat(facts.getString("welcome.snippets[1]"), containsString("OpenAI(base_url=\"" + gateway.v1()));
        assertThat(facts.getString("welcome.snippets[2]"), containsString("baseURL: \"" + gateway.v1()));
        assertThat("sending nothing is not silent", facts.getString("welcome.said"), is("Type a question first"));
        assertThat(facts.getString("welcome.text"), containsString("heard: Why is the sky blue?"));
    }

    @Test
    void codeIsColouredAndStaysTheSameText() {
        JsonPath facts = run("highlighted");

        assertThat(facts.getString("highlighted.text"), is("// 1 <b>\nconst word = \"if\" + 42;\n"));
        assertThat(
                facts.getList("highlighted.kinds"),
                is(List.of("code-comment // 1 <b>", "code-keyword const", "code-string \"if\"", "code-number 42")));
        assertThat(facts.getString("highlighted.copy"), is("Copy"));
        assertThat("no class of the model's", facts.getInt("highlighted.others"), is(0));
    }

    @Test
    void conversationsOutliveAReloadAndCanBeChangedAndDeleted() {
        JsonPath facts = run("kept");

        assertThat(facts.getString("kept.text"), containsString("heard: First of all?"));
        assertThat(facts.getInt("kept.listed"), is(1));
        assertThat(facts.getInt("kept.regenerated[0]"), is(1));
        assertThat(facts.getString("kept.regenerated[1]"), containsString("heard: First of all?"));
        assertThat(facts.getInt("kept.edited[0]"), is(0));
        assertThat(facts.getString("kept.edited[1]"), is("First of all?"));
        assertThat("sending scrolls to the end", facts.getInt("kept.fromEnd"), lessThan(50));
        assertThat(facts.getString("kept.left[0]"), is("[]"));
        assertThat("the first view again", facts.getBoolean("kept.left[1]"), is(true));
    }

    @Test
    void whatHasComeOutlivesAReloadAndAnAnswerStaysInItsOwnChat() {
        JsonPath facts = run("left");

        assertThat(facts.getString("left.question"), is("slow, please"));
        assertThat(facts.getString("left.text"), is("slow words"));
        assertThat(facts.getString("left.answer"), is("Stopped."));
        assertThat("the new chat is open after a reload", facts.getBoolean("left.fresh"), is(true));
        assertThat("both turns are in the old one", facts.getInt("left.turns"), is(2));
        assertThat(facts.getInt("left.stopped"), is(2));
    }

    @Test
    void whatRunsAndHasRunIsShownAndARefusalIsTold() {
        JsonPath facts = run("live");

        assertThat(facts.getString("live.running"), containsString("queued, place 2"));
        assertThat(facts.getList("live.finished"), hasSize(1));
        assertThat(
                facts.getString("live.finished[0]"),
                allOf(containsString("gpt-oss-20b"), containsString("escalated, hedging"), containsString("$0.0002")));
        assertThat(facts.getList("live.later"), hasSize(2));
        assertThat(facts.getString("live.later[0]"), containsString("upstream_error: upstream_unreachable"));
        assertThat(facts.getList("live.restarted"), is(List.of(0, true)));
        assertThat(facts.getString("live.refused"), is("Live is not open to you: not for this origin"));
    }

    @Test
    void thePageOfWhatRunsHasSearchTimelineLogAndModels() {
        JsonPath facts = run("livePage");

        assertThat(facts.getString("livePage.path"), is("/live"));
        assertThat(facts.getList("livePage.parts"), hasItem("rest of the answer"));
        assertThat(facts.getList("livePage.models"), hasItem("phi-4-mini"));
        assertThat(facts.getInt("livePage.many[0]"), is(1000));
        assertThat(facts.getString("livePage.many[1]"), startsWith("1000 exchanges run"));
    }

    @Test
    void whereAKeyIsAskedForItsFieldOpens() {
        JsonPath facts = run("keyWanted");

        assertThat(
                facts.getList("keyWanted.live"),
                is(List.of("Live needs an API key. Enter it under Options, Settings.", "secret")));
        assertThat(facts.getString("keyWanted.focus"), is("key"));
        assertThat(facts.getString("keyWanted.alert"), containsString("Enter an API key"));
    }

    @Test
    void aStoreIsFilledSearchedAskedAndDeleted() {
        JsonPath facts = run("stores", "served");

        assertThat(facts.getString("stores.file"), containsString("tower.md"));
        assertThat(facts.getString("stores.passage"), containsString("61 metres"));
        assertThat(facts.getInt("stores.stores"), is(1));
        assertThat(facts.getList("served.models"), is(List.of("phi-4-mini", "gpt-oss-20b", "hybrid")));
        assertThat(facts.getList("served.servers"), is(List.of("foundry")));
    }

    @Test
    void escapeStopsTheAnswerAndTheModelServer() throws Exception {
        JsonPath facts = run("stopped");

        assertThat(facts.getString("stopped.text"), is("slow words"));
        assertThat(facts.getBoolean("stopped.canSend"), is(true));
        How how = upstream.received().stream()
                .filter(request -> request.text().contains("slow, please"))
                .findFirst()
                .orElseThrow()
                .ended()
                .get(10, TimeUnit.SECONDS)
                .how();
        assertThat(how, is(How.RESET));
    }

    @Test
    void aDroppedDocumentIsSentAndItsPassageStandsBesideTheAnswer() {
        JsonPath facts = run("sources");

        assertThat(facts.getString("sources.documents[0].title"), is("tower.txt"));
        assertThat(facts.getString("sources.documents[0].text"), is("The tower at Aldermoor is 61 metres high."));
        assertThat(facts.getString("sources.source"), containsString("[1] tower.txt"));
        assertThat(facts.getString("sources.passage"), containsString("61 metres"));
        assertThat("unticked in Compare", facts.getBoolean("sources.ticked"), is(false));
        assertThat(
                "bytes that are not UTF-8 go as they are",
                facts.getList("sources.bytes"),
                is(List.of(Map.of(
                        "filename",
                        "orte.csv",
                        "file_data",
                        "T3J0O1N0cmHfZQpL9mxuO0JhaG5ob2ZzdHJh32UKTfxuY2hlbjtL9m5pZ3NwbGF0ego="))));
        assertThat(facts.getList("sources.empty"), is(List.of("empty.txt is empty")));
    }

    @Test
    void aHostileAnswerRunsNothingAndLoadsNothing() {
        JsonPath facts = run("hostile");

        assertThat(facts.getString("hostile.ran"), is("nothing"));
        assertThat(facts.getInt("hostile.elements"), is(0));
        assertThat(facts.getInt("hostile.handlers"), is(0));
        assertThat(facts.getList("hostile.links").toString(), not(containsString("javascript")));
        assertThat(facts.getList("hostile.links").toString(), containsString("https://example.com/"));
        assertThat(facts.getString("hostile.text"), containsString("and plain words."));
    }

    @Test
    void theChartShowsWhatTheMetricsCount() {
        double[] before = firstTokens();
        JsonPath facts = run("asked", "toggled", "chart");

        assertThat("bars of several colours", facts.getInt("chart.all.colours"), greaterThan(3));
        assertThat(facts.getInt("chart.all.rows"), is(2));
        assertThat("without the large model", facts.getInt("chart.some.rows"), is(1));
        assertThat(facts.getInt("chart.again"), is(2));
        assertThat(facts.getString("chart.all.label"), startsWith("2 answers; the last, by gpt-oss-20b"));
        List<String> csv = facts.getString("chart.csv").lines().toList();
        assertThat(csv.get(0), allOf(startsWith("answer,time,model"), containsString("first token ms,total ms")));
        assertThat(csv.size(), is(3));
        double page = csv.stream()
                        .skip(1)
                        .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[10]))
                        .sum()
                / 1_000;
        double[] after = firstTokens();
        assertThat("both were counted", after[0] - before[0], is(2.0));
        double server = after[1] - before[1];
        assertThat("not before the model wrote", server, greaterThanOrEqualTo(2 * 0.3));
        assertThat("the page sees it after the gateway", page, greaterThanOrEqualTo(server - 0.005));
        assertThat("and soon", page, lessThan(server + 1));
    }

    @Test
    void withTwoThousandTokensOnScreenATokenShowsWithinATenthOfASecond() {
        JsonPath facts = run("long");

        assertThat(facts.getInt("long.tokens"), greaterThan(2_000));
        System.out.println("With 2,000 tokens on screen a token showed after " + facts.getString("long.median")
                + " ms (median), " + facts.getString("long.most") + " ms (longest)");
        assertThat(facts.getDouble("long.median"), lessThan(100.0));
    }

    @Test
    void twoModelsAreComparedJudgedAndSaved() {
        JsonPath facts = run("compared");

        assertThat(facts.getInt("compared.columns"), is(2));
        assertThat("nothing is said of a judge that was stopped", facts.getInt("compared.problems"), is(0));
        assertThat(facts.getString("compared.json.results[0].judge"), is("gpt-oss-20b, changed by hand"));
        assertThat(facts.getString("compared.json.results[1].judge"), is("gpt-oss-20b"));
        assertThat(facts.getList("compared.json.results.alias"), is(List.of("phi-4-mini", "gpt-oss-20b")));
        assertThat(facts.getDouble("compared.json.results[0].latency_sec"), greaterThan(0.3));
        assertThat(facts.getInt("compared.json.results[1].tokens"), greaterThan(30));
        assertThat(facts.getInt("compared.json.results[1].rubric.conciseness"), is(3));
        assertThat("by hand, over the judge", facts.getInt("compared.json.results[0].rubric.conciseness"), is(2));
        assertThat(facts.getString("compared.markdown"), containsString("> What is a gateway?"));
        assertThat(facts.getString("compared.markdown"), containsString("| phi-4-mini |"));
    }

    @Test
    void withoutWebgpuThePageSaysSoAndTheGatewayAnswers() {
        JsonPath facts = run("withoutWebgpu");

        assertThat(facts.getString("withoutWebgpu.said"), is("This browser has no WebGPU. The gateway answers."));
        assertThat(facts.getString("withoutWebgpu.text"), containsString("phi-4-mini heard"));
        assertThat(facts.getInt("withoutWebgpu.rows"), is(1));
    }

    @Test
    void withTheSoftwareAdapterThePageAnswersAndBothAreCharted() {
        Need.path("WEBGPU_DIR");
        JsonPath facts = run("webgpu");

        assertThat(facts.getString("webgpu.said"), containsString("swiftshader"));
        assertThat(facts.getString("webgpu.text"), is("tiny models also run in the page."));
        assertThat(facts.getString("webgpu.other"), containsString("phi-4-mini heard"));
        assertThat(facts.getList("webgpu.models"), is(List.of("tiny (page)", "phi-4-mini")));
    }

    @Test
    void aMachineFindsNoBarrierAndAPhoneNeedsNoSidewaysScrolling() {
        JsonPath facts = run("asked", "toggled", "hybrid", "sources", "wide", "accessible", "narrow");

        assertThat(facts.getList("accessible"), is(empty()));
        assertThat(facts.getInt("wide"), is(1280));
        assertThat(facts.getInt("narrow.width"), is(390));
        assertThat("the composer is in view", facts.getDouble("narrow.composer"), lessThan(844.0));
        assertThat("one header row", facts.getDouble("narrow.header"), lessThan(60.0));
    }

    /** Runs the scenarios in one browser; nothing may stand on its console, and nothing but the gateway be asked. */
    private JsonPath run(String... scenarios) {
        List<String> arguments = new ArrayList<>(
                List.of(gateway.base() + "/", PICTURES.toAbsolutePath().toString()));
        arguments.addAll(Arrays.asList(scenarios));
        JsonPath facts = ClientScript.PLAYGROUND.run(arguments.toArray(String[]::new));
        assertThat("nothing on the console", facts.getList("console"), is(empty()));
        assertThat("nothing from elsewhere", facts.getList("elsewhere"), is(empty()));
        return facts;
    }

    /** How many first tokens the gateway has measured, and their seconds in all. */
    private double[] firstTokens() {
        double[] countAndSum = new double[2];
        new HttpCaller(gateway.base()).get("/metrics").body().lines().forEach(line -> {
            double value = line.startsWith("gen_ai_server_time_to_first_token_seconds_")
                    ? Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))
                    : 0;
            if (line.startsWith("gen_ai_server_time_to_first_token_seconds_count")) {
                countAndSum[0] += value;
            } else if (line.startsWith("gen_ai_server_time_to_first_token_seconds_sum")) {
                countAndSum[1] += value;
            }
        });
        return countAndSum;
    }
}
