package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Files that are there whole or not at all, whenever the power fails. */
public final class SafeFiles {
    private SafeFiles() {}

    /** Writes the text to the disk, then puts it in the place of what is there. */
    static void write(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, text, StandardCharsets.UTF_8);
        publish(next, file);
    }

    /** Puts a written file in its place, safe on the disk. */
    static void publish(Path written, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(file);
    }

    private static void forceFolder(Path file) throws IOException {
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
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }

    /** What a failed write means to the client: 507 where the disk is full, else 500. */
    static GatewayException failure(String what, IOException cause) {
        String message = String.valueOf(cause.getMessage());
        boolean full = message.contains("No space left")
                || message.contains("not enough space")
                || message.contains("quota exceeded");
        return full
                ? new GatewayException(
                        ErrorCode.INSUFFICIENT_STORAGE,
                        what
                                + ": no space is left in gateway.retrieval.directory; nothing that was acknowledged is lost")
                : new GatewayException(
                        ErrorCode.INTERNAL_ERROR, what + ": the disk failed; the gateway's log says more");
    }
}
