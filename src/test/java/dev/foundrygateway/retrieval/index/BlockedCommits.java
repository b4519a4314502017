package dev.foundrygateway.retrieval.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An index whose commits fail, as on a full disk: folders stand where Lucene writes the next ones. */
public final class BlockedCommits {
    private static final int NEXT = 40;

    private final Path index;

    private BlockedCommits(Path index) {
        this.index = index;
    }

    /** Begins it for the index in that folder. */
    public static BlockedCommits of(Path index) throws IOException {
        BlockedCommits blocked = new BlockedCommits(index);
        for (int i = 1; i < NEXT; i++) {
            Files.createDirectories(blocked.inTheWay(i));
        }
        return blocked;
    }

    private Path inTheWay(int number) {
        return index.resolve("pending_segments_" + Integer.toString(number, Character.MAX_RADIX))
                .resolve("x");
    }

    /** What is empty Lucene deletes by itself. */
    public void end() {
        try {
            for (int i = 1; i < NEXT; i++) {
                Files.delete(inTheWay(i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
