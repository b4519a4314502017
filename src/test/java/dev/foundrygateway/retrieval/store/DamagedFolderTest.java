package dev.foundrygateway.retrieval.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.RetrievalObserver;
import dev.foundrygateway.exchange.Troubles;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.Deadline;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.TestSettings;
import dev.foundrygateway.retrieval.index.BlockedCommits;
import dev.foundrygateway.retrieval.index.Question;
import dev.foundrygateway.retrieval.index.Vectors;
import dev.foundrygateway.retrieval.store.VectorStores.Addition;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is damaged on the disk costs that thing alone, and is told. */
class DamagedFolderTest {
    @TempDir
    private Path folder = Path.of("");

    private Optional<Gateway> running = Optional.empty();

    /** The stores of one gateway, from start to stop. */
    private static final class Gateway {
        private final Troubles troubles = new Troubles();
        private final UploadedFiles uploads;
        private final Ingestion ingestion;
        private final VectorStores stores;
        private final Vectors none;

        Gateway(Path folder) {
            RetrievalConfig config = TestSettings.with("gateway.retrieval.directory", folder.toString());
            uploads = new UploadedFiles(config, new LocalFileRepository(config, troubles));
            none = new Vectors((model, texts) -> Uni.createFrom().item(List.of()), "", Duration.ofSeconds(2), () -> 0);
            ingestion = new Ingestion(uploads, none, config);
            LocalStoreRepository local = new LocalStoreRepository(config, troubles);
            stores = new VectorStores(
                    config, uploads, ingestion, local, local, new RetrievalFolder(config, troubles), Clock.systemUTC());
        }

        String file(Path folder, String text) throws IOException {
            return uploads.add(Files.writeString(folder.resolve("note.txt"), text), "note.txt", "assistants")
                    .id();
        }

        String store(String... files) {
            String store = stores.create("", 0, Map.of()).id();
            stores.add(
                    store,
                    Stream.of(files)
                            .map(file -> new Addition(file, Map.of(), 0, 0))
                            .toList());
            awaitIngest(store);
            return store;
        }

        void awaitIngest(String store) {
            await().atMost(Duration.ofMinutes(5))
                    .until(() -> stores.get(store).count(StoreFile.Status.IN_PROGRESS) == 0);
        }

        double share(String store, String question) throws IOException {
            return stores.store(store)
                    .passages()
                    .orElseThrow()
                    .search(question, new float[0], 5, Optional.empty())
                    .hits()
                    .get(0)
                    .lexical();
        }

        int found(String store, String question) throws IOException {
            return stores.store(store)
                    .passages()
                    .orElseThrow()
                    .search(question, new float[0], 5, Optional.empty())
                    .hits()
                    .size();
        }
    }

    private Gateway start() {
        Gateway gateway = new Gateway(folder.resolve("kept"));
        gateway.stores.start(new StartupEvent());
        running = Optional.of(gateway);
        return gateway;
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        if (running.isPresent()) {
            running.get().ingestion.stop(new ShutdownEvent());
            running.get().stores.stop(new ShutdownEvent());
        }
        running = Optional.empty();
    }

    @Test
    void aFolderIsOneGatewaysAlone() throws Exception {
        start();
        Gateway second = new Gateway(folder.resolve("kept"));
        ConfigurationException refusal =
                assertThrows(ConfigurationException.class, () -> second.stores.start(new StartupEvent()));
        assertTrue(String.valueOf(refusal.getMessage()).contains("gateway.retrieval.directory"), refusal.getMessage());
        second.ingestion.stop(new ShutdownEvent());
        stop();
        start();
    }

    @Test
    void aDamagedRecordCostsItsFileAlone() throws Exception {
        Gateway gateway = start();
        String lost = gateway.file(folder, "The ibis walks.");
        String good = gateway.file(folder, "The heron waits.");
        stop();
        Path pack = folder.resolve("kept/files/pack-000000001");
        Files.writeString(pack, Files.readString(pack).replaceFirst("\"id\":\"" + lost, "\"id\":[\"" + lost));
        String large = "file-fedcba987654321001234567";
        Files.writeString(folder.resolve("kept/files/" + large + ".json"), "{\"id\":");
        Files.writeString(folder.resolve("kept/files/file-0123456789abcdef01234567.next"), "half");
        Files.writeString(folder.resolve("kept/files/file-0123456789abcdef01234567"), "unlisted");
        Gateway again = start();
        assertEquals(
                List.of(good), again.uploads.all().stream().map(FileRecord::id).toList());
        assertTrue(again.troubles.all().toString().contains(large), "told");
        assertTrue(again.troubles.all().toString().contains("pack-000000001 at 0"), "told");
        try (Stream<Path> files = Files.list(folder.resolve("kept/files"))) {
            assertEquals(2, files.count(), "nothing of the broken upload is left");
        }
    }

