package dev.foundrygateway.retrieval.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.SafeFiles;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.InputLimits;
import dev.foundrygateway.retrieval.PromptText;
import dev.foundrygateway.retrieval.RetrievalConfig;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Files that come in parts: kept on this machine, below {@code gateway.retrieval.directory}, until they are whole, cancelled, or an hour old. Thread-safe; for
 * worker threads.
 */
@ApplicationScoped
public class PartialUploads {
    private static final Logger LOG = Logger.getLogger(PartialUploads.class);

    /** As OpenAI has it. */
    private static final long LIFETIME = 3_600;

    /** As many as can be named when it is completed. */
    private static final int MOST_PARTS = 2_000;

    private static final Pattern ID = Pattern.compile("upload_[0-9a-f]{24}");
    private static final Pattern PART = Pattern.compile("part_[0-9a-f]{24}");
    private static final String RECORD = "upload.json";

    private final Path folder;
    private final UploadedFiles files;
    private final InputLimits limits;
    private final Clock clock;

    @Inject
    public PartialUploads(RetrievalConfig config, UploadedFiles files) {
        this(config, files, Clock.systemUTC());
    }

    PartialUploads(RetrievalConfig config, UploadedFiles files, Clock clock) {
        this.folder = config.directory().resolve("uploads");
        this.files = files;
        this.limits = config.inputLimits();
        this.clock = clock;
    }

    /**
     * A file that comes in parts.
     *
     * @param status {@code pending}, {@code completed} or {@code cancelled}
     * @param lifetime after how many seconds the whole file is deleted; 0 for never
     * @param fileId the whole file's id; empty as long as there is none
     */
    @RegisterForReflection
    public record Upload(
            @JsonProperty("id") String id,
            @JsonProperty("filename") String filename,
            @JsonProperty("bytes") long bytes,
            @JsonProperty("created_at") long createdAt,
            @JsonProperty("purpose") String purpose,
            @JsonProperty("owner") String owner,
            @JsonProperty("lifetime") long lifetime,
            @JsonProperty("status") String status,
            @JsonProperty("file_id") String fileId) {
        /** When it is forgotten, in seconds since 1970. */
        public long expiresAt() {
            return createdAt + LIFETIME;
        }

        Upload now(String word, String file) {
            return new Upload(id, filename, bytes, createdAt, purpose, owner, lifetime, word, file);
        }
    }

    /** Begins one. */
    public Upload create(String filename, long bytes, String purpose, Caller caller, long lifetime) {
        Authority.check(caller);
        if (bytes < 1) {
            throw wrong("bytes must be a whole number from 1", "bytes");
        }
        files.checkSize(bytes, "bytes");
        Upload upload = new Upload(
                Ids.random("upload_"),
                UploadedFiles.plainName(filename),
                bytes,
                now(),
                limits.id(purpose, "purpose"),
                caller.key(),
                lifetime,
                "pending",
                "");
        try {
            Files.createDirectories(home(upload));
            keep(upload);
            return upload;
        } catch (IOException e) {
            throw DiskFailure.of("the upload was not started", e);
        }
    }

    /** Adds a part; its id. */
    public synchronized String add(String id, Path content, Caller caller) {
        Upload upload = pending(id, caller);
        try {
            long size = 0;
            List<Path> parts = parts(upload);
            for (Path part : parts) {
                size += Files.size(part);
            }
            if (parts.size() >= MOST_PARTS) {
                throw wrong("an upload has at most " + MOST_PARTS + " parts; send larger ones", "data");
            }
            if (size + Files.size(content) > upload.bytes()) {
                throw wrong("the parts have more than the " + upload.bytes() + " bytes that the upload said", "data");
            }
            String part = Ids.random("part_");
            Path next = home(upload).resolve(part + ".next");
            try {
                Files.copy(content, next);
                SafeFiles.publish(next, home(upload).resolve(part));
            } finally {
                Files.deleteIfExists(next);
            }
            return part;
        } catch (IOException e) {
            throw DiskFailure.of("the part was not stored", e);
        }
    }

    private List<Path> parts(Upload upload) throws IOException {
        try (Stream<Path> all = Files.list(home(upload))) {
            return all.filter(
                            path -> PART.matcher(path.getFileName().toString()).matches())
                    .toList();
        }
    }

