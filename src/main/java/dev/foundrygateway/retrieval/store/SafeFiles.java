package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Files that are there whole or not at all, whenever the power fails. */
public final class SafeFiles {
    private static final Logger LOG = Logger.getLogger(SafeFiles.class);
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private SafeFiles() {}

    /** Writes the text to the disk, then puts it in the place of what is there. */
    static void write(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.writeString(next, text, StandardCharsets.UTF_8);
            publish(next, file);
        } catch (IOException e) {
            Files.deleteIfExists(next);
            throw e;
        }
    }

    /** Puts a written file in its place, safe on the disk. */
    static void publish(Path written, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(file);
    }

    /** Makes sure that a file's name is on the disk, too. */
    static void forceFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !System.getProperty("os.name", "").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Deletes a folder and all in it. */
    public static void deleteFolder(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(folder)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }

    /**
     * What a failed write or read means to the client, its cause in the log: 507 where the disk is full, 503 where the gateway may not write, else 500.
     *
     * @param what a sentence's beginning, such as "the file was not stored"
     */
    static GatewayException failure(String what, IOException cause) {
        LOG.errorf(cause, "%s", what);
        String message = String.valueOf(cause.getMessage());
        if (isFull(cause)) {
            return new GatewayException(
                    ErrorCode.INSUFFICIENT_STORAGE,
                    what
                            + ": no space is left in gateway.retrieval.directory; nothing that was acknowledged is lost. Delete files that are not needed");
        }
        if (cause instanceof AccessDeniedException
                || message.contains("Read-only file system")
                || message.contains("Permission denied")) {
            return new GatewayException(
                    ErrorCode.RETRIEVAL_UNAVAILABLE,
                    what + ": gateway.retrieval.directory cannot be written; the gateway's log says why",
                    "",
                    AGAIN);
        }
        return new GatewayException(ErrorCode.INTERNAL_ERROR, what + ": the disk failed; the gateway's log says more");
    }

    static boolean isFull(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("No space left")
                || message.contains("not enough space")
                || message.contains("quota exceeded");
    }
}
