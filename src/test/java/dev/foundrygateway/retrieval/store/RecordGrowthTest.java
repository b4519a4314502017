package dev.foundrygateway.retrieval.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.SafeFiles;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.TestSettings;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store and its files cost on the disk grows as they do, and what was acknowledged outlives a crash. */
class RecordGrowthTest {
    @TempDir
    private Path folder = Path.of("");

    private static StoreFile file(int number) {
        return new StoreFile(
                "file-" + number, "a.txt", 1, Status.IN_PROGRESS, Map.of("n", number), 300, 45, 0, "", false, "");
    }

    private LocalStore store(String name) throws IOException {
        StoreRecord empty = new StoreRecord("vs_" + name, name, 1, 1, 0, Map.of(), Map.of(), Map.of());
        return LocalStore.create(
                folder.resolve(name), Optional.empty(), IndexSettings.DEFAULT, empty, (store, why) -> {});
    }

    private LocalStore again(String name) throws IOException {
        return LocalStore.load(folder.resolve(name), Optional.empty(), IndexSettings.DEFAULT, (store, why) -> {})
                .orElseThrow();
    }

    private long bytesOfSingleAdds(int files) throws IOException {
        LocalStore store = store("adds" + files);
        for (int i = 0; i < files; i++) {
            StoreFile added = file(i);
            store.change(record -> record.with(added));
            store.change(record -> record.with(added.completed(7, false)));
        }
        assertEquals(store.record(), again("adds" + files).record());
        return store.written();
    }

    @Test
    void singleAddsWriteTwiceAsMuchForTwiceAsMany() throws IOException {
        long once = bytesOfSingleAdds(500);
        long twice = bytesOfSingleAdds(1_000);
        // All is written anew at times, so that it is not twice to the byte; each add writing all would be four times.
        assertTrue(twice < 3 * once, once + " and " + twice + " bytes");
        assertTrue(twice < 1_000 * 2_500L, twice + " bytes");
    }

    @Test
    void aLogThatIsCutAnywhereGivesTheStateAfterItsLastWholeChange() throws IOException {
        LocalStore store = store("cut");
        List<StoreRecord> states = new ArrayList<>(List.of(store.record()));
        states.add(store.change(record -> record.with(List.of(file(1), file(2), file(3)))));
        states.add(store.change(record -> record.without(List.of("file-1"))));
        states.add(store.change(record -> record.with(file(1)).describedAs("back, at the end")));
        states.add(store.change(record -> record.with(new StoreRecord.Batch("vsfb_1", 1, List.of("file-2"), false))));
        Path log = folder.resolve("cut/store.log");
        byte[] whole = Files.readAllBytes(log);
        for (int length = 0; length <= whole.length; length++) {
            Files.write(log, Arrays.copyOf(whole, length));
            LocalStore cut = again("cut");
            long changes = lines(Arrays.copyOf(whole, length)) - 1;
            assertEquals(states.get((int) Math.max(0, changes)), cut.record(), "cut at " + length);
            assertEquals(
                    List.copyOf(states.get((int) Math.max(0, changes)).files().keySet()),
                    List.copyOf(cut.record().files().keySet()));
            assertFalse(cut.lostChange());
        }
        Files.write(log, Arrays.copyOf(whole, whole.length - 9));
        LocalStore cut = again("cut");
        cut.change(record -> record.with(file(9)));
        assertEquals(cut.record(), again("cut").record(), "goes on behind the last whole change");
    }

    private static long lines(byte[] text) {
        return new String(text, StandardCharsets.UTF_8)
                .chars()
                .filter(c -> c == '\n')
                .count();
    }

    @Test
    void aLogOfAnOlderRecordCountsForNothingAndADamagedLineIsTold() throws IOException {
        LocalStore store = store("old");
        store.change(record -> record.with(file(1)));
        Path log = folder.resolve("old/store.log");
        byte[] older = Files.readAllBytes(log);
        StoreLog all = new StoreLog(folder.resolve("old"));
        StoreRecord read = all.read();
        all.write(read.with(file(1).completed(7, false)));
        assertFalse(Files.exists(log));
        Files.write(log, older); // as after a crash between both
        assertEquals(Status.COMPLETED, again("old").record().file("file-1").status());
        LocalStore next = again("old");
        next.change(record -> record.with(file(2)));
        next.change(record -> record.with(file(3)));
        Files.writeString(log, Files.readString(log).replaceFirst("file-2", "file-7"));
        LocalStore damaged = again("old");
        assertTrue(damaged.lostChange());
        assertEquals(
                List.of("file-1", "file-3"),
                List.copyOf(damaged.record().files().keySet()));
        damaged.change(record -> record.with(file(4)));
        assertFalse(again("old").lostChange(), "written anew");
        assertEquals(damaged.record(), again("old").record());
    }

