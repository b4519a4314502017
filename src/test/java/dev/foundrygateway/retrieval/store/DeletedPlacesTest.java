package dev.foundrygateway.retrieval.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.retrieval.store.StoreFile.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where what was deleted stood. */
class DeletedPlacesTest {
    private final DeletedPlaces places = new DeletedPlaces();

    @Test
    void whatStoodBehindADeletedFileIsFound() {
        places.takenOut(store("a", "b", "c"), List.of("b"));
        assertEquals(1, places.before("vs_1", "b", files("a", "c")));
        places.takenOut(store("a", "c"), List.of("a"));
        assertEquals(0, places.before("vs_1", "b", files("c")));
        assertEquals(-1, places.before("vs_1", "x", files("c")));
    }

    @Test
    void filesThatWereAddedAgainLeadNobodyInACircle() {
        places.takenOut(store("b", "a"), List.of("a"));
        places.takenOut(store("a", "b"), List.of("b"));
        assertEquals(-1, places.before("vs_1", "a", files("c")));
    }

    private static StoreRecord store(String... ids) {
        Map<String, StoreFile> files = new LinkedHashMap<>();
        files(ids).forEach(file -> files.put(file.id(), file));
        return new StoreRecord("vs_1", "s", 1, 1, 0, Map.of(), files, Map.of());
    }

    private static List<StoreFile> files(String... ids) {
        return List.of(ids).stream()
                .map(id -> new StoreFile(id, id + ".txt", 1, Status.COMPLETED, Map.of(), 300, 0, 9, "", false, ""))
                .toList();
    }
}
