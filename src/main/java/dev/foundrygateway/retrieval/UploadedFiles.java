package dev.foundrygateway.retrieval;

import dev.foundrygateway.chat.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.TypedJson;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of {@code /v1/files}: each its content and, beside it, its record; the record is written last, so that what is listed is whole. Thread-safe; for
 * worker threads.
 */
@ApplicationScoped
public class UploadedFiles {
    private static final Pattern ID = Pattern.compile("file-[0-9a-f]{24}");
    private static final String RECORD = ".json";
    private static final int MAX_NAME = 255;

    private final Path folder;
    private final long maxBytes;
    private final Clock clock;

    @Inject
    UploadedFiles(RetrievalConfig config) {
        this(config, Clock.systemUTC());
    }

    UploadedFiles(RetrievalConfig config, Clock clock) {
        this.folder = config.directory().resolve("files");
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
        try {
            long bytes = Files.size(content);
            if (bytes > maxBytes) {
                throw new GatewayException(
                        ErrorCode.BODY_TOO_LARGE,
                        "file has " + bytes + " bytes, more than gateway.retrieval.max-file-size allows (" + maxBytes
                                + ")",
                        "file");
            }
            Files.createDirectories(folder);
            FileRecord record = new FileRecord(
                    Ids.random("file-"), plainName(name), bytes, clock.instant().getEpochSecond(), purpose);
            Path next = folder.resolve(record.id() + ".next");
            Files.copy(content, next, StandardCopyOption.REPLACE_EXISTING);
            SafeFiles.publish(next, folder.resolve(record.id()));
            SafeFiles.write(folder.resolve(record.id() + RECORD), TypedJson.write(record));
            return record;
        } catch (IOException e) {
            throw SafeFiles.failure("the file was not stored", e);
        }
    }

    private static String plainName(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        String visible = PromptText.clean(last).replaceAll("\\p{Cntrl}", "").strip();
        String kept = visible.length() > MAX_NAME ? visible.substring(visible.length() - MAX_NAME) : visible;
        return kept.isEmpty() || kept.equals(".") || kept.equals("..") ? "file" : kept;
    }

    /** The file of that id; empty if there is none. */
    public Optional<FileRecord> find(String id) {
        Path record = folder.resolve(id + RECORD);
        if (!ID.matcher(id).matches() || !Files.isRegularFile(record)) {
            return Optional.empty();
        }
        try {
            return Optional.of(TypedJson.read(Files.readString(record), FileRecord.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The file of that id. */
    public FileRecord get(String id) {
        return find(id).orElseThrow(() ->
                new GatewayException(ErrorCode.FILE_NOT_FOUND, "there is no file " + PromptText.clean(id), "file_id"));
    }

    /** Where its content lies. */
    public Path content(String id) {
        return folder.resolve(id);
    }

    /** All files, the oldest first. */
    public List<FileRecord> all() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<FileRecord> records = new ArrayList<>();
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.toList()) {
                String name = path.getFileName().toString();
                if (name.endsWith(RECORD)) {
                    find(name.substring(0, name.length() - RECORD.length())).ifPresent(records::add);
                }
            }
        } catch (IOException e) {
            throw SafeFiles.failure("the files cannot be listed", e);
        }
        records.sort(Comparator.comparingLong(FileRecord::createdAt).thenComparing(FileRecord::id));
        return records;
    }

    /** Deletes it: the record first, so that no record is ever without its content. */
    public void delete(String id) {
        get(id);
        try {
            Files.deleteIfExists(folder.resolve(id + RECORD));
            Files.deleteIfExists(folder.resolve(id));
        } catch (IOException e) {
            throw SafeFiles.failure("the file was not deleted", e);
        }
    }
}
