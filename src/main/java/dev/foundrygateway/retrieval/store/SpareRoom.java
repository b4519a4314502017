package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.SafeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** Some room that is kept on the disk for the moment when it is full: to write down that something is deleted takes a few blocks. */
final class SpareRoom {
    /** Room for a line in the logs of a dozen stores. */
    private static final int BYTES = 64 << 10;

    private static final Logger LOG = Logger.getLogger(SpareRoom.class);

    private final Path file;

    SpareRoom(Path folder) {
        this.file = folder.resolve("spare-room");
    }

    /** Takes it again, if it was given away and there is as much. */
    void take() {
        if (Files.exists(file)) {
            return;
        }
        try {
            SafeFiles.write(file, ".".repeat(BYTES));
        } catch (IOException e) {
            LOG.debugf("no room is kept on the disk for now: %s", e);
        }
    }

    /** Gives it away. */
    void give() throws IOException {
        Files.deleteIfExists(file);
    }
}
