package dev.foundrygateway.retrieval.store;

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
    private static final String RECORD = "store.json";

    private final Path home;
    private final Optional<Path> folder;
    private final IndexSettings settings;
    private volatile StoreRecord record;
    private @Nullable PassageIndex index;
    private boolean closed;

    private LocalStore(Path home, Optional<Path> folder, IndexSettings settings, StoreRecord record) {
        this.home = home;
        this.folder = folder;
        this.settings = settings;
        this.record = record;
    }

    /** Makes a store in a folder of its own. */
    static LocalStore create(Path home, Optional<Path> folder, IndexSettings settings, StoreRecord record)
            throws IOException {
        Files.createDirectories(home);
        SafeFiles.write(home.resolve(RECORD), TypedJson.write(record));
        return new LocalStore(home, folder, settings, record);
    }

    /** The store that lies there; empty if none was ever made whole. */
    static Optional<LocalStore> load(Path home, Optional<Path> folder, IndexSettings settings) throws IOException {
        Path file = home.resolve(RECORD);
        return Files.isRegularFile(file)
                ? Optional.of(new LocalStore(
                        home, folder, settings, TypedJson.read(Files.readString(file), StoreRecord.class)))
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
            open = PassageIndex.open(home.resolve("index"), settings);
            index = open;
        }
        return Optional.of(open);
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
        close();
        // The record first: what is left after a crash is no store.
        Files.deleteIfExists(home.resolve(RECORD));
        SafeFiles.deleteFolder(home);
    }
}
