package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.ReceivedRequest.How;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.upstream.repair.Dialect;
import dev.foundrygateway.upstream.repair.DialectCalls;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges with the scripted upstream in its dialects, over real sockets. */
class ExchangeDialectTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ASK = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";
    private static final String TOKEN =
            "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"one END two\"}}]}";
    private static final String FINISH =
            "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";

    private final Vertx vertx = Vertx.vertx();
    private final PracticeUpstream server = PracticeUpstream.start(vertx, PracticeSettings.immediate());
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    @AfterEach
    void stop() throws Exception {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void aPlainCallTo2xIsGatheredAndItsFirstTokenIsKnown() {
        server.script(Script.start().stream().event(TOKEN).event(FINISH).done());
        ChatReply reply = send(Dialect.FOUNDRY_2X, "").await().atMost(PATIENCE);
        assertFalse(reply.stream());
        assertTrue(reply.served().timeline().firstToken().orElse(0) > 0);
        assertEquals("application/json", reply.headers().get("content-type"));
        JsonObject answer = new JsonObject(body(reply));
        assertEquals("chat.completion", answer.getString("object"));
        assertEquals(
                "one END two",
                answer.getJsonArray("choices")
                        .getJsonObject(0)
                        .getJsonObject("message")
                        .getString("content"));
    }

    @Test
    void aClientThatLeavesAGatheredCallResetsTheUpstream() throws Exception {
        server.script(Script.start().stream().event(TOKEN).mark("spoke").stall());
        CompletableFuture<ChatReply> reply = send(Dialect.FOUNDRY_2X, "").subscribeAsCompletionStage();
        ReceivedRequest received = server.call(0).get(20, TimeUnit.SECONDS);
        received.reached("spoke").get(20, TimeUnit.SECONDS);
        reply.cancel(true);
        assertEquals(How.RESET, received.ended().get(20, TimeUnit.SECONDS).how());
        assertTrue(ended.get(20, TimeUnit.SECONDS));
    }

    @Test
    void aStopStringEndsTheAnswerAndResetsTheUpstream() throws Exception {
        server.script(Script.start().stream().event(TOKEN).stall());
        ChatReply reply = send(Dialect.FOUNDRY_1X, ",\"stream\":true,\"stop\":[\"END\"]")
                .await()
                .atMost(PATIENCE);
        String stream = body(reply).toString();
        assertTrue(stream.contains("\"content\":\"one \""), stream);
        assertTrue(stream.endsWith("data: [DONE]\n\n"), stream);
        ReceivedRequest received = server.call(0).get(20, TimeUnit.SECONDS);
        assertEquals(How.RESET, received.ended().get(20, TimeUnit.SECONDS).how());
    }

    @Test
    void whereTheReplyIsDrainedTheUpstreamEndsByItself() throws Exception {
        CompletableFuture<Boolean> gate = new CompletableFuture<>();
        server.script(Script.start().stream()
                .event(TOKEN)
                .mark("spoke")
                .await(gate)
                .event(FINISH)
                .done());
        CompletableFuture<ChatReply> reply =
                send(Dialect.FOUNDRY_2X, "", "cancel", "drain").subscribeAsCompletionStage();
        ReceivedRequest received = server.call(0).get(20, TimeUnit.SECONDS);
        received.reached("spoke").get(20, TimeUnit.SECONDS);
        reply.cancel(true);
        assertFalse(ended.isDone(), "the slot is kept while the model generates");
        gate.complete(true);
        assertEquals(How.COMPLETED, received.ended().get(20, TimeUnit.SECONDS).how());
        assertTrue(ended.get(20, TimeUnit.SECONDS));
    }

    @Test
    void aStreamAnsweredWithPlainJsonIsAStream() {
        server.script(
                Script.start()
                        .json(
                                200,
                                "{\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}"));
        ChatReply reply = send(Dialect.OPENAI, ",\"stream\":true").await().atMost(PATIENCE);
        assertTrue(reply.stream());
        assertEquals("text/event-stream", reply.headers().get("content-type"));
        assertTrue(body(reply).toString().endsWith("data: [DONE]\n\n"));
    }

    @Test
    void anEmptyErrorGetsABody() {
        server.script(Script.start().head(500, "Content-Length", "0").end());
        ChatReply reply = send(Dialect.FOUNDRY_1X, "").await().atMost(PATIENCE);
        assertEquals(500, reply.status());
        assertTrue(body(reply).toString().startsWith("{\"error\":{"));
    }

    /** Both where it is found in the midst and where the end brings it: what Vert.x' handlers throw is told to nobody else. */
    @ParameterizedTest
    @ValueSource(strings = {"\n\n", ""})
    void anAnswerThatExceedsALimitFailsTheCallAndIsNotWaitedFor(String lastLineEnd) throws Exception {
        Script script = Script.start().stream();
        for (int i = 0; i < 128; i++) {
            script = script.event("{\"choices\":[{\"index\":" + i + ",\"delta\":{\"content\":\"a\"}}]}");
        }
        server.script(script.bytes("data: {\"choices\":[{\"index\":128,\"delta\":{\"content\":\"a\"}}]}" + lastLineEnd)
                .end());
        Uni<ChatReply> reply = send(Dialect.FOUNDRY_2X, "");
        GatewayException failure =
                assertThrows(GatewayException.class, () -> reply.await().atMost(PATIENCE));
        assertEquals(ErrorCode.UPSTREAM_ERROR, failure.code());
        assertTrue(failure.body().message().contains("more than 128 choices"), failure.body()::message);
        assertTrue(ended.get(20, TimeUnit.SECONDS), "the slot is free");
    }

    private Uni<ChatReply> send(Dialect dialect, String members, String... settings) {
        String[] all = new String[settings.length + 2];
        System.arraycopy(settings, 0, all, 2, settings.length);
        all[0] = "dialect";
        all[1] = DialectCalls.setting(dialect);
        Upstream upstream = ConfiguredUpstreams.foundry(server.uri().toString(), all);
        UpstreamCall call = DialectCalls.chat(upstream, ASK.formatted(members));
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        Connections connections = new Connections(vertx, ConfiguredUpstreams.noTls());
        return Uni.createFrom()
                .emitter(emitter -> context.runOnContext(ignored -> new Exchange(
                                upstream,
                                call,
                                connections.to(upstream),
                                context,
                                System::nanoTime,
                                emitter,
                                watcher(emitter))
                        .start()));
    }

    private ExchangeWatcher watcher(UniEmitter<? super ChatReply> emitter) {
        return new ExchangeWatcher() {
            @Override
            public void arrived(int bytes) {}

            @Override
            public void replied() {}

            @Override
            public void ended(int status) {
                ended.complete(true);
            }

            @Override
            public void refused(GatewayException failure) {
                failed(failure, false);
            }

            @Override
            public void failed(GatewayException failure, boolean unanswered) {
                emitter.fail(failure);
                ended.complete(true);
            }
        };
    }

    private static Buffer body(ChatReply reply) {
        return reply.body()
                .collect()
                .in(Buffer::buffer, (all, frame) -> all.appendBuffer(frame.bytes()))
                .await()
                .atMost(PATIENCE);
    }
}
