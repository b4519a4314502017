package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.SafeFiles;
import dev.foundrygateway.retrieval.index.Analyzers;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.PassageIndex;
import dev.foundrygateway.retrieval.index.Passages;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.apache.lucene.store.AlreadyClosedException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A store on this machine: its record, kept whole on the disk before anyone sees it, and its index, opened at first use. Thread-safe. */
final class LocalStore implements VectorStore, Closeable {
    private static final Logger LOG = Logger.getLogger(LocalStore.class);

    /** The file that names the language which the index was made for. */
    private static final String LANGUAGE = "index.language";

    private static final long USE_IS_NOTED_EVERY_SECONDS = 3_600;

    private final Path home;
    private final StoreLog log;
    private final Optional<Path> folder;
    private final IndexSettings settings;
    /** Told why the index was damaged, or nothing where its language is another one, after its files have been put in progress. */
    private final BiConsumer<LocalStore, String> damaged;

    private volatile StoreRecord record;
    /** Files whose passages a full disk or a crash has left in the index; a search leaves them out, and the next removal takes them, too. */
    private final Set<String> owed = ConcurrentHashMap.newKeySet();

    /** Held while passages are taken out, and taken before the lock of this. */
    private final Object forgetting = new Object();

    private @Nullable PassageIndex index;
    private boolean closed;
    /** The last use that is on the disk, in seconds since 1970. */
    private long notedUse;

    private LocalStore(
            Path home,
            StoreLog log,
            Optional<Path> folder,
            IndexSettings settings,
            StoreRecord record,
            BiConsumer<LocalStore, String> damaged) {
        this.damaged = damaged;
        this.home = home;
        this.log = log;
        this.folder = folder;
        this.settings = settings;
        this.record = record;
        this.notedUse = record.lastActiveAt();
    }

    /** Makes a store in a folder of its own. */
    static LocalStore create(
            Path home,
            Optional<Path> folder,
            IndexSettings settings,
            StoreRecord record,
            BiConsumer<LocalStore, String> damaged)
            throws IOException {
        Files.createDirectories(home);
        StoreLog log = new StoreLog(home);
        log.write(record);
        return new LocalStore(home, log, folder, settings, record, damaged);
    }

