package dev.foundrygateway.retrieval;

import dev.foundrygateway.chat.Embedder;
import dev.foundrygateway.chat.NanoClock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * The vectors of passages and questions, from the configured embedding model; kept by the hash of their text, so that what was embedded once is not again.
 * When the model fails, questions are searched by words only, and for half a minute nobody asks it. Thread-safe; for worker threads.
 */
@ApplicationScoped
public class Vectors {
    private static final Logger LOG = Logger.getLogger(Vectors.class);
    private static final float[] NONE = new float[0];
    private static final int BATCH = 32;
    private static final long CACHE_BYTES = 64L << 20;
    private static final long PAUSE_NANOS = Duration.ofSeconds(30).toNanos();
    /** A batch of passages may take a CPU model a minute. */
    private static final Duration BATCH_TIMEOUT = Duration.ofMinutes(2);

    private final Embedder embedder;
    private final String model;
    private final Duration questionTimeout;
    private final NanoClock clock;
    private final AtomicLong pausedUntil = new AtomicLong(Long.MIN_VALUE);
    private final Map<String, float[]> cache = new LinkedHashMap<>(64, .75f, true);
    private long cachedBytes;

    @Inject
    Vectors(Embedder embedder, RetrievalConfig config, NanoClock clock) {
        this(embedder, config.embeddingModel().orElse(""), config.embeddingTimeout(), clock);
    }

    /** By that model; empty for none. */
    Vectors(Embedder embedder, String model, Duration questionTimeout, NanoClock clock) {
        this.embedder = embedder;
        this.model = model;
        this.questionTimeout = questionTimeout;
        this.clock = clock;
    }

    /** Whether a model is configured. */
    boolean wanted() {
        return !model.isEmpty();
    }

    /** The question's vector; empty where there is no model, or none that answers. */
    float[] ofQuestion(String question) {
        if (!wanted() || question.isBlank() || paused()) {
            return NONE;
        }
        try {
            return of(List.of(question), questionTimeout).get(0);
        } catch (RuntimeException e) {
            pause(e);
            return NONE;
        }
    }

    private void pause(RuntimeException failure) {
        pausedUntil.set(clock.nanos() + PAUSE_NANOS);
        LOG.warnf("%s gives no vectors (%s); words only for 30 s", model, failure.getMessage());
    }

    /**
     * The vectors of passages, one for each, in their order, and none at all where no model is configured; empty where the model fails: the passages are
     * found by their words then.
     */
    Optional<List<float[]>> ofPassages(List<Passage> passages) {
        if (!wanted()) {
            return Optional.of(List.of());
        }
        if (paused()) {
            return Optional.empty();
        }
        List<float[]> vectors = new ArrayList<>(passages.size());
        for (int from = 0; from < passages.size(); from += BATCH) {
            List<String> texts = passages.subList(from, Math.min(passages.size(), from + BATCH)).stream()
                    .map(Passage::context)
                    .toList();
            try {
                vectors.addAll(of(texts, BATCH_TIMEOUT));
            } catch (RuntimeException e) {
                pause(e);
                return Optional.empty();
            }
        }
        return Optional.of(vectors);
    }

    private boolean paused() {
        long until = pausedUntil.get();
        return until != Long.MIN_VALUE && clock.nanos() - until < 0;
    }

    private List<float[]> of(List<String> texts, Duration timeout) {
        List<String> keys = texts.stream().map(Ids::hash).toList();
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            if (cached(keys.get(i)).length == 0) {
                missing.add(texts.get(i));
            }
        }
        if (!missing.isEmpty()) {
            List<float[]> made = embedder.embed(model, missing).await().atMost(timeout);
            if (made.size() != missing.size()) {
                throw new IllegalStateException("it gave " + made.size() + " vectors for " + missing.size() + " texts");
            }
            for (int i = 0; i < made.size(); i++) {
                check(made.get(i));
                keep(Ids.hash(missing.get(i)), made.get(i));
            }
            return merged(texts, keys, missing, made);
        }
        return keys.stream().map(this::cached).toList();
    }

    private List<float[]> merged(List<String> texts, List<String> keys, List<String> missing, List<float[]> made) {
        List<float[]> vectors = new ArrayList<>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            int at = missing.indexOf(texts.get(i));
            vectors.add(at < 0 ? cached(keys.get(i)) : made.get(at));
        }
        return vectors;
    }

    private static void check(float[] vector) {
        double length = 0;
        for (float value : vector) {
            length += value * value;
        }
        if (vector.length == 0
                || vector.length > WideVectors.MAX_DIMENSIONS
                || !(length > 0)
                || length == Double.POSITIVE_INFINITY) {
            throw new IllegalStateException(
                    "it gave a vector of " + vector.length + " dimensions that cannot be indexed; up to "
                            + WideVectors.MAX_DIMENSIONS + " are, none of them zero throughout");
        }
    }

    private float[] cached(String key) {
        synchronized (cache) {
            return cache.getOrDefault(key, NONE);
        }
    }

    private void keep(String key, float[] vector) {
        synchronized (cache) {
            if (cache.put(key, vector) == null) {
                cachedBytes += 4L * vector.length;
            }
            var oldest = cache.entrySet().iterator();
            while (cachedBytes > CACHE_BYTES && oldest.hasNext()) {
                cachedBytes -= 4L * oldest.next().getValue().length;
                oldest.remove();
            }
        }
    }
}
