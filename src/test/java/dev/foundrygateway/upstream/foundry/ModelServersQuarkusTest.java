package dev.foundrygateway.upstream.foundry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.ScriptedUpstream;
import dev.foundrygateway.upstream.Upstreams;
import dev.foundrygateway.upstream.foundry.ModelServers.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a typed call sends, and what it takes of a server that doesn't mean well. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class ModelServersQuarkusTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Inject
    ModelServers servers;

    @Inject
    Upstreams upstreams;

    private final PracticeUpstream upstream = ScriptedUpstream.running();

    @BeforeEach
    void clear() {
        upstream.clear();
    }

    /** Answers a path this way; what the probe asks meanwhile is another path's. */
    private void script(String path, Script script) {
        upstream.script(received -> received.path().startsWith(path) ? Optional.of(script) : Optional.empty());
    }

    private Future<Answer> ask(Duration limit, Function<ModelServer, Uni<Response>> call) {
        return servers.ask(upstreams.named("test", "foundry"), limit, call);
    }

    private static Answer whole(Future<Answer> answer) throws Exception {
        return answer.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Throwable failure(Future<Answer> answer) {
        return Objects.requireNonNull(
                assertThrows(ExecutionException.class, () -> whole(answer)).getCause());
    }

    private ReceivedRequest received(String path) {
        return upstream.received().stream()
                .filter(received -> received.path().startsWith(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aNameIsOneSegmentOfThePathAndAColonStandsThere() throws Exception {
        script("/openai/load/", Script.start().json(200, ""));
        assertEquals(
                200,
                whole(ask(LONG, server -> server.oldLoad("a b/ü?%2F:1", 600))).status());
        assertEquals(
                "/openai/load/a%20b%2F%C3%BC%3F%252F:1?ttl=600",
                received("/openai/load/").uri());
    }

    @Test
    void noUpgradeIsAskedForAndNoCompression() throws Exception {
        script("/openai/unload/", Script.start().json(200, "{}"));
        whole(ask(LONG, server -> server.oldUnload("a")));
        ReceivedRequest sent = received("/openai/unload/");
        for (String name : List.of("Upgrade", "HTTP2-Settings", "Accept-Encoding", "Authorization")) {
            assertEquals(List.of(), sent.headers(name));
        }
    }

    @Test
    void aBodyIsSentAsItIs() throws Exception {
        script("/v1/chat/completions/tokenizer", Script.start().json(200, "{\"tokenCount\":3}"));
        Answer answer = whole(ask(LONG, server -> server.countTokens("{\"a\": 1.0}".getBytes(StandardCharsets.UTF_8))));
        assertEquals("{\"tokenCount\":3}", answer.body().toString());
        ReceivedRequest sent = received("/v1/chat/completions/tokenizer");
        assertEquals("{\"a\": 1.0}", sent.text());
        assertEquals("application/json", sent.header("Content-Type"));
    }

    @Test
    void anErrorIsAnAnswerWithItsBody() throws Exception {
        for (int status : new int[] {404, 500}) {
            script("/models/load/", Script.start().json(status, "{\"error\":{\"message\":\"no\"}}"));
            Answer answer = whole(ask(LONG, server -> server.load("a")));
            assertEquals(status, answer.status());
            assertEquals("{\"error\":{\"message\":\"no\"}}", answer.body().toString());
        }
    }

    @Test
    void anEmptyAnswerIsEmpty() throws Exception {
        script("/models/load/", Script.start().head(200, "Content-Length", "0").end());
        assertEquals(0, whole(ask(LONG, server -> server.load("a"))).body().length());
    }

    @Test
    void anAnswerOfWhateverTypeIsRead() throws Exception {
        for (String type : List.of(
                "text/html", "application/octet-stream", "text/event-stream", "multipart/form-data", "nonsense")) {
            script(
                    "/models/load/",
                    Script.start().head(200, "Content-Type", type).bytes("{}").end());
            assertEquals(
                    "{}", whole(ask(LONG, server -> server.load("a"))).body().toString(), type);
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        script(
                "/models/unload/",
                Script.start()
                        .head(302, "Location", "/stolen", "Content-Length", "0")
                        .end());
        assertEquals(302, whole(ask(LONG, server -> server.unload("a"))).status());
        assertTrue(upstream.received().stream()
                .noneMatch(received -> received.path().equals("/stolen")));
    }

    @Test
    void anAnswerWithoutEndIsCutAtItsLimitWhateverItsStatus() {
        for (int status : new int[] {200, 500}) {
            Script endless = Script.start().head(status, "Content-Type", "application/json");
            String piece = " ".repeat(1 << 20);
            for (int i = 0; i < 17; i++) {
                endless = endless.bytes(piece);
            }
            script("/models/load/", endless.stall());
            Throwable cut = failure(ask(LONG, server -> server.load("a")));
            assertTrue(!(cut instanceof TimeoutException), cut.toString());
        }
    }

    @Test
    void aSilentServerIsGivenUpInTimeBeforeItsHeadAndAfter() {
        for (Script silent : List.of(
                Script.start().stall(),
                Script.start()
                        .head(200, "Content-Type", "application/json")
                        .bytes("{")
                        .stall())) {
            script("/models/load/", silent);
            assertInstanceOf(TimeoutException.class, failure(ask(Duration.ofMillis(300), server -> server.load("a"))));
        }
    }

    @Test
    void progressThatIsToldWhileAModelLoadsIsReadToItsEnd() throws Exception {
        script(
                "/models/load/",
                Script.start().stream()
                        .bytes("data: 0.5\n\n")
                        .delay(Duration.ofMillis(20))
                        .bytes("data: 1.0\n\n")
                        .end());
        assertEquals(
                "data: 0.5\n\ndata: 1.0\n\n",
                whole(ask(LONG, server -> server.load("a"))).body().toString());
    }
}