    /** The store that lies there; empty if none was ever made whole. */
    static Optional<LocalStore> load(
            Path home, Optional<Path> folder, IndexSettings settings, BiConsumer<LocalStore, String> damaged)
            throws IOException {
        StoreLog log = new StoreLog(home);
        return log.isThere()
                ? Optional.of(new LocalStore(home, log, folder, settings, log.read(), damaged))
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
    public StoreRecord change(UnaryOperator<StoreRecord> edit) throws IOException {
        boolean other;
        boolean anew;
        StoreRecord changed;
        synchronized (this) {
            changed = edit.apply(record);
            other = !language(changed).equals(language(record));
            anew = other && !changed.files().isEmpty();
            changed = anew ? allInProgress(changed) : changed;
            if (closed) {
                return changed;
            }
            log.change(record, changed);
            record = changed;
            notedUse = changed.lastActiveAt();
            if (other) {
                begunAnew();
            }
        }
        if (anew) {
            damaged.accept(this, "");
        }
        return changed;
    }

    /** What its {@code metadata} calls its language; empty for the configured one. */
    private static Optional<String> language(StoreRecord record) {
        return Analyzers.named(record.metadata().getOrDefault("language", ""));
    }

    private void begunAnew() {
        PassageIndex old = index;
        index = null;
        try {
            if (old != null) {
                old.close();
            }
            Path at = home.resolve("index");
            if (Files.exists(at)) {
                SafeFiles.deleteFolder(at);
            }
        } catch (IOException | RuntimeException e) {
            // Of another language than its store's, it is taken away when it is opened.
            LOG.warnf(e, "the old index of %s is deleted later", record.id());
        }
    }

    private PassageIndex open(Path at) throws IOException {
        String language = wantedLanguage();
        if (!PassageIndex.isThere(at)) {
            SafeFiles.write(home.resolve(LANGUAGE), language);
        }
        return PassageIndex.open(at, settings.in(language));
    }

    private String wantedLanguage() {
        return language(record).orElse(settings.language()).toLowerCase(Locale.ROOT);
    }

    /** Whether an index is there that was made for another language: one from before that was noted is of the configured one. */
    private boolean isOfAnotherLanguage(Path at) throws IOException {
        Path noted = home.resolve(LANGUAGE);
        String made = Files.exists(noted)
                ? new String(Files.readAllBytes(noted), StandardCharsets.UTF_8).strip()
                : settings.language();
        return PassageIndex.isThere(at) && !made.toLowerCase(Locale.ROOT).equals(wantedLanguage());
    }

    /** Whether a change of its record was damaged on the disk, and is lost. */
    boolean lostChange() {
        return log.damaged();
    }

    /** How many bytes its record has cost so far: for tests of growth. */
    synchronized long written() {
        return log.written();
    }

    @Override
    public synchronized void usedAt(long seconds) {
        if (closed) {
            return;
        }
        // On the disk with its next change, at the end, or after an hour: a search shall not write.
        record = record.activeAt(seconds);
        if (seconds - notedUse > USE_IS_NOTED_EVERY_SECONDS) {
            noteUse();
        }
    }

    private void noteUse() {
        notedUse = record.lastActiveAt();
        try {
            log.change(record, record);
        } catch (IOException e) {
            LOG.debugf(e, "when %s was used last is noted later", record.id());
        }
    }

    @Override
    public Optional<Passages> passages() throws IOException {
        return index().map(open -> open);
    }

    private synchronized Optional<PassageIndex> index() throws IOException {
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

    @Override
    public void forget(List<String> fileIds) throws IOException {
        synchronized (forgetting) {
            owed.addAll(fileIds);
            Optional<PassageIndex> open = index();
            try {
                if (open.isPresent()) {
                    forget(open.get());
                }
            } catch (AlreadyClosedException e) {
                if (index().equals(open)) {
                    throw new IOException(e); // a full disk has closed its writer
                }
                owed.clear(); // it went with all its passages: what has its place began empty
            }
        }
    }

    private void forget(PassageIndex open) throws IOException {
        owed.removeAll(open.remove(() -> {
            owed.removeIf(record::has); // one that came back is replaced by its ingest
            return Set.copyOf(owed);
        }));
    }

    @Override
    public boolean owes() {
        return !owed.isEmpty();
    }

    private PassageIndex opened() throws IOException {
        Path at = home.resolve("index");
        String why;
        try {
            boolean another = isOfAnotherLanguage(at);
            if (!another && (!hasPassages() || PassageIndex.isThere(at))) {
                PassageIndex open = open(at);
                try {
                    if (hasPassages()) {
                        open.check();
                    }
                    leftBehind(open);
                } catch (IOException | RuntimeException e) {
                    open.close();
                    throw e;
                }
                return open;
            }
            why = another ? "" : "it is gone";
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
        PassageIndex empty = open(at);
        index = empty;
        damaged.accept(this, why);
        return empty;
    }

    private void leftBehind(PassageIndex open) throws IOException {
        owed.addAll(open.files());
        owed.removeIf(record::has);
        if (!owed.isEmpty()) {
            try {
                forget(open);
            } catch (IOException | AlreadyClosedException e) {
                LOG.debugf(e, "passages of files that are gone stay in the index of %s", record.id());
            }
        }
    }

    private boolean hasPassages() {
        return record.files().values().stream()
                .anyMatch(file -> file.status() == Status.COMPLETED && file.usageBytes() > 0);
    }

    private static StoreRecord allInProgress(StoreRecord record) {
        return record.with(record.files().values().stream()
                .filter(file -> file.status() == Status.COMPLETED)
                .map(StoreFile::again)
                .toList());
    }

    /** Looks whether its index is all there, without reading it; one that is not is made again. */
    void look() {
        try {
            Path at = home.resolve("index");
            if (hasPassages() && (!PassageIndex.looksWhole(at) || isOfAnotherLanguage(at))) {
                passages();
            }
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "the index of %s cannot be opened", record.id());
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed && record.lastActiveAt() > notedUse) {
            noteUse();
        }
        closed = true;
        if (index != null) {
            index.close();
            index = null;
        }
    }

    @Override
    public void delete() throws IOException {
        // The record first: what is left after a crash is no store. Where that fails, all is as it was.
        synchronized (this) {
            log.delete();
            closed = true; // else its last use would be noted
        }
        try {
            close();
            SafeFiles.deleteFolder(home);
        } catch (IOException | RuntimeException e) {
            LOG.warnf("what is left of a deleted store stays in %s: %s", home, e);
        }
    }
}
