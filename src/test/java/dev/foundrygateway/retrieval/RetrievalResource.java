package dev.foundrygateway.retrieval;

import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A scripted upstream and an empty folder for stores. */
public final class RetrievalResource implements QuarkusTestResourceLifecycleManager {
    /** The largest file, in bytes. */
    static final int MAX_FILE = 4 << 20;

    /** The most text of a file, in characters. */
    static final int MAX_TEXT = 2_000_000;

    private static final Vertx VERTX = Vertx.vertx();

    /** The upstream that the gateway under test calls. */
    static final PracticeUpstream UPSTREAM = PracticeUpstream.start(VERTX, PracticeSettings.immediate());

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory("retrieval");
            Path docs = Files.createDirectory(folder.resolve("docs"));
            Files.writeString(docs.resolve("moon.md"), "# The Moon\n\n## Distance\n\nThe Moon is 384400 km away.\n");
            return Map.of(
                    "gateway.upstreams.foundry.url",
                    UPSTREAM.uri().toString(),
                    "gateway.retrieval.directory",
                    folder.resolve("kept").toString(),
                    "gateway.retrieval.stores.docs.folder",
                    docs.toString(),
                    "gateway.models.gpt-oss-20b.default-store",
                    "docs",
                    "gateway.models.small-context.context-length",
                    "1024",
                    "gateway.models.small-context.id",
                    "phi-4-mini",
                    "gateway.retrieval.max-file-size",
                    Integer.toString(MAX_FILE),
                    "gateway.retrieval.max-text-length",
                    Integer.toString(MAX_TEXT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        UPSTREAM.clear();
    }
}
