package dev.foundrygateway.retrieval.store.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.retrieval.store.StoreRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which passages of a file a change of its store's record makes the seen ones. */
class StoreDocumentTest {
    private static final Map<String, String> WRITTEN = Map.of("a", "with vectors");

    private static final StoreRecord EMPTY = SharedRecords.empty("vs_1");

    private final StoreRecord completed = SharedRecords.completed(EMPTY, "a");
    private final StoreRecord wordsOnly = SharedRecords.wordsOnly(EMPTY, "a");
    private final StoreDocument before = new StoreDocument(wordsOnly, Map.of(), Map.of("a", "by words"));

    @Test
    void passagesWithTheirLateVectorsTakeThePlaceOfThoseWithout() {
        assertEquals(
                List.of("with vectors"), before.with(completed, "me", WRITTEN).visible());
    }

    @Test
    void whatIsHalfWrittenIsNotSeenByAnotherChange() {
        StoreRecord renamed = wordsOnly.described("b", 0, Map.of());
        assertEquals(List.of("by words"), before.with(renamed, "me", WRITTEN).visible());
    }

    @Test
    void aFileKeepsThePassagesItHasWhereNoneWereWritten() {
        assertEquals(List.of("by words"), before.with(completed, "me", Map.of()).visible());
    }
}
