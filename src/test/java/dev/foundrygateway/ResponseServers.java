package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.retrieval.store.Ids;
import dev.foundrygateway.testing.GatewayClient.Reply;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One server under three names: as it is, as one that shall be asked for chats, and as one that has nothing but chats; a store, and two keys. */
public final class ResponseServers implements QuarkusTestResourceLifecycleManager {
    static final String ANN = "key-of-ann";
    static final String BOB = "key-of-bob";
    private static final Vertx VERTX = Vertx.vertx();
    static final PracticeUpstream UPSTREAM = PracticeUpstream.start(VERTX, PracticeSettings.immediate());

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory("responses");
            Path docs = Files.createDirectory(folder.resolve("docs"));
            Files.writeString(docs.resolve("moon.md"), "# The Moon\n\nThe Moon is 384400 km away.\n");
            String url = UPSTREAM.uri().toString();
            return Map.ofEntries(
                    Map.entry("gateway.upstreams.foundry.url", url),
                    Map.entry("gateway.upstreams.foundry.breaker.calls", "0"),
                    Map.entry("gateway.upstreams.foundry.always-stream", "false"),
                    Map.entry("gateway.upstreams.chatty.url", url),
                    Map.entry("gateway.upstreams.chatty.dialect", "openai"),
                    Map.entry("gateway.upstreams.chatty.models", "chatty-model"),
                    Map.entry("gateway.upstreams.chatty.responses", "chat"),
                    Map.entry("gateway.upstreams.bare.url", url),
                    Map.entry("gateway.upstreams.bare.dialect", "openai"),
                    Map.entry("gateway.upstreams.bare.models", "bare-model"),
                    Map.entry(
                            "gateway.retrieval.directory",
                            folder.resolve("kept").toString()),
                    Map.entry("gateway.retrieval.stores.docs.folder", docs.toString()),
                    Map.entry("gateway.models.grounded.id", "phi-4-mini"),
                    Map.entry("gateway.models.grounded.upstream", "foundry"),
                    Map.entry("gateway.models.grounded.default-store", "docs"),
                    Map.entry("gateway.models.enforced.id", "enforced-model"),
                    Map.entry("gateway.models.enforced.upstream", "foundry"),
                    Map.entry("gateway.models.enforced.schemas", "native"),
                    Map.entry("gateway.access.api-keys.ann.sha256", Ids.hash(ANN)),
                    Map.entry("gateway.access.api-keys.bob.sha256", Ids.hash(BOB)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        UPSTREAM.clear();
    }

    static void chats(Script script) {
        UPSTREAM.script(
                request -> request.path().endsWith("/chat/completions") ? Optional.of(script) : Optional.empty());
    }

    /** Without the calls by which the gateway finds out what kind of server it is. */
    static List<ReceivedRequest> asked() {
        return UPSTREAM.received().stream()
                .filter(request ->
                        request.path().endsWith("completions") || request.path().contains("responses"))
                .toList();
    }

    static String body(String model, String input, String members) {
        return "{\"model\":\"" + model + "\",\"input\":\"" + input + "\"" + members + "}";
    }

    static Reply ok(Reply reply) {
        assertEquals(200, reply.status(), reply::body);
        return reply;
    }
}
