package dev.foundrygateway.retrieval.index;

import dev.foundrygateway.retrieval.store.Ids;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was embedded lately, by model and text: at most 64 MB, the least recently used goes first. All are of one length: a model that gives vectors of another
 * one has become another, and what it gave before is forgotten. Thread-safe.
 */
final class KeptVectors {
    private static final long MEMORY_BYTES = 64L << 20;
    private static final float[] NONE = new float[0];

    private final String model;
    private final Map<String, float[]> memory = new LinkedHashMap<>(64, .75f, true);
    private long bytes;
    private int dimensions;

    KeptVectors(String model) {
        this.model = model;
    }

    /** The key of a text. */
    String key(String text) {
        return Ids.hash(model + "\n" + text);
    }

    /** Those of these keys' vectors that are kept. */
    synchronized Map<String, float[]> get(List<String> keys) {
        Map<String, float[]> found = new LinkedHashMap<>();
        for (String key : keys) {
            float[] vector = memory.getOrDefault(key, NONE);
            if (vector.length > 0) {
                found.put(key, vector);
            }
        }
        return found;
    }

    synchronized void remember(Map<String, float[]> vectors) {
        vectors.forEach((key, vector) -> {
            if (vector.length != dimensions) {
                memory.clear();
                bytes = 0;
                dimensions = vector.length;
            }
            float[] before = memory.put(key, vector);
            bytes += (long) Float.BYTES * (vector.length - (before == null ? 0 : before.length));
        });
        var oldest = memory.values().iterator();
        while (bytes > MEMORY_BYTES && oldest.hasNext()) {
            bytes -= (long) Float.BYTES * oldest.next().length;
            oldest.remove();
        }
    }
}
