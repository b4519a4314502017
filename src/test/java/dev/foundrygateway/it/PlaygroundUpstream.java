package dev.foundrygateway.it;

import dev.foundrygateway.practice.PracticeModel;
import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The model server behind the playground under test: two models at a set pace, and set answers to some words. */
final class PlaygroundUpstream implements AutoCloseable {
    /** From a request to its first token. */
    static final Duration FIRST_TOKEN = Duration.ofMillis(300);

    /** Everything that a hostile model could try. */
    static final String HOSTILE = String.join(
            "\n\n",
            "<script>window.hostile='script'</script>",
            "<img src=x onerror=\"window.hostile='img'\">",
            "<svg onload=\"window.hostile='svg'\"><script>window.hostile='svg script'</script></svg>",
            "<iframe srcdoc=\"<script>parent.hostile='iframe'</script>\"></iframe>",
            "<a href=\"javascript:window.hostile='link'\" onclick=\"window.hostile='click'\">here</a>",
            "[there](javascript:window.hostile='markdown') [good](https://example.com/)",
            "![picture](https://example.com/?leak=conversation)",
            "<style>body{display:none}</style><form action=https://example.com><input name=x></form>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=window.hostile='mxss'&gt;\">",
            "and **plain** words.");

    private static final String CODE =
            "Here:\n\n```js\n// 1 <b>\nconst word = \"if\" + 42;\n```\n\n`const` alone stays.";

    private static final int LONG = 2_000;
    private static final int LATE = 40;

    private final Vertx vertx = Vertx.vertx();
    private final PracticeUpstream server;

    PlaygroundUpstream() {
        server = PracticeUpstream.start(
                vertx,
                PracticeSettings.defaults()
                        .withModels(
                                PracticeModel.named("phi-4-mini").withAnswerTokens(30),
                                PracticeModel.named("gpt-oss-20b").withAnswerTokens(60))
                        .withEachModel(model -> model.withDelays(FIRST_TOKEN, Duration.ofMillis(20))));
        server.script(PlaygroundUpstream::answer);
    }

    URI uri() {
        return server.uri();
    }

    List<ReceivedRequest> received() {
        return server.received();
    }

    private static Optional<Script> answer(ReceivedRequest request) {
        if (!request.method().equals("POST")) {
            return Optional.empty();
        }
        JsonArray messages = request.json().getJsonArray("messages");
        String question = messages.getJsonObject(messages.size() - 1).getString("content");
        if (question.contains("<question>")) {
            return Optional.of(Script.start().stream()
                    .event(token("{\"coherence\":4,\"factuality\":5,\"conciseness\":3}"))
                    .then(end("{}")));
        }
        return switch (question.split("\\W", 2)[0]) {
            case "slow" ->
                Optional.of(Script.start().stream().event(token("slow words")).stall());
            case "hostile" ->
                Optional.of(Script.start().stream().pieces(event(HOSTILE), 97).then(end("{}")));
            case "code" ->
                Optional.of(Script.start().stream().event(token(CODE)).then(end("{}")));
            case "fail" ->
                Optional.of(Script.start().stream()
                        .event(token("half an"))
                        .event("{\"error\":{\"message\":\"the model broke\"}}"));
            case "long" -> Optional.of(longAnswer());
            case "source" ->
                Optional.of(Script.start().stream()
                        .event(token("It is 61 metres high [1]."))
                        .then(end(SOURCES)));
            default -> Optional.empty();
        };
    }

    private static final String SOURCES = """
            {"support":0.9,"sources":[{"n":1,"id":"p1","title":"tower.txt","heading":"","url":"","score":0.91,"cited":true}],
             "chunks":[{"id":"p1","text":"The tower at Aldermoor is 61 metres high.","score":0.91}]}
            """.replace("\n", "");

    /** Two thousand tokens at once, half of them in paragraphs and half in one list, and some more that come one by one. */
    private static Script longAnswer() {
        StringBuilder early = new StringBuilder();
        for (int i = 0; i < LONG; i++) {
            String before = i < LONG / 2 ? (i % 40 == 39 ? "\n\n" : " ") : (i % 10 == 0 ? "\n- " : " ");
            early.append(event(before + "word" + i));
        }
        Script script = Script.start().stream().bytes(early.toString());
        for (int i = 0; i < LATE; i++) {
            script = script.delay(Duration.ofMillis(50)).event(token(" late" + i));
        }
        return script.then(end("{}"));
    }

    private static Script end(String gateway) {
        JsonObject finish = new JsonObject(
                "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"gateway\":" + gateway + "}");
        return Script.start().event(finish.encode()).done().end();
    }

    private static String event(String text) {
        return "data: " + token(text) + "\n\n";
    }

    private static String token(String text) {
        JsonObject choice = new JsonObject().put("index", 0).put("delta", new JsonObject().put("content", text));
        return new JsonObject().put("choices", new JsonArray().add(choice)).encode();
    }

    @Override
    public void close() {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