    @Test
    void aRecordThatLacksAMemberAndAPackThatCannotBeReadCostTheirFilesAlone() throws Exception {
        Gateway gateway = start();
        String lost = gateway.file(folder, "The ibis walks.");
        String good = gateway.file(folder, "The heron waits.");
        stop();
        Path pack = folder.resolve("kept/files/pack-000000001");
        String lines = Files.readString(pack);
        Files.writeString(pack, lines.replaceFirst("\"purpose\":\"assistants\"", "\"porpoise\":\"assistants\""));
        Files.createDirectories(folder.resolve("kept/files/pack-000000002"));
        Gateway again = start();
        assertEquals(
                List.of(good), again.uploads.all().stream().map(FileRecord::id).toList());
        assertFalse(again.uploads.find(lost).isPresent());
        assertTrue(again.troubles.all().toString().contains("pack-000000002"), "told");
        assertEquals(2, again.uploads.all().size() + (again.file(folder, "New.").isEmpty() ? 0 : 1));
    }

    @Test
    void aStoreOfWhichAFileLacksAMemberCostsItselfAloneAndANoteOfItsLanguageNothing() throws Exception {
        Gateway gateway = start();
        String good = gateway.store(gateway.file(folder, "The heron waits."));
        String lost = gateway.store(gateway.file(folder, "The ibis walks."));
        stop();
        Path log = folder.resolve("kept/stores/" + lost + "/store.log");
        Files.deleteIfExists(log);
        Path record = folder.resolve("kept/stores/" + lost + "/store.json");
        String json = Files.readString(record);
        Files.writeString(
                record,
                json.substring(0, json.indexOf('\n'))
                        .replaceFirst("\"files\":\\{", "\"files\":{\"f\":{\"id\":\"f\"},")
                        .replace("},}", "}}"));
        Files.write(folder.resolve("kept/stores/" + good + "/index.language"), new byte[] {(byte) 0xFF, (byte) 0xFE});
        Gateway again = start();
        again.awaitIngest(good);
        assertEquals(
                List.of(good), again.stores.all().stream().map(StoreRecord::id).toList());
        assertEquals(1, again.found(good, "heron"));
        assertTrue(again.troubles.all().toString().contains(lost), "told");
    }

    @Test
    void whatCouldNotBeTakenOutOfAnIndexIsNotFound() throws Exception {
        Gateway gateway = start();
        String good = gateway.file(folder, "The heron waits.");
        String gone = gateway.file(folder, "The heron flies.");
        String store = gateway.store(good, gone);
        // As after a full disk: the record was written, the index was not.
        gateway.stores.store(store).change(record -> record.without(List.of(gone)));
        assertEquals(2, gateway.found(store, "heron"), "the index has both");
        assertEquals(List.of(good), searched(gateway, store, 5));
        stop();
        Gateway again = start();
        assertEquals(1, again.found(store, "heron"), "a crash leaves it no longer than to the next start");
        assertEquals(List.of(good), searched(again, store, 5));
    }

    @Test
    void whatAFullDiskHasLeftInAnIndexTakesNoPlaceAndMayComeBack() throws Exception {
        Gateway gateway = start();
        String good = gateway.file(folder, "Of all birds at the weir the heron waits longest.");
        String gone = gateway.file(folder, "The heron, the heron, the heron.");
        String cancelled = gateway.file(folder, "The heron, the heron, the heron!");
        String store = gateway.store(good, gone, cancelled);
        assertFalse(searched(gateway, store, 2).contains(good));
        BlockedCommits full = BlockedCommits.of(folder.resolve("kept/stores/" + store + "/index"));
        VectorStore kept = gateway.stores.store(store);
        kept.change(record -> record.with(List.of(record.file(cancelled).cancelled())));
        assertThrows(GatewayException.class, () -> gateway.stores.remove(store, gone));
        assertEquals(3, gateway.found(store, "heron"), "the index has all of them");
        assertEquals(List.of(good), searched(gateway, store, 1));
        full.end();
        gateway.stores.add(store, List.of(new Addition(gone, Map.of(), 0, 0)));
        gateway.awaitIngest(store);
        gateway.stores.remove(store, good);
        assertEquals(List.of(gone), searched(gateway, store, 5));
        assertFalse(gateway.stores.store(store).owes());
    }

    private static List<String> searched(Gateway gateway, String store, int limit) {
        StoreSearch search = new StoreSearch(gateway.stores, gateway.none, System::nanoTime, RetrievalObserver.NONE);
        return search
                .search(
                        List.of(store),
                        Caller.program("test"),
                        Question.of("heron"),
                        limit,
                        Optional.empty(),
                        0,
                        new Deadline(System::nanoTime, Duration.ofMinutes(1)))
                .hits()
                .stream()
                .map(hit -> hit.passage().fileId())
                .toList();
    }

    @Test
    void aDamagedStoreCostsItselfAlone() throws Exception {
        Gateway gateway = start();
        String good = gateway.store(gateway.file(folder, "The heron waits."));
        String lost = gateway.store(gateway.file(folder, "The ibis walks."));
        stop();
        Files.writeString(folder.resolve("kept/stores/" + lost + "/store.json"), "garbage");
        Gateway again = start();
        assertEquals(1, again.found(good, "heron"));
        assertEquals(
                List.of(good), again.stores.all().stream().map(StoreRecord::id).toList());
        assertTrue(again.troubles.all().toString().contains(lost), "told");
    }

