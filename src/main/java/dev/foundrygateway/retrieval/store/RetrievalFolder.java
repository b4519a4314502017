package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.Troubles;
import dev.foundrygateway.retrieval.RetrievalConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code gateway.retrieval.directory}: one gateway's alone as long as it runs, and told at start where it cannot be written. */
@Singleton
public class RetrievalFolder {
    private static final Logger LOG = Logger.getLogger(RetrievalFolder.class);
    private static final String LOCK = ".lock";

    private final Path folder;
    private final Troubles troubles;
    private @Nullable FileChannel channel;

    public RetrievalFolder(RetrievalConfig config, Troubles troubles) {
        this.folder = config.directory();
        this.troubles = troubles;
    }

    /**
     * Takes the folder, which is made if it is not there.
     *
     * @throws ConfigurationException when another gateway has it
     */
    public synchronized void take() {
        FileChannel opened = null;
        try {
            Files.createDirectories(folder);
            opened = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (locked(opened).isEmpty()) {
                opened.close();
                throw new ConfigurationException("another gateway is using gateway.retrieval.directory (" + folder
                        + "): stop it, or give this one a directory of its own");
            }
            channel = opened;
        } catch (IOException | UnsupportedOperationException e) {
            String sentence = "gateway.retrieval.directory (" + folder
                    + ") cannot be written: uploads and stores are refused. Give the gateway the right to write there, or"
                    + " set another directory";
            LOG.warnf("%s (%s)", sentence, e);
            troubles.note("directory", sentence);
        }
    }

    private static Optional<FileLock> locked(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    /** Leaves it to the next one. */
    public synchronized void leave() {
        try {
            if (channel != null) {
                channel.close();
                channel = null;
            }
        } catch (IOException e) {
            LOG.debugf(e, "the lock of %s did not close", folder);
        }
    }
}
