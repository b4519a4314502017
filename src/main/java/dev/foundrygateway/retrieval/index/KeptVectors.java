package dev.foundrygateway.retrieval.index;

import dev.foundrygateway.retrieval.store.Ids;
import dev.foundrygateway.retrieval.store.SafeFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What was embedded before, by model and text: the latest in memory, passages also in a {@link VectorCache} beside the index. Where the disk fails, be it
 * full or damaged, the folder is taken away, to be begun anew at the next start, and memory alone goes on; likewise, without that, where another gateway has
 * the folder. Thread-safe; for worker threads.
 */
final class KeptVectors {
    private static final Logger LOG = Logger.getLogger(KeptVectors.class);
    private static final long MEMORY_BYTES = 64L << 20;
    /** At 1024 dimensions 400 MB. */
    private static final int MOST_ON_DISK = 100_000;

    private static final float[] NONE = new float[0];

    private final String model;
    private final Optional<Path> folder;
    private final Map<String, float[]> memory = new LinkedHashMap<>(64, .75f, true);
    private long bytes;
    private Optional<VectorCache> disk = Optional.empty();
    private boolean without;

    /** Of that model; in memory alone if no folder is given. The folder is made at first use. */
    KeptVectors(String model, Optional<Path> folder) {
        this.model = model;
        this.folder = folder;
        this.without = folder.isEmpty();
    }

    /** The key of a text. */
    String key(String text) {
        return Ids.hash(model + "\n" + text);
    }

    /** Those of these keys' vectors that are kept. */
    Map<String, float[]> get(List<String> keys) {
        Map<String, float[]> found = new LinkedHashMap<>();
        synchronized (this) {
            for (String key : keys) {
                float[] vector = memory.getOrDefault(key, NONE);
                if (vector.length > 0) {
                    found.put(key, vector);
                }
            }
        }
        List<String> others =
                keys.stream().filter(key -> !found.containsKey(key)).toList();
        if (!others.isEmpty()) {
            disk().ifPresent(cache -> {
                try {
                    found.putAll(cache.get(others));
                } catch (IOException | RuntimeException e) {
                    giveUp(e);
                }
            });
        }
        return found;
    }

    /** Keeps these in memory. */
    synchronized void remember(Map<String, float[]> vectors) {
        vectors.forEach((key, vector) -> {
            float[] before = memory.put(key, vector);
            bytes += (long) Float.BYTES * (vector.length - (before == null ? 0 : before.length));
        });
        var oldest = memory.values().iterator();
        while (bytes > MEMORY_BYTES && oldest.hasNext()) {
            bytes -= (long) Float.BYTES * oldest.next().length;
            oldest.remove();
        }
    }

    /** Keeps these over a restart. */
    void keep(Map<String, float[]> vectors) {
        if (!vectors.isEmpty()) {
            disk().ifPresent(cache -> {
                try {
                    cache.put(vectors);
                } catch (IOException | RuntimeException e) {
                    giveUp(e);
                }
            });
        }
    }

    private synchronized Optional<VectorCache> disk() {
        if (!without && disk.isEmpty()) {
            try {
                disk = Optional.of(VectorCache.open(folder.orElseThrow(), MOST_ON_DISK));
            } catch (IOException | RuntimeException e) {
                giveUp(e);
            }
        }
        return disk;
    }

    private synchronized void giveUp(Exception failure) {
        if (!without) {
            LOG.warnf("vectors are remembered in memory only from now on: %s", failure.getMessage());
        }
        boolean failedInUse = disk.isPresent();
        close();
        if (failedInUse) {
            try {
                SafeFiles.deleteFolder(folder.orElseThrow());
            } catch (IOException | RuntimeException e) {
                LOG.debugf(e, "the vectors' folder was not taken away");
            }
        }
    }

    /** Closes what is on the disk; from then on memory alone is used. */
    synchronized void close() {
        without = true;
        disk.ifPresent(cache -> {
            try {
                cache.close();
            } catch (IOException | RuntimeException e) {
                LOG.debugf(e, "the vectors' folder did not close");
            }
        });
        disk = Optional.empty();
    }
}
