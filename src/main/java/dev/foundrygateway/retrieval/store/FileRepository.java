package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.retrieval.read.UnreadableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where uploaded files are kept: contents and records; what is listed is whole. Thread-safe; for worker threads. */
public interface FileRepository {
    /** Begins: what broken uploads have left is taken away, what is damaged is told. */
    default void open() {}

    /** Makes room to write down what is deleted: gives what is kept for that, and deletes the contents of files that are about to be deleted. */
    default void makeRoom(Collection<String> ids) throws IOException {}

    /** Keeps a file, its content first; nothing of it where that fails. */
    void add(FileRecord record, Path content) throws IOException;

    /** The file of that id, which may be any text; empty if there is none. */
    Optional<FileRecord> find(String id);

    /** All files, in no order. */
    List<FileRecord> all() throws IOException;

    /**
     * The files in the order in which they were sent, from one on.
     *
     * @param newestFirst whether in the opposite order
     * @param behind the file after which they begin; empty for all of them
     */
    default Stream<FileRecord> listed(boolean newestFirst, Optional<FileRecord> behind) throws IOException {
        Comparator<FileRecord> order = newestFirst ? FileRecord.OLDEST_FIRST.reversed() : FileRecord.OLDEST_FIRST;
        return all().stream()
                .filter(file -> behind.isEmpty() || order.compare(file, behind.get()) > 0)
                .sorted(order);
    }

    /** Deletes a file, its record first. */
    void delete(String id) throws IOException;

    /** Its content, to be closed by the caller. */
    InputStream content(String id) throws IOException;

    /** Has its content read as a file on this machine, for as long as the reader runs. */
    <T> T read(String id, Reader<T> reader) throws IOException, UnreadableFileException, InterruptedException;

    /** Reads a file. */
    @FunctionalInterface
    interface Reader<T> {
        /** Reads the file, which may not be there. */
        T from(Path content) throws IOException, UnreadableFileException, InterruptedException;
    }
}