    /**
     * Makes the file of its parts.
     *
     * @param md5 what the file's MD5 must be, in hexadecimal; empty for any
     */
    public synchronized Upload complete(String id, List<String> partIds, String md5, Caller caller) {
        Upload upload = pending(id, caller);
        Path whole = home(upload).resolve("whole");
        try {
            MessageDigest sum = MessageDigest.getInstance("MD5");
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(whole), sum)) {
                for (String part : partIds) {
                    Path content = home(upload).resolve(PART.matcher(part).matches() ? part : RECORD + ".none");
                    if (!Files.isRegularFile(content)) {
                        throw wrong(
                                "the upload has no part " + PromptText.clean(limits.id(part, "part_ids")), "part_ids");
                    }
                    Files.copy(content, out);
                    out.flush();
                    if (Files.size(whole) > upload.bytes()) {
                        break; // told below; one part that is named often fills no disk
                    }
                }
            }
            long bytes = Files.size(whole);
            if (bytes != upload.bytes()) {
                throw wrong(
                        "the parts have " + bytes + " bytes together, not the " + upload.bytes()
                                + " that the upload said",
                        "part_ids");
            }
            String found = HexFormat.of().formatHex(sum.digest());
            if (!md5.isEmpty() && !found.equals(md5.toLowerCase(Locale.ROOT))) {
                throw wrong("the file's MD5 is " + found, "md5");
            }
            FileRecord file =
                    files.add(whole, upload.filename(), upload.purpose(), upload.owner(), false, upload.lifetime());
            Upload done = upload.now("completed", file.id());
            try {
                keep(done);
            } catch (IOException e) {
                // Nobody would learn the file's id.
                files.drop(file.id());
                throw e;
            }
            forgetParts(done);
            return done;
        } catch (IOException e) {
            throw DiskFailure.of("the file was not stored", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        } finally {
            whole.toFile().delete();
        }
    }

    /** Cancels it. */
    public synchronized Upload cancel(String id, Caller caller) {
        Upload cancelled = pending(id, caller).now("cancelled", "");
        try {
            keep(cancelled);
            forgetParts(cancelled);
            return cancelled;
        } catch (IOException e) {
            throw DiskFailure.of("the upload was not cancelled", e);
        }
    }

    private void forgetParts(Upload upload) throws IOException {
        for (Path part : parts(upload)) {
            Files.deleteIfExists(part);
        }
    }

    private Upload pending(String id, Caller caller) {
        Authority.check(caller);
        Upload upload = read(limits.id(id, "upload_id"))
                .filter(one -> Authority.owns(caller, one.owner()) && one.expiresAt() > now())
                .orElseThrow(() -> new GatewayException(
                        ErrorCode.NOT_FOUND, "there is no upload " + PromptText.clean(id), "upload_id"));
        if (!upload.status().equals("pending")) {
            throw wrong("the upload is " + upload.status() + " already", "upload_id");
        }
        return upload;
    }

    private Optional<Upload> read(String id) {
        Path record = folder.resolve(id).resolve(RECORD);
        if (!ID.matcher(id).matches() || !Files.isRegularFile(record)) {
            return Optional.empty();
        }
        try {
            Upload read = TypedJson.read(Files.readString(record), Upload.class);
            if (read == null || !id.equals(read.id())) {
                throw new IllegalArgumentException("it is not the record of " + id);
            }
            return Optional.of(read);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Takes away those that are an hour old, whatever has become of them. */
    synchronized void sweep() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> uploads = Files.list(folder)) {
            all = uploads.toList();
        }
        for (Path upload : all) {
            try {
                long begun = Files.getLastModifiedTime(upload).toMillis() / 1_000;
                long end = read(upload.getFileName().toString())
                        .map(Upload::expiresAt)
                        .orElse(begun + LIFETIME);
                if (end <= now()) {
                    SafeFiles.deleteFolder(upload);
                }
            } catch (IOException e) {
                LOG.warnf("an upload whose time is over stays in %s: %s", upload, e);
            }
        }
    }

    private void keep(Upload upload) throws IOException {
        SafeFiles.write(home(upload).resolve(RECORD), TypedJson.write(upload));
    }

    private Path home(Upload upload) {
        return folder.resolve(upload.id());
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static GatewayException wrong(String message, String field) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, message, field);
    }
}
