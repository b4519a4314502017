package dev.foundrygateway.responses;

import dev.foundrygateway.exchange.SafeFiles;
import dev.foundrygateway.exchange.Troubles;
import dev.foundrygateway.exchange.Worker;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** In a folder, each in a file of its own: its owner on the first line, then its record. One is found as soon as it was handed in, and survives the program from when its file is written. */
final class FolderHome implements Home {
    private static final Logger LOG = Logger.getLogger(FolderHome.class);
    private static final String NEXT = ".next";

    private final Vertx vertx;
    private final ResponsesConfig config;
    private final Clock clock;
    private final Troubles.Passing unlisted;
    private final Troubles.Passing unwritable;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    private final ConcurrentSkipListSet<Age> ages =
            new ConcurrentSkipListSet<>(Comparator.comparingLong(Age::changed).thenComparing(Age::id));
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong versions = new AtomicLong();
    private final Object moving = new Object();

    /**
     * One that is kept.
     *
     * @param size its file's size in bytes
     * @param changed when it was handed in last, in milliseconds since 1970
     * @param version another one with each change
     * @param unwritten the file's content until it is written; empty from then on
     */
    private record Entry(long size, long changed, String version, Optional<Buffer> unwritten) {}

    /** When one was changed. */
    private record Age(long changed, String id) {}

    FolderHome(Vertx vertx, ResponsesConfig config, Clock clock, Troubles troubles) {
        this.unlisted = troubles.passing(LOG, "stored responses");
        this.unwritable = troubles.passing(LOG, "new stored responses");
        this.vertx = vertx;
        this.config = config;
        this.clock = clock;
    }

