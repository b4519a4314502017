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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The files of {@code /v1/files}: what is listed is whole. Thread-safe; for worker threads. */
@ApplicationScoped
public class UploadedFiles {
    private static final int MAX_NAME = 255;

    private final FileRepository repository;
    private final long maxBytes;
    private final InputLimits limits;
    private final Clock clock;

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
        return add(content, name, purpose, "", false);
    }

    /**
     * Takes a file of an owner's.
     *
     * @param owner the name of an API key; empty for everybody's
     * @param shared whether other keys see it, too
     */
    public FileRecord add(Path content, String name, String purpose, String owner, boolean shared) {
        try {
            long bytes = Files.size(content);
            if (bytes > maxBytes) {
                throw new GatewayException(
                        ErrorCode.BODY_TOO_LARGE,
                        "file has " + bytes + " bytes, more than gateway.retrieval.max-file-size allows (" + maxBytes
                                + ")",
                        "file");
            }
            FileRecord record = new FileRecord(
                    Ids.random("file-"),
                    plainName(name),
                    bytes,
                    clock.instant().getEpochSecond(),
                    limits.id(purpose, "purpose"),
                    owner,
                    shared);
            repository.add(record, content);
            return record;
        } catch (IOException e) {
            throw SafeFiles.failure("the file was not stored", e);
        }
    }

    private static String plainName(String name) {
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
        return repository.find(id);
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
        if (!Authority.sees(caller, file.owner(), file.shared())) {
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

    /** All files that this caller sees, the oldest first. */
    public List<FileRecord> all(Caller caller) {
        Authority.check(caller);
        return all().stream()
                .filter(file -> Authority.sees(caller, file.owner(), file.shared()))
                .toList();
    }

    /** Its content, to be closed by the caller. */
    public InputStream content(String id) {
        try {
            return repository.content(id);
        } catch (IOException e) {
            throw SafeFiles.failure("the file was not read", e);
        }
    }

    /** Has its content read as a file on this machine, for as long as the reader runs. */
    <T> T read(String id, FileRepository.Reader<T> reader)
            throws IOException, UnreadableFileException, InterruptedException {
        return repository.read(id, reader);
    }

    /** All files, the oldest first. */
    public List<FileRecord> all() {
        try {
            return repository.all().stream()
                    .sorted(Comparator.comparingLong(FileRecord::createdAt).thenComparing(FileRecord::id))
                    .toList();
        } catch (IOException e) {
            throw SafeFiles.failure("the files cannot be listed", e);
        }
    }

    void open() {
        repository.open();
    }

    /** Deletes the content of a file that is about to be deleted. */
    public void makeRoom(String id) {
        try {
            repository.makeRoom(id);
        } catch (IOException e) {
            throw SafeFiles.failure("the file was not deleted", e);
        }
    }

    /** Deletes it: the record first, so that no record is ever without its content. */
    public void delete(String id) {
        get(id);
        try {
            repository.delete(id);
        } catch (IOException e) {
            throw SafeFiles.failure("the file was not deleted", e);
        }
    }

    private static GatewayException unknown(String id) {
        return new GatewayException(ErrorCode.FILE_NOT_FOUND, "there is no file " + PromptText.clean(id), "file_id");
    }
}
