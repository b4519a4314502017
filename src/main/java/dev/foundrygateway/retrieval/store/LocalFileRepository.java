package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.read.UnreadableFileException;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Uploaded files below {@code gateway.retrieval.directory}: each its content and, beside it, its record. */
@Singleton
@Typed(LocalFileRepository.class)
public class LocalFileRepository implements FileRepository {
    private static final Pattern ID = Pattern.compile("file-[0-9a-f]{24}");
    private static final String RECORD = ".json";

    private final Path folder;

    public LocalFileRepository(RetrievalConfig config) {
        this.folder = config.directory().resolve("files");
    }

    @Override
    public void add(FileRecord record, Path content) throws IOException {
        Files.createDirectories(folder);
        Path next = folder.resolve(record.id() + ".next");
        Files.copy(content, next, StandardCopyOption.REPLACE_EXISTING);
        SafeFiles.publish(next, folder.resolve(record.id()));
        SafeFiles.write(folder.resolve(record.id() + RECORD), TypedJson.write(record));
    }

    @Override
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

    @Override
    public List<FileRecord> all() throws IOException {
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
        }
        return records;
    }

    @Override
    public void delete(String id) throws IOException {
        Files.deleteIfExists(folder.resolve(id + RECORD));
        Files.deleteIfExists(folder.resolve(id));
    }

    @Override
    public InputStream content(String id) throws IOException {
        return Files.newInputStream(folder.resolve(id));
    }

    @Override
    public <T> T read(String id, Reader<T> reader) throws IOException, UnreadableFileException, InterruptedException {
        return reader.from(folder.resolve(id));
    }
}
