package dev.foundrygateway.retrieval.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.TestSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that come in parts, with records that a disk has damaged. */
class PartialUploadsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final Caller CALLER = Caller.program("test");

    @TempDir
    private Path folder = Path.of("");

    private PartialUploads at(Instant time) {
        RetrievalConfig config = TestSettings.with("gateway.retrieval.directory", folder.toString());
        return new PartialUploads(
                config, new UploadedFiles(config, new LocalFileRepository(config)), Clock.fixed(time, ZoneOffset.UTC));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[", "{\"id\":\"upload_0123456789abcdef01234567\"}"})
    void aDamagedRecordIsNoUploadAndGoesWithTheOthers(String json) throws IOException {
        PartialUploads uploads = at(NOW);
        String damaged = uploads.create("a.txt", 9, "assistants", CALLER, 0).id();
        String whole = uploads.create("b.txt", 9, "assistants", CALLER, 0).id();
        Files.writeString(home(damaged).resolve("upload.json"), json);
        Files.setLastModifiedTime(home(damaged), FileTime.from(NOW));
        GatewayException refusal = assertThrows(GatewayException.class, () -> uploads.cancel(damaged, CALLER));
        assertEquals(ErrorCode.NOT_FOUND, refusal.code());
        uploads.sweep();
        assertEquals(2, left());
        assertEquals("cancelled", uploads.cancel(whole, CALLER).status());
        at(NOW.plus(Duration.ofHours(1))).sweep();
        assertEquals(0, left());
    }

    /** It was taken away by somebody else while the others were looked at: a link that leads nowhere has no time. */
    @Test
    void whatHasNoTimeHoldsNoOthersBack() throws IOException {
        String upload = at(NOW).create("a.txt", 9, "assistants", CALLER, 0).id();
        for (char name : new char[] {'0', 'z'}) {
            Files.createSymbolicLink(folder.resolve("uploads/" + name), folder.resolve("gone"));
        }
        at(NOW.plus(Duration.ofHours(2))).sweep();
        assertEquals(false, Files.exists(home(upload)));
    }

    private Path home(String upload) {
        return folder.resolve("uploads").resolve(upload);
    }

    private long left() throws IOException {
        try (var uploads = Files.list(folder.resolve("uploads"))) {
            return uploads.count();
        }
    }
}