    @Test
    void aRecordThatIsDamagedButStillReadsKeepsItsLog() throws IOException {
        LocalStore store = store("bent");
        store.change(record -> record.with(List.of(file(1), file(2))));
        Path record = folder.resolve("bent/store.json");
        Files.writeString(record, Files.readString(record).replaceFirst("\"created_at\":\\d", "\"created_at\":7"));
        LocalStore again = again("bent");
        assertEquals(
                List.of("file-1", "file-2"), List.copyOf(again.record().files().keySet()));
        assertTrue(again.lostChange());
        again.change(all -> all.with(file(3)));
        assertFalse(again("bent").lostChange(), "written anew");
        assertEquals(3, again("bent").record().files().size());
    }

    @Test
    void theLastUseIsNotedAtTheEndAndEachHourButNotWithEachSearch() throws IOException {
        LocalStore store = store("used");
        long start = store.record().lastActiveAt();
        store.usedAt(start + 3_700);
        assertEquals(start + 3_700, again("used").record().lastActiveAt());
        long written = store.written();
        store.usedAt(start + 3_800);
        store.usedAt(start + 3_900);
        assertEquals(written, store.written());
        store.close();
        assertEquals(start + 3_900, again("used").record().lastActiveAt());
        LocalStore gone = store("gone");
        gone.usedAt(gone.record().lastActiveAt() + 10);
        gone.delete();
        assertFalse(Files.exists(folder.resolve("gone")));
    }

    @Test
    void aRecordThatWasPerhapsWrittenIsWrittenAgain() throws IOException {
        store("stale");
        StoreLog log = new StoreLog(folder.resolve("stale"));
        StoreRecord before = log.read();
        Path next = folder.resolve("stale/store.json.next");
        Files.createDirectories(next.resolve("in the way"));
        StoreRecord after = before.with(file(1));
        assertThrows(IOException.class, () -> log.write(after));
        SafeFiles.deleteFolder(next);
        SafeFiles.write(folder.resolve("stale/store.json"), TypedJson.write(after)); // as when it failed afterwards
        log.change(before, before.with(file(2)));
        assertEquals(before.with(file(2)), again("stale").record());
    }

    @Test
    void aPackedRecordThatLacksAPartCostsThatFileAlone() throws Exception {
        Path kept = Files.createDirectories(folder.resolve("lacking/files"));
        new PackedFiles(kept).add(Map.of(record(1, 1), new byte[] {'a'}, record(2, 1), new byte[] {'b'}));
        Path pack = kept.resolve("pack-000000001");
        Files.writeString(pack, Files.readString(pack).replaceFirst("\"record\"", "\"recorf\""));
        Files.writeString(kept.resolve(record(3, 1).id() + ".json"), "{}");
        LocalFileRepository files = files("lacking");
        files.open();
        assertEquals(
                1,
                List.of(record(1, 1), record(2, 1), record(3, 1)).stream()
                        .filter(one -> files.find(one.id()).isPresent())
                        .count());
    }

    @Test
    void aFileThatIsInTwoPacksIsGoneOnceItIsDeleted() throws Exception {
        Path kept = Files.createDirectories(folder.resolve("twice/files"));
        PackedFiles packs = new PackedFiles(kept);
        packs.add(Map.of(record(1, 1), new byte[] {'a'}, record(2, 1), new byte[] {'b'}));
        Files.copy(kept.resolve("pack-000000001"), kept.resolve("pack-000000002"));
        LocalFileRepository files = files("twice");
        files.open();
        assertArrayEquals(new byte[] {'b'}, content(files, record(2, 1)));
        files.delete(record(1, 1).id());
        LocalFileRepository again = files("twice");
        assertEquals(List.of(record(2, 1)), again.all());
        assertArrayEquals(new byte[] {'b'}, content(again, record(2, 1)));
    }

