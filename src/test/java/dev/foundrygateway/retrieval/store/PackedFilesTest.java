package dev.foundrygateway.retrieval.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.SafeFiles;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.TestSettings;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Small files in packs: nothing that was acknowledged is lost, and a deleted one makes room, on a full disk, too. */
class PackedFilesTest {
    private static final long MUCH = Long.MAX_VALUE;

    @TempDir
    private Path folder = Path.of("");

    private static FileRecord record(int number) {
        return new FileRecord(
                "file-%024x".formatted(number), "a.txt", 9, 1, "assistants", "", false, 0, 5_000_000 + number);
    }

    private static String id(int number) {
        return record(number).id();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private PackedFiles filled(long room, int count, int longest) throws IOException {
        PackedFiles packs = new PackedFiles(folder, () -> room);
        for (int from = 0; from < count; from += PackedFiles.TOGETHER) {
            Map<FileRecord, byte[]> some = new LinkedHashMap<>();
            for (int i = from; i < Math.min(count, from + PackedFiles.TOGETHER); i++) {
                some.put(record(i), bytes(text(i, longest)));
            }
            packs.add(some);
        }
        return packs;
    }

    private static String text(int number, int longest) {
        return "text " + number + " ".repeat(longest == 0 ? 0 : number * 7_919 % longest);
    }

    private Map<String, String> found() throws IOException {
        return found(new PackedFiles(folder, () -> MUCH));
    }

    private static Map<String, String> found(PackedFiles packs) throws IOException {
        List<String> ids = new ArrayList<>();
        List<String> damaged = new ArrayList<>();
        packs.load(record -> ids.add(record.id()), damaged::add);
        assertEquals(List.of(), damaged);
        Map<String, String> found = new TreeMap<>();
        for (String id : ids) {
            found.put(id, new String(packs.content(id).orElseThrow(), StandardCharsets.UTF_8));
        }
        return found;
    }

    private Path pack(int number) {
        return folder.resolve("pack-%09d".formatted(number));
    }

    @Test
    void filesOfManyThreadsAreAllThere() throws Exception {
        PackedFiles packs = new PackedFiles(folder, () -> MUCH);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> all = new ArrayList<>();
            Map<String, String> expected = new TreeMap<>();
            for (int i = 0; i < 300; i++) {
                int number = i;
                boolean goes = number % 3 == 0;
                all.add(() -> {
                    packs.add(Map.of(record(number), bytes(text(number, 0))));
                    if (goes) {
                        packs.delete(id(number));
                    }
                    return packs.content(id(number)).isEmpty() == goes;
                });
                if (!goes) {
                    expected.put(id(number), text(number, 0));
                }
            }
            for (Future<Boolean> one : threads.invokeAll(all)) {
                assertTrue(one.get());
            }
            assertEquals(expected, found());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aPackIsFilledUpAfterARestartAndWhatACrashLeftAtItsEndIsGone() throws IOException {
        filled(MUCH, 3, 0);
        Files.writeString(pack(1), Files.readString(pack(1)) + "{\"record\":{\"id\":");
        PackedFiles again = new PackedFiles(folder, () -> MUCH);
        assertEquals(3, found(again).size());
        again.add(Map.of(record(3), bytes("text 3")));
        assertEquals(Map.of(id(0), "text 0", id(1), "text 1", id(2), "text 2", id(3), "text 3"), Map.copyOf(found()));
        assertFalse(Files.exists(pack(2)));
    }

    @Test
    void whatIsRefusedLeavesNothing() throws IOException {
        PackedFiles packs = filled(MUCH, 2, 0);
        byte[] before = Files.readAllBytes(pack(1));
        Files.delete(pack(1));
        Files.createDirectories(pack(1).resolve("in the way"));
        assertThrows(IOException.class, () -> packs.add(Map.of(record(2), bytes("text 2"))));
        assertTrue(packs.content(id(2)).isEmpty());
        SafeFiles.deleteFolder(pack(1));
        Files.write(pack(1), before);
        packs.add(Map.of(record(3), bytes("text 3")));
        assertEquals(Map.of(id(0), "text 0", id(1), "text 1", id(3), "text 3"), Map.copyOf(found()));
    }

    /** No room for a copy, and each deletion shortens its pack by what it had: all of equal length. */
    @Test
    void onAFullDiskEachDeletionMakesRoom() throws IOException {
        PackedFiles packs = filled(0, 90, 0);
        long line = Files.size(pack(1)) / 90;
        Map<String, String> expected = found();
        List<Integer> order = new ArrayList<>();
        for (int i = 10; i < 90; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(7));
        long size = Files.size(pack(1));
        for (int number : order) {
            packs.delete(id(number));
            expected.remove(id(number));
            long now = Files.size(pack(1));
            assertTrue(size - now >= line - 2, size + " bytes, then " + now);
            size = now;
        }
        assertEquals(expected, found());
        assertTrue(packs.copied() <= order.size(), "a line is moved for each at most");
    }

    @Test
    void onAFullDiskFilesOfAllLengthsMakeRoomLittleByLittle() throws IOException {
        PackedFiles packs = filled(0, 200, 3_000);
        Map<String, String> expected = found();
        long size = Files.size(pack(1));
        for (int number = 0; number < 200; number += 4) {
            for (int i = number; i < number + 3; i++) {
                packs.delete(id(i));
                expected.remove(id(i));
            }
        }
        assertTrue(Files.size(pack(1)) < size / 2, size + " bytes, then " + Files.size(pack(1)));
        assertEquals(expected, found());
        for (int number = 3; number < 200; number += 4) {
            packs.delete(id(number));
        }
        assertFalse(Files.exists(pack(1)));
    }

    @Test
    void aMoveThatACrashCutOffCountsForNothingOrForOne() throws IOException {
        filled(MUCH, 3, 0);
        String whole = Files.readString(pack(1));
        List<String> lines = whole.lines().toList();
        String moved = lines.get(2);
        String underWay = " " + moved.substring(1);
        Map<String, String> expected = Map.of(id(1), "text 1", id(2), "text 2");
        for (String copy : List.of(" ".repeat(moved.length()), underWay.substring(0, 40) + " ".repeat(40), moved)) {
            Files.writeString(pack(1), copy + "\n" + lines.get(1) + "\n" + moved + "\n");
            PackedFiles again = new PackedFiles(folder, () -> MUCH);
            assertEquals(expected, Map.copyOf(found(again)));
            again.delete(id(2));
            assertEquals(Map.of(id(1), "text 1"), Map.copyOf(found()), "gone, and not back");
        }
    }

    @Test
    void roomIsKeptToWriteDownWhatIsDeleted() throws IOException {
        RetrievalConfig config = TestSettings.with(
                "gateway.retrieval.directory", folder.resolve("kept").toString());
        LocalFileRepository files = new LocalFileRepository(config);
        files.add(record(1), Files.writeString(folder.resolve("a"), "text 1"));
        Path spare = folder.resolve("kept/spare-room");
        assertEquals(64 << 10, Files.size(spare));
        files.makeRoom(List.of(id(1)));
        assertFalse(Files.exists(spare), "given to the change of the store's record");
        files.delete(id(1));
        assertEquals(64 << 10, Files.size(spare), "and kept for the next one");
        assertEquals(List.of(), files.all());
    }

    /** The name of the first one is in another charset, as if a disk had lost a bit. */
    @Test
    void aLineThatIsNoTextMovesNoOther() throws IOException {
        filled(MUCH, 6, 0);
        byte[] bytes = Files.readAllBytes(pack(1));
        bytes[new String(bytes, StandardCharsets.UTF_8).indexOf("a.txt")] = (byte) 0xe9;
        Files.write(pack(1), bytes);
        PackedFiles packs = new PackedFiles(folder, () -> MUCH);
        found(packs);
        for (int i = 1; i < 5; i++) {
            packs.delete(id(i));
        }
        assertTrue(packs.copied() > 0, "it was written anew");
        assertEquals("text 5", new String(packs.content(id(5)).orElseThrow(), StandardCharsets.UTF_8));
        assertEquals(Map.of(id(0), "text 0", id(5), "text 5"), Map.copyOf(found()));
    }

    @Test
    void whereASecondMoveFailsTheFirstIsThereOnce() throws IOException {
        Pack pack = new Pack(pack(1));
        Map<String, byte[]> lines = new LinkedHashMap<>();
        for (String id : List.of("a", "b", "c", "d")) {
            lines.put(id, bytes("{\"" + id + "\":1}"));
        }
        Map<String, Pack.Place> places = pack.append(lines);
        int end = Objects.requireNonNull(places.get("c")).end();
        places.remove("d");
        places.put("unreadable", new Pack.Place(end, -1));
        places.put(
                "d", new Pack.Place(end, Objects.requireNonNull(places.get("a")).length()));
        places.forEach(pack::put);
        pack.blank("a");
        assertThrows(IllegalArgumentException.class, pack::tighten);
        pack.blank("d");
        assertEquals(
                List.of("{\"b\":1}", "{\"c\":1}"),
                List.copyOf(new Pack(pack(1)).read().values()));
    }

    @Test
    void aMoveThatIsCutOffAfterAnEndOfLineCountsForNothing() throws IOException {
        byte[] line = bytes("{\"moved\":1}");
        byte[] unfinished = Pack.unfinished(line).array();
        for (int written = 0; written <= unfinished.length; written++) {
            byte[] gap = bytes("\n" + " ".repeat(line.length) + "\n{}\n");
            System.arraycopy(unfinished, 0, gap, 0, written);
            Files.write(pack(1), gap);
            assertEquals(List.of("{}"), List.copyOf(new Pack(pack(1)).read().values()), written + " bytes");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPackWhoseFirstFileFindsNoRoomIsNotThere() throws IOException {
        PackedFiles packs = new PackedFiles(folder, () -> MUCH);
        Files.createSymbolicLink(pack(1), Path.of("/dev/full"));
        assertThrows(IOException.class, () -> packs.add(Map.of(record(1), bytes("text 1"))));
        assertFalse(Files.isSymbolicLink(pack(1)));
        packs.add(Map.of(record(2), bytes("text 2")));
        assertTrue(Files.isRegularFile(pack(1)), "its number is used");
        assertEquals(Map.of(id(2), "text 2"), found());
    }

    /** Two wait while a third changes a pack; whichever comes first writes for both, and its folder fails. */
    @Test
    void anErrorOfWhoeverWritesForAllIsNobodysSuccess() throws Exception {
        List<Thread> waiting = new ArrayList<>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean fails = new AtomicBoolean();
        Path failing = (Path) Proxy.newProxyInstance(
                Path.class.getClassLoader(), new Class<?>[] {Path.class}, (proxy, method, arguments) -> {
                    if (fails.getAndSet(false)) {
                        throw new OutOfMemoryError("planted");
                    }
                    return method.invoke(folder, arguments);
                });
        PackedFiles packs = new PackedFiles(failing, () -> {
            fails.set(true);
            waiting.forEach(Thread::start);
            await().until(() -> waiting.stream().allMatch(one -> one.getState() == Thread.State.BLOCKED));
            return MUCH;
        });
        Map<FileRecord, byte[]> full = new LinkedHashMap<>();
        for (int i = 0; i <= PackedFiles.TOGETHER; i++) {
            full.put(record(i), bytes("text"));
        }
        packs.add(full);
        for (int i = 1; i < 3; i++) {
            Map<FileRecord, byte[]> one = Map.of(record(1_000 + i), bytes("text"));
            waiting.add(new Thread(() -> {
                try {
                    packs.add(one);
                } catch (IOException | OutOfMemoryError e) {
                    failures.add(e);
                }
            }));
        }
        packs.delete(id(0));
        for (Thread one : waiting) {
            one.join();
        }
        assertEquals(
                Set.of(OutOfMemoryError.class, IOException.class),
                failures.stream().map(Throwable::getClass).collect(Collectors.toSet()));
        assertEquals(PackedFiles.TOGETHER, found().size());
    }

    private long movedByDeleting(int count) throws IOException {
        PackedFiles packs = filled(MUCH, count, 0);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(count));
        for (int number : order) {
            packs.delete(id(number));
        }
        assertEquals(Map.of(), found());
        return packs.copied();
    }

    @Test
    void deletingTwiceAsManyMovesTwiceAsMuch() throws IOException {
        long once = movedByDeleting(PackedFiles.TOGETHER);
        long twice = movedByDeleting(2 * PackedFiles.TOGETHER);
        assertTrue(twice <= 2.2 * once, once + " lines, then " + twice);
        assertTrue(twice <= 2L * PackedFiles.TOGETHER, twice + " lines");
    }

    @Test
    void aStoreOnAFullDiskWritesWhatIsNewBehindALongLog() throws IOException {
        Path home =
                Files.createDirectories(folder.resolve("No space left")); // a failure's message begins with its path
        StoreLog log = new StoreLog(home);
        StoreRecord before = new StoreRecord("vs_1", "a", 1, 1, 0, Map.of(), Map.of(), Map.of());
        log.write(before);
        StoreRecord described = before.describedAs("x".repeat(70_000));
        log.change(before, described);
        Path record = home.resolve("store.json");
        byte[] kept = Files.readAllBytes(record);
        StoreRecord after = described.describedAs("shorter");
        Path inTheWay = Files.createDirectories(home.resolve("store.json.next/x"));
        log.change(described, after);
        assertEquals(TypedJson.write(after), TypedJson.write(new StoreLog(home).read()));
        assertTrue(Files.isDirectory(inTheWay));
        assertEquals(new String(kept, StandardCharsets.UTF_8), Files.readString(record));
    }
}
