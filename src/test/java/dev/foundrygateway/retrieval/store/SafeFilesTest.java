package dev.foundrygateway.retrieval.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.SafeFiles;
import dev.foundrygateway.openai.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are whole or not there, and what a full disk means. */
class SafeFilesTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No space left on device",
                "/data/retrieval/files/x.next: No space left on device",
                "There is not enough space on the disk",
                "Disk quota exceeded"
            })
    void aFullDiskIsInsufficientStorage(String message) {
        GatewayException failure = DiskFailure.of("the file was not stored", new IOException(message));
        assertEquals(ErrorCode.INSUFFICIENT_STORAGE, failure.code());
        assertEquals(507, failure.code().status());
        assertTrue(String.valueOf(failure.getMessage()).contains("gateway.retrieval.directory"));
    }

    @Test
    void anotherFailureIsOurs() {
        assertEquals(
                ErrorCode.INTERNAL_ERROR,
                DiskFailure.of("the file was not stored", new IOException("Input/output error"))
                        .code());
    }

    @Test
    void whatWasHalfWrittenIsNeverSeen() throws IOException {
        Path file = folder.resolve("store.json");
        SafeFiles.write(file, "one");
        Files.writeString(folder.resolve("store.json.next"), "half of tw");
        assertEquals("one", Files.readString(file));
        SafeFiles.write(file, "two");
        assertEquals("two", Files.readString(file));
    }
}