    private LocalFileRepository files(String name) {
        RetrievalConfig config = TestSettings.with(
                "gateway.retrieval.directory", folder.resolve(name).toString());
        return new LocalFileRepository(config);
    }

    private static FileRecord record(int number, int bytes) {
        return new FileRecord(
                "file-%024x".formatted(number), "a.txt", bytes, 1, "assistants", "", false, 0, 5_000_000 + number);
    }

    private static byte[] content(LocalFileRepository files, FileRecord record) throws IOException {
        try (InputStream content = files.content(record.id())) {
            return content.readAllBytes();
        }
    }

    @Test
    void smallFilesShareBlocksOfTheDisk() throws Exception {
        LocalFileRepository files = files("small");
        int count = 2 * PackedFiles.TOGETHER + 10;
        for (int i = 0; i < count; i++) {
            files.add(record(i, 9), Files.writeString(folder.resolve("a"), "text %04d".formatted(i)));
        }
        Path large = Files.write(folder.resolve("large"), new byte[(int) PackedFiles.MOST_BYTES + 1]);
        files.add(record(count, (int) Files.size(large)), large);
        Path kept = folder.resolve("small/files");
        assertEquals(3 + 2, count(kept), "three packs, and one by itself");
        Files.writeString(kept.resolve(record(3, 9).id() + ".json"), "as after a crash while it was packed");
        LocalFileRepository again = files("small");
        again.open();
        assertEquals(count + 1, again.all().size());
        assertEquals(count + 1, again.reads());
        for (int i : List.of(0, 3, PackedFiles.TOGETHER, count - 1)) {
            assertArrayEquals("text %04d".formatted(i).getBytes(StandardCharsets.UTF_8), content(again, record(i, 9)));
            assertEquals("text %04d".formatted(i), again.read(record(i, 9).id(), Files::readString));
        }
        for (int i = 1; i < PackedFiles.TOGETHER; i++) {
            again.delete(record(i, 9).id());
        }
        assertTrue(Files.size(kept.resolve("pack-000000001")) < 1_000, "shrunk");
        assertFalse(
                Files.readString(kept.resolve("pack-000000001"))
                        .contains(record(1, 9).id()),
                "nothing is left");
        assertArrayEquals("text 0000".getBytes(StandardCharsets.UTF_8), content(again, record(0, 9)));
        again.delete(record(0, 9).id());
        assertFalse(Files.exists(kept.resolve("pack-000000001")));
        LocalFileRepository third = files("small");
        third.open();
        assertEquals(count + 1 - PackedFiles.TOGETHER, third.all().size());
        third.add(record(7_000, 9), Files.writeString(folder.resolve("a"), "text more"));
        assertArrayEquals("text more".getBytes(StandardCharsets.UTF_8), content(third, record(7_000, 9)));
    }

    @Test
    void aFolderOfLooseFilesIsPackedLittleByLittle() throws Exception {
        Path kept = Files.createDirectories(folder.resolve("loose/files"));
        int count = 2 * PackedFiles.TOGETHER;
        for (int i = 0; i < count; i++) {
            Files.writeString(kept.resolve(record(i, 9).id()), "text %04d".formatted(i));
            Files.writeString(kept.resolve(record(i, 9).id() + ".json"), TypedJson.write(record(i, 9)));
        }
        Files.delete(kept.resolve(record(5, 9).id()));
        Files.createDirectories(kept.resolve(record(5, 9).id() + "/cannot be read"));
        LocalFileRepository files = files("loose");
        files.open();
        files.add(record(count, 9), Files.writeString(folder.resolve("a"), "text more"));
        assertEquals(1 + 2 * (count - PackedFiles.TOGETHER), count(kept));
        files.add(record(count + 1, 9), folder.resolve("a"));
        assertEquals(count + 2, files.all().size());
        for (int i : List.of(0, 9, count - 1)) {
            assertArrayEquals("text %04d".formatted(i).getBytes(StandardCharsets.UTF_8), content(files, record(i, 9)));
        }
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }
}
