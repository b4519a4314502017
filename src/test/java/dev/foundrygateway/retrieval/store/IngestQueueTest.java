package dev.foundrygateway.retrieval.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.retrieval.TestSettings;
import dev.foundrygateway.retrieval.store.IngestQueue.Job;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose file is next, and which one is given up. */
class IngestQueueTest {
    @TempDir
    private Path folder = Path.of("");

    private VectorStore store(String id) throws IOException {
        return new LocalStoreRepository(TestSettings.with("gateway.retrieval.directory", folder.toString()))
                .create(new StoreRecord(id, id, 1, 1, 0, Map.of(), Map.of(), Map.of()));
    }

    @Test
    void aStoreWithManyFilesLetsTheOthersIn() throws IOException, InterruptedException {
        VectorStore many = store("many");
        VectorStore few = store("few");
        IngestQueue queue = new IngestQueue();
        for (int i = 0; i < 3; i++) {
            queue.add(new Job(many, "m" + i));
        }
        queue.add(new Job(few, "f"));
        List<String> order = new ArrayList<>();
        while (!queue.isEmpty()) {
            Job job = queue.take();
            order.add(job.fileId());
            queue.release(Set.of(job.store()));
        }
        assertEquals(List.of("m0", "f", "m1", "m2"), order);
    }

    @Test
    void aRoundIsOfOneKind() throws IOException {
        VectorStore one = store("one");
        IngestQueue queue = new IngestQueue();
        queue.addLate(new Job(one, "late"));
        assertEquals(Optional.empty(), queue.more(Set.of(one), false));
        queue.add(new Job(one, "a"));
        assertEquals(Optional.empty(), queue.more(Set.of(one), true));
        assertEquals(Optional.of(new Job(one, "a")), queue.more(Set.of(one), false));
        assertEquals(Optional.of(new Job(one, "late")), queue.more(Set.of(one), true));
    }

    @Test
    void whatLacksItsVectorsAloneComesBehindAllOthers() throws IOException, InterruptedException {
        VectorStore one = store("one");
        VectorStore other = store("other");
        IngestQueue queue = new IngestQueue();
        queue.addLate(new Job(one, "late"));
        queue.add(new Job(one, "a"));
        queue.add(new Job(other, "b"));
        List<String> order = new ArrayList<>();
        while (!queue.isEmpty()) {
            order.add(queue.more(Set.of(one, other)).orElseThrow().fileId());
        }
        assertEquals(List.of("a", "b", "late"), order);
    }

    @Test
    void aStoreIsOneLanesAtATime() throws IOException, InterruptedException {
        VectorStore one = store("one");
        IngestQueue queue = new IngestQueue();
        queue.add(new Job(one, "a"));
        queue.add(new Job(one, "b"));
        queue.take();
        assertEquals(Optional.empty(), queue.more(Set.of()), "for another lane");
        assertEquals("b", queue.more(Set.of(one)).orElseThrow().fileId(), "for its own");
    }

    @Test
    void whatEndedTheGatewayTwiceIsNotTriedAgain() throws IOException {
        StoreFile file = new StoreFile("file-1", "a", 1, Status.IN_PROGRESS, Map.of(), 300, 0, 0, "", false, "");
        assertEquals(0, new Tries(folder.resolve("tries")).begin("vs", file));
        assertEquals(1, new Tries(folder.resolve("tries")).begin("vs", file));
        assertTrue(new Tries(folder.resolve("tries")).begin("vs", file) >= Tries.MOST);
        Tries tries = new Tries(folder.resolve("tries"));
        tries.end("vs", file);
        assertEquals(0, tries.begin("vs", file));
        try (var left = Files.list(folder.resolve("tries"))) {
            assertEquals(1, left.count());
        }
    }
}
