package dev.foundrygateway.retrieval.store;

import org.jboss.logging.Logger;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import java.util.function.BiConsumer;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.PassageIndex;
import dev.foundrygateway.retrieval.index.Passages;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A store on this machine: its record, kept whole on the disk before anyone sees it, and its index, opened at first use. Thread-safe. */
final class LocalStore implements VectorStore, Closeable {
    private static final Logger LOG = Logger.getLogger(LocalStore.class);
    private static final String RECORD = "store.json";

    private final Path home;
    private final Optional<Path> folder;
    private final IndexSettings settings;
    /** Told that the index was damaged, after its files have been put in progress. */
    private final BiConsumer<LocalStore, String> damaged;
    private volatile StoreRecord record;
    private @Nullable PassageIndex index;
    private boolean closed;

    private LocalStore(
            Path home,
            Optional<Path> folder,
            IndexSettings settings,
            StoreRecord record,
            BiConsumer<LocalStore, String> damaged) {
        this.damaged = damaged;
        this.home = home;
        this.folder = folder;
        this.settings = settings;
        this.record = record;
    }

    /** Makes a store in a folder of its own. */
    static LocalStore create(Path home, Optional<Path> folder, IndexSettings settings, StoreRecord record, BiConsumer<LocalStore, String> damaged)
            throws IOException {
        Files.createDirectories(home);
        SafeFiles.write(home.resolve(RECORD), TypedJson.write(record));
        return new LocalStore(home, folder, settings, record, damaged);
    }

    /** The store that lies there; empty if none was ever made whole. */
    static Optional<LocalStore> load(
            Path home, Optional<Path> folder, IndexSettings settings, BiConsumer<LocalStore, String> damaged) throws IOException {
        Path file = home.resolve(RECORD);
        return Files.isRegularFile(file)
                ? Optional.of(new LocalStore(
                        home, folder, settings, TypedJson.read(Files.readString(file), StoreRecord.class), damaged))
                : Optional.empty();
    }

    @Override
    public StoreRecord record() {
        return record;
    }

    @Override
    public Optional<Path> folder() {
        return folder;
    }

    @Override
    public synchronized StoreRecord change(UnaryOperator<StoreRecord> edit) throws IOException {
        StoreRecord changed = edit.apply(record);
        if (!closed) {
            SafeFiles.write(home.resolve(RECORD), TypedJson.write(changed));
            record = changed;
        }
        return changed;
    }

    @Override
    public synchronized void usedAt(long seconds) {
        // In memory; on the disk with its next change, since a search shall not write.
        record = record.activeAt(seconds);
    }

    @Override
    public synchronized Optional<Passages> passages() throws IOException {
        if (closed) {
            return Optional.empty();
        }
        PassageIndex open = index;
        if (open == null) {
            open = opened();
            index = open;
        }
        return Optional.of(open);
    }

    private PassageIndex opened() throws IOException {
        Path at = home.resolve("index");
        String why;
        try {
            if (!hasPassages() || PassageIndex.isThere(at)) {
                PassageIndex open = PassageIndex.open(at, settings);
                if (hasPassages()) {
                    try {
                        open.check();
                    } catch (IOException | RuntimeException e) {
                        open.close();
                        throw e;
                    }
                }
                return open;
            }
            why = "it is gone";
        } catch (IOException | RuntimeException e) {
            if (!PassageIndex.isDamage(e)) {
                throw e;
            }
            why = String.valueOf(e.getMessage());
        }
        if (Files.exists(at)) {
            SafeFiles.deleteFolder(at);
        }
        change(LocalStore::allInProgress);
        PassageIndex empty = PassageIndex.open(at, settings);
        index = empty;
        damaged.accept(this, why);
        return empty;
    }

    private boolean hasPassages() {
        return record.files().values().stream()
                .anyMatch(file -> file.status() == Status.COMPLETED && file.usageBytes() > 0);
    }

    private static StoreRecord allInProgress(StoreRecord record) {
        StoreRecord changed = record;
        for (StoreFile file : record.files().values()) {
            if (file.status() == Status.COMPLETED) {
                changed = changed.with(file.again());
            }
        }
        return changed;
    }

    /** Looks whether its index is all there, without reading it; one that is not is made again. */
    void look() {
        try {
            if (hasPassages() && !PassageIndex.looksWhole(home.resolve("index"))) {
                passages();
            }
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "the index of %s cannot be opened", record.id());
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (index != null) {
            index.close();
            index = null;
        }
    }

    @Override
    public void delete() throws IOException {
        // The record first: what is left after a crash is no store. Where that fails, all is as it was.
        Files.deleteIfExists(home.resolve(RECORD));
        try {
            close();
            SafeFiles.deleteFolder(home);
        } catch (IOException | RuntimeException e) {
            LOG.warnf("what is left of a deleted store stays in %s: %s", home, e);
        }
    }
}
