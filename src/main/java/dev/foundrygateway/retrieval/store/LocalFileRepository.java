package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.SafeFiles;
import dev.foundrygateway.exchange.Troubles;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.read.UnreadableFileException;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Uploaded files below {@code gateway.retrieval.directory}: each its content and, beside it, its record, many small ones together in a pack. Records are read
 * once, and then known: the directory is this gateway's alone.
 */
@Singleton
@Typed(LocalFileRepository.class)
public class LocalFileRepository implements FileRepository {
    private static final Pattern ID = Pattern.compile("file-[0-9a-f]{24}");
    private static final String RECORD = ".json";

    private static final String NEXT = ".next";
    private static final Logger LOG = Logger.getLogger(LocalFileRepository.class);

    private final Path folder;
    private final PackedFiles packs;
    private final SpareRoom spare;
    private final Troubles troubles;
    private final AtomicBoolean packing = new AtomicBoolean();
    private final AtomicLong reads = new AtomicLong();
    private volatile @Nullable Known known;

    /** The records by their ids, and in their order; and the small ones among them that an earlier version has left by themselves. */
    private record Known(Map<String, FileRecord> byId, NavigableSet<FileRecord> ordered, Set<FileRecord> loose) {
        void add(FileRecord record) {
            byId.put(record.id(), record);
            ordered.add(record);
        }

        void addAlone(FileRecord record) {
            add(record);
            if (isSmall(record)) {
                loose.add(record);
            }
        }

        void remove(String id) {
            FileRecord gone = byId.remove(id);
            if (gone != null) {
                ordered.remove(gone);
                loose.remove(gone);
            }
        }
    }

    private static boolean isSmall(FileRecord record) {
        return record.bytes() <= PackedFiles.MOST_BYTES;
    }

    @Inject
    public LocalFileRepository(RetrievalConfig config, Troubles troubles) {
        this.folder = config.directory().resolve("files");
        this.packs = new PackedFiles(folder);
        this.spare = new SpareRoom(config.directory());
        this.troubles = troubles;
    }

    public LocalFileRepository(RetrievalConfig config) {
        this(config, new Troubles());
    }

