package dev.foundrygateway.responses;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Keeps responses and conversations, each in a file of its own: its owner on the first line, then its record. They are bounded in count, size and age, those going first that were changed
 * longest ago. One is found as soon as it was handed in, and survives the program from when its file is written. Thread-safe; never blocks an event loop.
 */
@Singleton
public class ResponseStore {
    private static final Logger LOG = Logger.getLogger(ResponseStore.class);
    private static final String NEXT = ".next";
    private static final int RANDOM_BYTES = 12;

    private final Vertx vertx;
    private final ResponsesConfig config;
    private final Clock clock;
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
    private record Entry(long size, long changed, long version, Optional<Buffer> unwritten) {}

    /** When one was changed. */
    private record Age(long changed, String id) {}

    /**
     * What is kept under an id.
     *
     * @param owner the API key that it belongs to; empty where none was asked for
     * @param version another one with each change
     */
    public record Kept(String owner, Buffer record, long version) {}

    @Inject
    ResponseStore(Vertx vertx, ResponsesConfig config) {
        this(vertx, config, Clock.systemUTC());
    }

    ResponseStore(Vertx vertx, ResponsesConfig config, Clock clock) {
        this.vertx = vertx;
        this.config = config;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        open();
    }

    /** Learns which there are, and deletes what a broken write has left. */
    void open() {
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
            LOG.warnf("the stored responses in %s can't be listed and are left out: %s", config.directory(), e);
        }
    }

    private void found(String id, long size, long changed) {
        entries.put(id, entry(size, changed, Optional.empty()));
        ages.add(new Age(changed, id));
        bytes.addAndGet(size);
    }

    /** Whether any is kept at all. */
    public boolean keeps() {
        return config.maxCount() > 0;
    }

    /** An id for a response that begins now. */
    public String newId() {
        byte[] random = new byte[RANDOM_BYTES];
        // Made anew: a static one would carry the seed of a native image's build.
        new SecureRandom().nextBytes(random);
        return ResponseIds.of(clock.millis(), HexFormat.of().formatHex(random));
    }

    /** The time now, in seconds since 1970. */
    public long seconds() {
        return clock.instant().getEpochSecond();
    }

    /** Keeps a response or a conversation; one that is larger than all may be together is let go. */
    public void keep(String id, Caller owner, Buffer record) {
        put(id, owner.key(), record);
    }

    private Entry entry(long size, long changed, Optional<Buffer> unwritten) {
        return new Entry(size, changed, versions.incrementAndGet(), unwritten);
    }

    private void put(String id, String owner, Buffer record) {
        content(id, owner, record).ifPresent(content -> {
            Entry entry = entry(content.length(), clock.millis(), Optional.of(content));
            added(id, entry, Optional.ofNullable(entries.put(id, entry)));
        });
    }

    /** Refuses a client's record that is too large to be kept. */
    public void check(Caller owner, Buffer record) {
        check(owner.key(), record);
    }

    private void check(String owner, Buffer record) {
        long limit = config.maxSize().asLongValue();
        if (owner.length() + 1L + record.length() > limit) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST,
                    "this would make it larger than the " + limit
                            + " bytes of gateway.responses.max-size, and it could not be kept");
        }
    }

    private Optional<Buffer> content(String id, String owner, Buffer record) {
        Buffer content = Buffer.buffer(owner + "\n").appendBuffer(record);
        if (content.length() > config.maxSize().asLongValue()) {
            LOG.warnf("%s is larger than gateway.responses.max-size and is not kept", id);
            return Optional.empty();
        }
        return Optional.of(content);
    }

    private void added(String id, Entry entry, Optional<Entry> before) {
        ages.add(new Age(entry.changed(), id));
        bytes.addAndGet(entry.size());
        before.ifPresent(old -> forget(id, old, old.changed() != entry.changed()));
        trim();
        entry.unwritten()
                .ifPresent(content -> vertx.executeBlocking(() -> write(id, content, entry), false)
                        .onFailure(failure -> {
                            // It stays in memory, where it counts like any other.
                            LOG.warnf("%s is not on disk and is lost at the next start: %s", id, failure);
                        }));
    }

    private Boolean write(String id, Buffer content, Entry entry) throws IOException {
        Files.createDirectories(config.directory());
        Path file = config.directory().resolve(id);
        Path next = config.directory().resolve(id + "." + entry.version() + NEXT);
        try {
            Files.write(next, content.getBytes());
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            synchronized (moving) {
                // A later change, or its deletion, must not be written over.
                Entry written = new Entry(entry.size(), entry.changed(), entry.version(), Optional.empty());
                Entry now = entries.get(id);
                if (now != null && now.version() == entry.version()) {
                    // Out of memory only once it is in its place.
                    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    entries.replace(id, entry, written);
                }
            }
        } finally {
            Files.deleteIfExists(next);
        }
        return true;
    }

    /** The record that is kept under that id, if this caller may read it. */
    public Uni<Optional<Buffer>> find(String id, Caller caller) {
        return kept(id, caller).map(found -> found.map(Kept::record));
    }

    /** The same with its version. */
    public Uni<Optional<Kept>> kept(String id, Caller caller) {
        trim();
        Entry entry = entries.get(id);
        if (entry == null) {
            return Uni.createFrom().item(Optional.empty());
        }
        if (entry.unwritten().isPresent()) {
            return Uni.createFrom().item(owned(entry.unwritten().get(), caller, entry.version()));
        }
        // Back on the context that asked: Vert.x completes the future there.
        return Uni.createFrom()
                .emitter(emitter -> vertx.executeBlocking(() -> read(id), false)
                        .onSuccess(content ->
                                emitter.complete(content.flatMap(whole -> owned(whole, caller, entry.version()))))
                        .onFailure(emitter::fail));
    }

    /**
     * Changes what is kept under an id, unless it has been changed since it was read.
     *
     * @return whether it is changed now
     */
    public boolean replace(String id, Kept before, Buffer record) {
        Entry entry = entries.get(id);
        if (entry == null || entry.version() != before.version()) {
            return false;
        }
        Optional<Buffer> content = content(id, before.owner(), record);
        if (content.isEmpty()) {
            return true;
        }
        Entry changed = entry(content.get().length(), clock.millis(), content);
        // It may have been written to its file in between, which changes nothing.
        Entry written = new Entry(entry.size(), entry.changed(), entry.version(), Optional.empty());
        if (!entries.replace(id, entry, changed) && !entries.replace(id, written, changed)) {
            return false;
        }
        added(id, changed, Optional.of(entry));
        return true;
    }

    /** Changes what is kept under an id, whoever else does so at the same time; empty if there is nothing that this caller may read. What would be too large is refused. */
    public Uni<Optional<Buffer>> change(String id, Caller caller, UnaryOperator<Buffer> change) {
        return kept(id, caller).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(Optional.<Buffer>empty());
            }
            Buffer changed = change.apply(found.get().record());
            check(found.get().owner(), changed);
            return replace(id, found.get(), changed)
                    ? Uni.createFrom().item(Optional.of(changed))
                    : change(id, caller, change);
        });
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

    /** Where no key is asked for, all are everybody's; and so is what was kept then. */
    private static Optional<Kept> owned(Buffer content, Caller caller, long version) {
        for (int i = 0; i < content.length(); i++) {
            if (content.getByte(i) == '\n') {
                String owner = content.getString(0, i, StandardCharsets.UTF_8.name());
                boolean may = caller.key().isEmpty() || owner.isEmpty() || owner.equals(caller.key());
                return may
                        ? Optional.of(new Kept(owner, content.slice(i + 1, content.length()), version))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Deletes what is kept under an id; false if there is none that this caller may read. */
    public Uni<Boolean> delete(String id, Caller caller) {
        return find(id, caller).map(found -> {
            found.ifPresent(record -> remove(id));
            return found.isPresent();
        });
    }

    private void forget(String id, Entry gone, boolean age) {
        bytes.addAndGet(-gone.size());
        if (age) {
            ages.remove(new Age(gone.changed(), id));
        }
    }

    private void remove(String id) {
        Entry gone = entries.remove(id);
        if (gone != null) {
            removed(id, gone);
        }
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
