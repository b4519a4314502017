package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.InputLimits;
import dev.foundrygateway.retrieval.PromptText;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.read.UnreadableFileException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of {@code /v1/files}: what is listed is whole. Thread-safe; for worker threads. */
@ApplicationScoped
public class UploadedFiles {
    private static final int MAX_NAME = 255;

    private final FileRepository repository;
    private final long maxBytes;
    private final InputLimits limits;
    private final Clock clock;
    private final AtomicLong lastPlace = new AtomicLong();
    /** A client that deletes what it lists, page by page, goes on behind one that is gone. */
    private final Map<String, FileRecord> deleted = Collections.synchronizedMap(new DeletedPlaces.Last<>());

    @Inject
    public UploadedFiles(RetrievalConfig config, FileRepository repository) {
        this(config, repository, Clock.systemUTC());
    }

    public UploadedFiles(RetrievalConfig config, FileRepository repository, Clock clock) {
        this.repository = repository;
        this.limits = config.inputLimits();
        this.maxBytes = config.maxFileSize().asLongValue();
        this.clock = clock;
    }

    /**
     * Takes a file.
     *
     * @param content where it lies now
     * @param name what the client calls it; a path's last part is taken
     */
    public FileRecord add(Path content, String name, String purpose) {
        return add(content, name, purpose, "", false, 0);
    }

    /**
     * Takes a file of an owner's.
     *
     * @param owner the name of an API key; empty for everybody's
     * @param shared whether other keys see it, too
     * @param lifetime after how many seconds it is deleted; 0 for never
     */
    public FileRecord add(Path content, String name, String purpose, String owner, boolean shared, long lifetime) {
        try {
            long bytes = Files.size(content);
            if (bytes == 0) {
                throw new GatewayException(ErrorCode.INVALID_REQUEST, "the file is empty", "file");
            }
            checkSize(bytes, "file");
            Instant now = clock.instant();
            FileRecord record = new FileRecord(
                    Ids.random("file-"),
                    plainName(name),
                    bytes,
                    now.getEpochSecond(),
                    limits.id(purpose, "purpose"),
                    owner,
                    shared,
                    lifetime == 0 ? 0 : now.getEpochSecond() + lifetime,
                    place(now));
            repository.add(record, content);
            return record;
        } catch (IOException e) {
            throw DiskFailure.of("the file was not stored", e);
        }
    }

    /** Refuses a file that is, or shall get, too large. */
    void checkSize(long bytes, String field) {
        if (bytes > maxBytes) {
            throw new GatewayException(
                    ErrorCode.BODY_TOO_LARGE,
                    field + " has " + bytes + " bytes, more than gateway.retrieval.max-file-size allows (" + maxBytes
                            + ")",
                    field);
        }
    }

    /** The time in microseconds, or one more than the last one. */
    private long place(Instant now) {
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        return lastPlace.updateAndGet(last -> Math.max(last + 1, micros));
    }

