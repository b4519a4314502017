package dev.foundrygateway.retrieval.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/**
 * How often the ingest of a file was begun and never ended, since the gateway ended with it: a small file for each that is being read, below
 * {@code gateway.retrieval.directory}. Thread-safe.
 */
final class Tries {
    /** After so many the file is failed. */
    static final int MOST = 2;

    private static final Logger LOG = Logger.getLogger(Tries.class);

    private final Path folder;

    Tries(Path folder) {
        this.folder = folder;
    }

    /** Notes that it begins; how often it was begun before without an end. */
    int begin(String storeId, StoreFile file) {
        Path note = note(storeId, file);
        int before = 0;
        try {
            if (Files.isRegularFile(note)) {
                before = Files.readString(note).strip().length();
            }
            Files.createDirectories(folder);
            Files.writeString(note, "|".repeat(before + 1));
        } catch (IOException e) {
            // A full or read-only disk: then it is not counted.
            LOG.debugf(e, "the try of %s is not noted", file.id());
        }
        return before;
    }

    /** It has ended, well or not. */
    void end(String storeId, StoreFile file) {
        try {
            Files.deleteIfExists(note(storeId, file));
        } catch (IOException e) {
            LOG.debugf(e, "the try of %s stays noted", file.id());
        }
    }

    private Path note(String storeId, StoreFile file) {
        return folder.resolve(Ids.of("", storeId + "/" + file.id() + "/" + file.createdAt() + "/" + file.stamp()));
    }
}