    @Test
    void aStoreHasALanguageOfItsOwnAndIsMadeAgainInAnother() throws Exception {
        Gateway gateway = start();
        String store = gateway.store(gateway.file(folder, "Les chevaux dorment dans la prairie."));
        double before = gateway.share(store, "cheval");
        gateway.stores.describe(store, record -> record.described("", 0, Map.of("language", "fr-CA")));
        gateway.awaitIngest(store);
        assertTrue(gateway.share(store, "cheval") > before + .1, "the word's own stem is found, not parts of it");
        assertEquals(List.of(), gateway.troubles.all(), "nothing is damaged");
        stop();
        Gateway again = start();
        assertTrue(again.share(store, "cheval") > before + .1);
        again.stores.describe(store, record -> record.described("new", 0, Map.of("language", "klingon")));
        again.awaitIngest(store);
        assertEquals(before, again.share(store, "cheval"), 1e-9, "as configured");
    }

    @Test
    void anIndexFromBeforeItsLanguageCountedIsMadeAgain() throws Exception {
        Gateway gateway = start();
        String store = gateway.store(gateway.file(folder, "Les chevaux dorment dans la prairie."));
        double before = gateway.share(store, "cheval");
        stop();
        Path home = folder.resolve("kept/stores/" + store);
        assertEquals("english", Files.readString(home.resolve("index.language")));
        Files.delete(home.resolve("index.language"));
        StoreLog log = new StoreLog(home);
        log.write(log.read().described("", 0, Map.of("language", "french")));
        Gateway again = start();
        again.awaitIngest(store);
        assertTrue(again.share(store, "cheval") > before + .1);
        assertEquals("french", Files.readString(home.resolve("index.language")));
        assertEquals(List.of(), again.troubles.all(), "nothing is damaged");
    }

    @Test
    void anIndexThatIsDamagedOrGoneIsMadeAgain() throws Exception {
        Gateway gateway = start();
        String store = gateway.store(gateway.file(folder, "The heron waits."), gateway.file(folder, "The ibis walks."));
        stop();
        for (String damage : List.of("cut", "flipped", "emptied", "gone", "no commit")) {
            damage(folder.resolve("kept/stores/" + store + "/index"), damage);
            Gateway again = start();
            again.found(store, "heron"); // a damage inside a file shows when it is opened
            again.awaitIngest(store);
            assertEquals(1, again.found(store, "heron"), damage);
            assertEquals(1, again.found(store, "ibis"), damage);
            assertTrue(again.troubles.all().toString().contains(store), "told: " + damage);
            stop();
        }
    }

    private static void damage(Path index, String how) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(index)) {
            files = all.filter(file -> !file.getFileName().toString().equals("write.lock"))
                    .toList();
        }
        for (Path file : files) {
            boolean commit = file.getFileName().toString().startsWith("segments");
            byte[] bytes = Files.readAllBytes(file);
            switch (how) {
                case "cut" -> Files.write(file, commit ? bytes : java.util.Arrays.copyOf(bytes, bytes.length / 2));
                case "flipped" -> {
                    bytes[bytes.length / 2] = (byte) (bytes[bytes.length / 2] ^ (commit ? 0 : 0x55));
                    Files.write(file, bytes);
                }
                case "emptied" -> Files.write(file, new byte[0]);
                case "no commit" -> {
                    if (commit) {
                        Files.delete(file);
                    }
                }
                default -> Files.delete(file);
            }
        }
    }

    @Test
    void aStoreWhoseRecordCannotBeDeletedStays() throws Exception {
        Gateway gateway = start();
        String store = gateway.store(gateway.file(folder, "The heron waits."));
        Path record = folder.resolve("kept/stores/" + store + "/store.json");
        Path aside = Files.move(record, folder.resolve("aside"));
        Files.createDirectories(record.resolve("not-empty")); // what cannot be deleted, whoever runs the test
        assertThrows(GatewayException.class, () -> gateway.stores.delete(store));
        assertEquals(1, gateway.found(store, "heron"));
        Files.delete(record.resolve("not-empty"));
        Files.delete(record);
        Files.move(aside, record);
        gateway.stores.delete(store);
        assertEquals(List.of(), gateway.stores.all());
    }

    @Test
    void aFolderThatCannotBeWrittenIsToldAtStartAndByItsCode() throws Exception {
        Files.writeString(folder.resolve("kept"), "a file in its place");
        Gateway gateway = start();
        assertTrue(gateway.troubles.all().toString().contains("gateway.retrieval.directory"), "told");
        assertEquals(
                ErrorCode.RETRIEVAL_UNAVAILABLE,
                assertThrows(GatewayException.class, () -> gateway.file(folder, "The heron waits."))
                        .code());
        assertEquals(
                ErrorCode.RETRIEVAL_UNAVAILABLE,
                DiskFailure.of("x", new AccessDeniedException("kept")).code());
        assertEquals(
                ErrorCode.RETRIEVAL_UNAVAILABLE,
                DiskFailure.of("x", new IOException("kept: Read-only file system"))
                        .code());
    }
}