    static String plainName(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        String visible = PromptText.clean(last)
                .chars()
                .filter(c -> !Character.isISOControl(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        String kept = visible.length() > MAX_NAME ? visible.substring(visible.length() - MAX_NAME) : visible;
        return kept.isEmpty() || kept.equals(".") || kept.equals("..") ? "file" : kept;
    }

    /** The file of that id; empty if there is none. */
    public Optional<FileRecord> find(String id) {
        return repository.find(id).filter(file -> !isExpired(file));
    }

    private boolean isExpired(FileRecord file) {
        return file.expiresAt() > 0 && file.expiresAt() <= clock.instant().getEpochSecond();
    }

    /** The files whose time is over, which nobody sees any more. */
    List<FileRecord> expired() throws IOException {
        return repository.all().stream().filter(this::isExpired).toList();
    }

    /** Takes a file away that nobody sees any more. */
    void drop(String id) throws IOException {
        repository.delete(id);
    }

    /** The file of that id. */
    public FileRecord get(String id) {
        return find(limits.id(id, "file_id")).orElseThrow(() -> unknown(id));
    }

    /**
     * The file of that id, if it is this caller's to see.
     *
     * @throws GatewayException {@code file_not_found} else: whether another's file is there is nobody's to know
     */
    public FileRecord get(String id, Caller caller) {
        Authority.check(caller);
        FileRecord file = get(id);
        if (!Authority.seesFile(caller, file.owner(), file.shared())) {
            throw unknown(id);
        }
        return file;
    }

    /** The file of that id, if it is this caller's to delete. */
    public FileRecord own(String id, Caller caller) {
        FileRecord file = get(id, caller);
        if (!Authority.owns(caller, file.owner())) {
            throw new GatewayException(
                    ErrorCode.FILE_NOT_FOUND,
                    "file " + id + " is shared by another API key, which alone may delete it",
                    "file_id");
        }
        return file;
    }

    /**
     * Some of the files that this caller sees, in the order in which they were sent.
     *
     * @param held ids of files that it sees for another reason
     * @param newestFirst whether in the opposite order
     * @param behind the id of the file after which they begin; empty for the first ones
     * @param purpose only those of it; empty for all
     * @param most how many at most
     */
    public List<FileRecord> some(
            Caller caller,
            Predicate<String> held,
            boolean newestFirst,
            Optional<String> behind,
            Optional<String> purpose,
            int most) {
        Authority.check(caller);
        Predicate<FileRecord> seen =
                file -> Authority.seesFile(caller, file.owner(), file.shared()) || held.test(file.id());
        Optional<FileRecord> last = behind.flatMap(id -> find(id).or(() -> Optional.ofNullable(deleted.get(id))))
                .filter(seen);
        if (behind.isPresent() && last.isEmpty()) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST,
                    "after must be the id of a file of this list; there is no " + PromptText.clean(behind.get()),
                    "after");
        }
        try (Stream<FileRecord> files = repository.listed(newestFirst, last)) {
            return files.filter(file -> !isExpired(file)
                            && seen.test(file)
                            && purpose.filter(wanted -> !file.purpose().equals(wanted))
                                    .isEmpty())
                    .limit(most)
                    .toList();
        } catch (IOException e) {
            throw DiskFailure.of("the files cannot be listed", e);
        }
    }

    /** Its content, to be closed by the caller. */
    public InputStream content(String id) {
        try {
            return repository.content(id);
        } catch (IOException e) {
            throw DiskFailure.of("the file was not read", e);
        }
    }

    /** Has its content read as a file on this machine, for as long as the reader runs. */
    <T> T read(String id, FileRepository.Reader<T> reader)
            throws IOException, UnreadableFileException, InterruptedException {
        return repository.read(id, reader);
    }

    /** All files, the oldest first. */
    public List<FileRecord> all() {
        try (Stream<FileRecord> files = repository.listed(false, Optional.empty())) {
            return files.filter(file -> !isExpired(file)).toList();
        } catch (IOException e) {
            throw DiskFailure.of("the files cannot be listed", e);
        }
    }

    void open() {
        repository.open();
    }

    /**
     * Has something written down that frees room; on a full disk once more, after room was made for it.
     *
     * @param ids of files that are about to be deleted: their contents may go before
     */
    void makingRoom(Collection<String> ids, Runnable writing) {
        try {
            writing.run();
        } catch (GatewayException full) {
            if (full.code() != ErrorCode.INSUFFICIENT_STORAGE) {
                throw full;
            }
            try {
                repository.makeRoom(ids);
            } catch (IOException e) {
                throw DiskFailure.of("no room was made", e);
            }
            writing.run();
        }
    }

    /** Deletes it: the record first, so that no record is ever without its content. */
    public void delete(String id) {
        FileRecord file = get(id);
        try {
            repository.delete(id);
            deleted.put(id, file);
        } catch (IOException e) {
            throw DiskFailure.of("the file was not deleted", e);
        }
    }

    private static GatewayException unknown(String id) {
        return new GatewayException(ErrorCode.FILE_NOT_FOUND, "there is no file " + PromptText.clean(id), "file_id");
    }
}
