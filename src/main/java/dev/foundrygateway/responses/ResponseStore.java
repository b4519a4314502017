package dev.foundrygateway.responses;

import dev.foundrygateway.exchange.Caller;
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
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Keeps responses, each in a file of its own: its owner on the first line, then its record. They are bounded in count, size and age, the oldest going first.
 * One is found as soon as it was handed in, and survives the program from when its file is written. Thread-safe; never blocks an event loop.
 */
@Singleton
public class ResponseStore {
    private static final Logger LOG = Logger.getLogger(ResponseStore.class);
    private static final String NEXT = ".next";
    private static final int RANDOM_BYTES = 12;

    private final Vertx vertx;
    private final ResponsesConfig config;
    private final Clock clock;
    /** By id, which is by time. */
    private final ConcurrentSkipListMap<String, Entry> entries = new ConcurrentSkipListMap<>();

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong count = new AtomicLong();

    /**
     * One that is kept.
     *
     * @param size its file's size in bytes
     * @param unwritten the file's content until it is written; empty from then on
     */
    private record Entry(long size, Optional<Buffer> unwritten) {}

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
                    add(name, new Entry(Files.size(file), Optional.empty()));
                } else if (name.endsWith(NEXT)) {
                    Files.deleteIfExists(file);
                }
            }
            trim();
        } catch (IOException e) {
            LOG.warnf("the stored responses in %s can't be listed and are left out: %s", config.directory(), e);
        }
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

    /** Keeps a response; one that is larger than all may be together is let go. */
    public void keep(String id, Caller owner, Buffer record) {
        Buffer content = Buffer.buffer(owner.key() + "\n").appendBuffer(record);
        if (content.length() > config.maxSize().asLongValue()) {
            LOG.warnf("the response %s is larger than gateway.responses.max-size and is not kept", id);
            return;
        }
        add(id, new Entry(content.length(), Optional.of(content)));
        trim();
        vertx.executeBlocking(() -> write(id, content), false).onFailure(failure -> {
            // It stays in memory, where it counts like any other.
            LOG.warnf("the response %s is not on disk and is lost at the next start: %s", id, failure);
        });
    }

    private Boolean write(String id, Buffer content) throws IOException {
        Files.createDirectories(config.directory());
        Path file = config.directory().resolve(id);
        Path next = config.directory().resolve(id + NEXT);
        try {
            Files.write(next, content.getBytes());
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(next);
            throw e;
        }
        Entry written = new Entry(content.length(), Optional.empty());
        if (entries.computeIfPresent(id, (key, before) -> written) == null) {
            Files.deleteIfExists(file);
        }
        return true;
    }

    /** The record of a response, if this caller may read it. */
    public Uni<Optional<Buffer>> find(String id, Caller caller) {
        trim();
        Entry entry = entries.get(id);
        if (entry == null) {
            return Uni.createFrom().item(Optional.empty());
        }
        if (entry.unwritten().isPresent()) {
            return Uni.createFrom().item(owned(entry.unwritten().get(), caller));
        }
        // Back on the context that asked: Vert.x completes the future there.
        return Uni.createFrom()
                .emitter(emitter -> vertx.executeBlocking(() -> read(id), false)
                        .onSuccess(content -> emitter.complete(content.flatMap(whole -> owned(whole, caller))))
                        .onFailure(emitter::fail));
    }

    private Optional<Buffer> read(String id) {
        try {
            return Optional.of(
                    Buffer.buffer(Files.readAllBytes(config.directory().resolve(id))));
        } catch (IOException e) {
            LOG.warnf("the stored response %s can't be read and is left out: %s", id, e);
            return Optional.empty();
        }
    }

    /** Where no key is asked for, all are everybody's; and so is what was kept then. */
    private static Optional<Buffer> owned(Buffer content, Caller caller) {
        for (int i = 0; i < content.length(); i++) {
            if (content.getByte(i) == '\n') {
                String owner = content.getString(0, i, StandardCharsets.UTF_8.name());
                boolean may = caller.key().isEmpty() || owner.isEmpty() || owner.equals(caller.key());
                return may ? Optional.of(content.slice(i + 1, content.length())) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Deletes a response; false if there is none that this caller may read. */
    public Uni<Boolean> delete(String id, Caller caller) {
        return find(id, caller).map(found -> {
            found.ifPresent(record -> remove(id));
            return found.isPresent();
        });
    }

    private void add(String id, Entry entry) {
        if (entries.put(id, entry) == null) {
            count.incrementAndGet();
            bytes.addAndGet(entry.size());
        }
    }

    private void remove(String id) {
        Entry gone = entries.remove(id);
        if (gone != null) {
            count.decrementAndGet();
            bytes.addAndGet(-gone.size());
            vertx.executeBlocking(() -> Files.deleteIfExists(config.directory().resolve(id)), false)
                    .onFailure(failure -> LOG.warnf("the stored response %s can't be deleted: %s", id, failure));
        }
    }

    private void trim() {
        long oldest = clock.millis() - config.keep().toMillis();
        for (Map.Entry<String, Entry> first = entries.firstEntry();
                first != null
                        && (count.get() > config.maxCount()
                                || bytes.get() > config.maxSize().asLongValue()
                                || ResponseIds.millis(first.getKey()) < oldest);
                first = entries.firstEntry()) {
            remove(first.getKey());
        }
    }
}