    @Override
    public void open() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        spare.take();
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.toList()) {
                String name = path.getFileName().toString();
                boolean unlisted = ID.matcher(name).matches() && !Files.exists(folder.resolve(name + RECORD));
                if (unlisted || name.endsWith(NEXT)) {
                    // Half an upload, which nobody was told of.
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warnf("what is left of broken uploads stays in %s: %s", folder, e);
        }
        try {
            known();
        } catch (IOException e) {
            LOG.warnf("the files in %s cannot be listed now: %s", folder, e);
        }
    }

    private Known known() throws IOException {
        Known all = known;
        if (all == null) {
            synchronized (this) {
                all = known;
                if (all == null) {
                    all = new Known(
                            new ConcurrentHashMap<>(),
                            new ConcurrentSkipListSet<>(FileRecord.OLDEST_FIRST),
                            ConcurrentHashMap.newKeySet());
                    load(all);
                    known = all;
                }
            }
        }
        return all;
    }

    private void load(Known all) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        packs.load(
                record -> {
                    reads.incrementAndGet();
                    all.add(record);
                },
                place -> troubles.note(
                        place, "the record of a small file is damaged: the file is left out. It stands in " + place));
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.toList()) {
                String name = path.getFileName().toString();
                if (name.endsWith(RECORD)) {
                    String id = name.substring(0, name.length() - RECORD.length());
                    if (all.byId().containsKey(id)) {
                        deleteLoose(id); // packed in the moment of a crash
                    } else {
                        read(id).ifPresent(all::addAlone);
                    }
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** How many records have been read from the disk: for tests of growth. */
    long reads() {
        return reads.get();
    }

    @Override
    public void add(FileRecord record, Path content) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            spare.take();
        }
        Known all = known();
        if (isSmall(record)) {
            packs.add(Map.of(record, Files.readAllBytes(content)));
        } else {
            addAlone(record, content);
        }
        all.add(record);
        // One packs, which takes a while since the disk is asked to forget many files; the others go on.
        if (!all.loose().isEmpty() && packing.compareAndSet(false, true)) {
            try {
                for (String id : pack(all)) {
                    deleteLoose(id);
                }
            } catch (IOException e) {
                LOG.debugf(e, "small files stay by themselves");
            } finally {
                packing.set(false);
            }
        }
    }

    private void addAlone(FileRecord record, Path content) throws IOException {
        Path next = folder.resolve(record.id() + NEXT);
        try {
            Files.copy(content, next, StandardCopyOption.REPLACE_EXISTING);
            SafeFiles.publish(next, folder.resolve(record.id()));
            SafeFiles.write(folder.resolve(record.id() + RECORD), TypedJson.write(record));
        } catch (IOException e) {
            Files.deleteIfExists(next);
            deleteLoose(record.id()); // its record may stand there, too
            throw e;
        }
    }

    /** Packs small files that lie by themselves, no more than shall be together; their ids. What was deleted meanwhile stays deleted. */
    private synchronized List<String> pack(Known all) throws IOException {
        Map<FileRecord, byte[]> files = new LinkedHashMap<>();
        Iterator<FileRecord> loose = all.loose().iterator();
        while (files.size() < PackedFiles.TOGETHER && loose.hasNext()) {
            FileRecord record = loose.next();
            try {
                files.put(record, Files.readAllBytes(folder.resolve(record.id())));
            } catch (IOException e) {
                // Taken away by somebody else, or not to be read: it stays as it is, and the others don't wait for it.
                LOG.debugf(e, "%s is not packed", record.id());
                loose.remove();
            }
        }
        if (files.isEmpty()) {
            return List.of();
        }
        packs.add(files);
        all.loose().removeAll(files.keySet());
        return files.keySet().stream().map(FileRecord::id).toList();
    }

    private void deleteLoose(String id) throws IOException {
        Files.deleteIfExists(folder.resolve(id + RECORD));
        Files.deleteIfExists(folder.resolve(id));
    }

    @Override
    public Optional<FileRecord> find(String id) {
        try {
            return Optional.ofNullable(known().byId().get(id));
        } catch (IOException e) {
            return read(id);
        }
    }

    private Optional<FileRecord> read(String id) {
        reads.incrementAndGet();
        Path record = folder.resolve(id + RECORD);
        if (!ID.matcher(id).matches() || !Files.isRegularFile(record)) {
            return Optional.empty();
        }
        try {
            FileRecord read = TypedJson.read(Files.readString(record), FileRecord.class);
            if (read == null || !id.equals(read.id())) {
                throw new IllegalArgumentException("it is not the record of " + id);
            }
            return Optional.of(read);
        } catch (IOException | IllegalArgumentException e) {
            LOG.errorf("the record of %s is damaged and left out: %s", id, e);
            troubles.note(
                    id,
                    "the record of the file " + id + " is damaged: the file is left out. Delete " + record
                            + " and send it again");
            return Optional.empty();
        }
    }

    @Override
    public List<FileRecord> all() throws IOException {
        return List.copyOf(known().ordered());
    }

    @Override
    public Stream<FileRecord> listed(boolean newestFirst, Optional<FileRecord> behind) throws IOException {
        NavigableSet<FileRecord> ordered = newestFirst ? known().ordered().descendingSet() : known().ordered();
        return (behind.isPresent() ? ordered.tailSet(behind.get(), false) : ordered).stream();
    }

    @Override
    public synchronized void delete(String id) throws IOException {
        Files.deleteIfExists(folder.resolve(id + RECORD));
        packs.delete(id);
        known().remove(id);
        Files.deleteIfExists(folder.resolve(id));
        spare.take();
    }

    @Override
    public void makeRoom(Collection<String> ids) throws IOException {
        for (String id : ids) {
            Files.deleteIfExists(folder.resolve(id));
        }
        spare.give();
    }

    @Override
    public InputStream content(String id) throws IOException {
        Optional<byte[]> packed = packs.content(id);
        if (packed.isEmpty()) {
            try {
                return Files.newInputStream(folder.resolve(id));
            } catch (NoSuchFileException e) {
                packed = packs.content(id); // packed in between
                if (packed.isEmpty()) {
                    throw e;
                }
            }
        }
        return new ByteArrayInputStream(packed.get());
    }

    @Override
    public <T> T read(String id, Reader<T> reader) throws IOException, UnreadableFileException, InterruptedException {
        Optional<FileRecord> small = find(id).filter(LocalFileRepository::isSmall);
        if (small.isEmpty()) {
            return reader.from(folder.resolve(id));
        }
        // It may be packed while it is read.
        Path copy = Files.createTempFile(folder, id + "-", NEXT);
        try (InputStream content = content(id)) {
            Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
            return reader.from(copy);
        } catch (NoSuchFileException e) {
            throw new UnreadableFileException("the file is gone");
        } finally {
            Files.deleteIfExists(copy);
        }
    }
}
