package dev.foundrygateway.retrieval.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.TestSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of files cost what they show, however many there are. */
class FileListTest {
    @TempDir
    private Path folder = Path.of("");

    private long readsOfAPage(int files) throws IOException {
        RetrievalConfig config = TestSettings.with("gateway.retrieval.directory", folder.resolve("kept" + files).toString());
        LocalFileRepository repository = new LocalFileRepository(config);
        Path content = Files.writeString(folder.resolve("a.txt"), "text");
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            String id = Ids.random("file-");
            sent.add(id);
            repository.add(new FileRecord(id, "a.txt", 4, 1, "assistants", "", false, 0, 5_000_000 + i), content);
        }
        LocalFileRepository again = new LocalFileRepository(config);
        again.open();
        assertEquals(files, again.reads(), "each once, at start");
        Optional<FileRecord> last = again.find(sent.get(4));
        assertEquals(
                sent.subList(5, 7),
                again.listed(false, last).limit(2).map(FileRecord::id).toList());
        assertEquals(
                List.of(sent.get(3)),
                again.listed(true, last).limit(1).map(FileRecord::id).toList());
        again.delete(sent.get(3));
        assertEquals(
                List.of(sent.get(2)),
                again.listed(true, last).limit(1).map(FileRecord::id).toList());
        return again.reads() - files;
    }

    @Test
    void aPageReadsNoRecordThatIsKnown() throws IOException {
        assertEquals(0, readsOfAPage(20));
        assertEquals(0, readsOfAPage(40));
    }

    @Test
    void aRecordFromBeforeThereWasAnOrderHasOne() {
        FileRecord old = new FileRecord("file-1", "a", 1, 7, "assistants");
        assertTrue(FileRecord.OLDEST_FIRST.compare(old, new FileRecord("file-0", "a", 1, 8, "x", "", false, 0, 0)) < 0);
    }
}