    /** Learns which there are, and deletes what a broken write has left. */
    @Override
    public void open() {
        if (!Files.isDirectory(config.directory())) {
            return;
        }
        try (Stream<Path> files = Files.list(config.directory())) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (ResponseIds.ours(name)) {
                    found(name, Files.size(file), ResponseIds.millis(name));
                } else if (ResponseIds.conversation(name)) {
                    found(
                            name,
                            Files.size(file),
                            Files.getLastModifiedTime(file).toMillis());
                } else if (name.endsWith(NEXT)) {
                    Files.deleteIfExists(file);
                }
            }
            trim();
        } catch (IOException e) {
            unlisted.began(
                    "the stored responses in " + config.directory()
                            + " can't be listed and are left out: make gateway.responses.directory readable and start again",
                    e);
        }
    }

    private void found(String id, long size, long changed) {
        entries.put(id, entry(size, changed, Optional.empty()));
        ages.add(new Age(changed, id));
        bytes.addAndGet(size);
    }

    private Entry entry(long size, long changed, Optional<Buffer> unwritten) {
        return new Entry(size, changed, Long.toString(versions.incrementAndGet()), unwritten);
    }

    private static Buffer content(String owner, Buffer record) {
        return Buffer.buffer(owner + "\n").appendBuffer(record);
    }

    @Override
    public Uni<Boolean> put(String id, String owner, Buffer record) {
        Buffer content = content(owner, record);
        Entry entry = entry(content.length(), clock.millis(), Optional.of(content));
        added(id, entry, Optional.ofNullable(entries.put(id, entry)));
        return Uni.createFrom().item(true);
    }

    private void added(String id, Entry entry, Optional<Entry> before) {
        ages.add(new Age(entry.changed(), id));
        bytes.addAndGet(entry.size());
        before.ifPresent(old -> forget(id, old, old.changed() != entry.changed()));
        trim();
        entry.unwritten()
                .ifPresent(content -> vertx.executeBlocking(() -> write(id, content, entry), false)
                        .onSuccess(written ->
                                unwritable.over("stored responses are written to " + config.directory() + " again"))
                        // It stays in memory, where it counts like any other.
                        .onFailure(failure -> unwritable.began(
                                "stored responses can't be written to " + config.directory()
                                        + ": new ones are lost at the next start; free the disk, or set gateway.responses.directory",
                                failure)));
    }

    private Boolean write(String id, Buffer content, Entry entry) throws IOException {
        Files.createDirectories(config.directory());
        Path file = config.directory().resolve(id);
        Path next = config.directory().resolve(id + "." + entry.version() + NEXT);
        try {
            Files.write(next, content.getBytes());
            SafeFiles.force(next);
            synchronized (moving) {
                // A later change, or its deletion, must not be written over.
                Entry written = new Entry(entry.size(), entry.changed(), entry.version(), Optional.empty());
                Entry now = entries.get(id);
                if (now != null && now.version().equals(entry.version())) {
                    // Out of memory only once it is in its place.
                    SafeFiles.move(next, file);
                    entries.replace(id, entry, written);
                }
            }
            SafeFiles.forceFolder(file);
        } finally {
            Files.deleteIfExists(next);
        }
        return true;
    }

    @Override
    public Uni<Optional<Kept>> get(String id) {
        trim();
        Entry entry = entries.get(id);
        if (entry == null) {
            return Uni.createFrom().item(Optional.empty());
        }
        if (entry.unwritten().isPresent()) {
            return Uni.createFrom().item(kept(entry.unwritten().get(), entry.version()));
        }
        return Worker.of(vertx)
                .run(() -> read(id))
                .map(content -> content.flatMap(whole -> kept(whole, entry.version())));
    }

    @Override
    public Uni<Boolean> replace(String id, Kept before, Buffer record) {
        Entry entry = entries.get(id);
        if (entry == null || !entry.version().equals(before.version())) {
            return Uni.createFrom().item(false);
        }
        Buffer content = content(before.owner(), record);
        Entry changed = entry(content.length(), clock.millis(), Optional.of(content));
        // It may have been written to its file in between, which changes nothing.
        Entry written = new Entry(entry.size(), entry.changed(), entry.version(), Optional.empty());
        if (!entries.replace(id, entry, changed) && !entries.replace(id, written, changed)) {
            return Uni.createFrom().item(false);
        }
        added(id, changed, Optional.of(entry));
        return Uni.createFrom().item(true);
    }

    private Optional<Buffer> read(String id) {
        try {
            return Optional.of(
                    Buffer.buffer(Files.readAllBytes(config.directory().resolve(id))));
        } catch (IOException e) {
            LOG.warnf("%s can't be read and is left out: %s", id, e);
            return Optional.empty();
        }
    }

    private static Optional<Kept> kept(Buffer content, String version) {
        for (int i = 0; i < content.length(); i++) {
            if (content.getByte(i) == '\n') {
                String owner = content.getString(0, i, StandardCharsets.UTF_8.name());
                return Optional.of(new Kept(owner, content.slice(i + 1, content.length()), version));
            }
        }
        return Optional.empty();
    }

    private void forget(String id, Entry gone, boolean age) {
        bytes.addAndGet(-gone.size());
        if (age) {
            ages.remove(new Age(gone.changed(), id));
        }
    }

    @Override
    public Uni<Boolean> remove(String id) {
        Optional<Entry> gone = Optional.ofNullable(entries.remove(id));
        gone.ifPresent(entry -> removed(id, entry));
        return Uni.createFrom().item(gone.isPresent());
    }

    private void removed(String id, Entry gone) {
        forget(id, gone, true);
        vertx.executeBlocking(() -> delete(id), false)
                .onFailure(failure -> LOG.warnf("%s can't be deleted: %s", id, failure));
    }

    private Boolean delete(String id) throws IOException {
        synchronized (moving) {
            return Files.deleteIfExists(config.directory().resolve(id));
        }
    }

    private void trim() {
        long oldest = clock.millis() - config.keep().toMillis();
        while (true) {
            Iterator<Age> all = ages.iterator();
            if (!all.hasNext()) {
                return;
            }
            Age first = all.next();
            if (entries.size() <= config.maxCount()
                    && bytes.get() <= config.maxSize().asLongValue()
                    && first.changed() >= oldest) {
                return;
            }
            Entry entry = entries.get(first.id());
            if (entry == null || entry.changed() != first.changed()) {
                ages.remove(first);
            } else if (entries.remove(first.id(), entry)) {
                // Not what was changed in between.
                removed(first.id(), entry);
            }
        }
    }
}
