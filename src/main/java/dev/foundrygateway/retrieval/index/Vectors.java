package dev.foundrygateway.retrieval.index;

import dev.foundrygateway.exchange.Embedder;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.embed.BuiltInEmbedder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The vectors of passages and questions, from the configured embedding model; the latest are kept by the hash of their text, so that what was
 * embedded a moment ago is not again. When the model fails, questions are searched by words only, and for half a minute nobody asks it. Thread-safe; for worker
 * threads.
 */
@ApplicationScoped
public class Vectors {
    private static final Logger LOG = Logger.getLogger(Vectors.class);
    private static final float[] NONE = new float[0];
    private static final int BATCH = 32;
    private static final long PAUSE_NANOS = Duration.ofSeconds(30).toNanos();
    /** The model inside the program takes some 20 ms of a core for each. */
    private static final int BUILT_IN_BATCH = 8;
    /** A batch may take so many times as long as a question: a frozen model shall not hold an ingest, its files get their vectors later. */
    private static final int BATCH_TIMEOUTS = 5;

    private final Embedder embedder;
    private final String model;
    private final Duration questionTimeout;
    private final NanoClock clock;
    private final AtomicLong pausedUntil = new AtomicLong(Long.MIN_VALUE);
    private final KeptVectors kept;
    private final BooleanSupplier works;
    private final int batch;
    private volatile boolean failed;

    @Inject
    public Vectors(Embedder upstreams, BuiltInEmbedder builtIn, RetrievalConfig config, NanoClock clock) {
        this(
                isBuiltIn(config.embeddingModel()) ? builtIn : upstreams,
                name(config.embeddingModel()),
                config.embeddingTimeout(),
                clock,
                isBuiltIn(config.embeddingModel()) ? builtIn::works : () -> true,
                isBuiltIn(config.embeddingModel()) ? BUILT_IN_BATCH : BATCH);
    }

    /** Whether that setting means the model inside the program. */
    public static boolean isBuiltIn(String setting) {
        return BuiltInEmbedder.isMeant(setting);
    }

    private static String name(String setting) {
        return setting.equalsIgnoreCase("none") ? "" : isBuiltIn(setting) ? BuiltInEmbedder.NAME : setting;
    }

    /** By that model; empty for none. */
    public Vectors(Embedder embedder, String model, Duration questionTimeout, NanoClock clock) {
        this(embedder, model, questionTimeout, clock, () -> true, BATCH);
    }

    private Vectors(
            Embedder embedder,
            String model,
            Duration questionTimeout,
            NanoClock clock,
            BooleanSupplier works,
            int batch) {
        this.works = works;
        this.batch = batch;
        this.embedder = embedder;
        this.kept = new KeptVectors(model);
        this.model = model;
        this.questionTimeout = questionTimeout;
        this.clock = clock;
    }

    /** Whether there is a model. */
    public boolean wanted() {
        return !model.isEmpty() && works.getAsBoolean();
    }

    /** Has the model inside the program loaded, so that the first question doesn't wait for that. */
    void warm() {
        if (model.equals(BuiltInEmbedder.NAME)) {
            embedder.embed(model, List.of("ready"))
                    .subscribe()
                    .with(ready -> {}, failure -> LOG.debugf(failure, "%s was not loaded", model));
        }
    }

    /** Whether the model gives vectors now: asked, unless it failed within the last half minute. */
    boolean answers() {
        if (!wanted() || paused()) {
            return false;
        }
        try {
            failed = !probe();
            return !failed;
        } catch (RuntimeException e) {
            pause(e);
            return false;
        }
    }

    private boolean probe() {
        return !embedder.embed(model, List.of("ready"))
                .await()
                .atMost(questionTimeout)
                .isEmpty();
    }

    /** The question's vector, with something of those of the turns before it; empty where there is no model, or none that answers. */
    public float[] ofQuestion(Question question) {
        if (!wanted() || question.text().isBlank() || paused()) {
            return NONE;
        }
        try {
            List<float[]> turns = of(question.turns(), questionTimeout);
            float[] sum = turns.get(0).clone();
            for (int turn = 1; turn < turns.size(); turn++) {
                float[] before = turns.get(turn);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += (float) Question.weight(turn) * before[i];
                }
            }
            return sum;
        } catch (RuntimeException e) {
            pauseUnlessTextRefused(e);
            return NONE;
        }
    }

    private void pauseUnlessTextRefused(RuntimeException failure) {
        if (isRefusal(failure) && takesAnother()) {
            LOG.warnf("%s refuses a text (%s): words only for that", model, failure.getMessage());
        } else {
            pause(failure);
        }
    }

    private void pause(RuntimeException failure) {
        if (failure instanceof RejectedExecutionException) {
            LOG.debugf(failure, "%s has too much to do", model);
            return;
        }
        failed = true;
        pausedUntil.set(clock.nanos() + PAUSE_NANOS);
        LOG.warnf("%s gives no vectors (%s); words only for 30 s", model, failure.getMessage());
    }

    /**
     * The vectors of passages, one for each, in their order, and none at all where no model is configured; empty where the model fails: the passages are
     * found by their words then.
     */
    public Optional<List<float[]>> ofPassages(List<Passage> passages) {
        return ofPassages(passages, () -> true);
    }

    private Optional<List<float[]>> ofPassages(List<Passage> passages, BooleanSupplier needed) {
        if (!wanted()) {
            return Optional.of(List.of());
        }
        if (paused() || (failed && !answers())) {
            return Optional.empty();
        }
        List<float[]> vectors = new ArrayList<>(passages.size());
        for (int from = 0; from < passages.size(); from += batch) {
            List<String> texts = passages.subList(from, Math.min(passages.size(), from + batch)).stream()
                    .map(Passage::context)
                    .toList();
            if (from > 0 && !needed.getAsBoolean()) {
                return Optional.empty();
            }
            try {
                vectors.addAll(of(texts, questionTimeout.multipliedBy(BATCH_TIMEOUTS)));
            } catch (RuntimeException e) {
                pauseUnlessTextRefused(e);
                return Optional.empty();
            }
        }
        return Optional.of(vectors);
    }

    /** Whether it is a text that was refused, and not each. */
    private boolean takesAnother() {
        try {
            return probe();
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static boolean isRefusal(RuntimeException failure) {
        return failure instanceof GatewayException refusal && refusal.code() == ErrorCode.INVALID_REQUEST;
    }

    /** The same of several files, made together. */
    List<Optional<List<float[]>>> ofFiles(List<List<Passage>> files) {
        return ofFiles(files, () -> true);
    }

    /**
     * The same of several files, made together: a text that the model refuses costs its own file's vectors alone.
     *
     * @param needed asked between the batches whether anybody still needs them; empty for each if not
     */
    public List<Optional<List<float[]>>> ofFiles(List<List<Passage>> files, BooleanSupplier needed) {
        Optional<List<float[]>> all =
                ofPassages(files.stream().flatMap(List::stream).toList(), needed);
        if (all.isEmpty()) {
            // While the model is down, none of them is asked for.
            return files.stream()
                    .map(file ->
                            files.size() == 1 || paused() || !needed.getAsBoolean() ? all : ofPassages(file, needed))
                    .toList();
        }
        List<Optional<List<float[]>>> each = new ArrayList<>();
        int from = 0;
        for (List<Passage> file : files) {
            int last = from + file.size();
            each.add(Optional.of(all.get().isEmpty() ? List.of() : all.get().subList(from, last)));
            from = last;
        }
        return each;
    }

    private boolean paused() {
        long until = pausedUntil.get();
        return until != Long.MIN_VALUE && clock.nanos() - until < 0;
    }

    /** All of one length. */
    private List<float[]> of(List<String> texts, Duration timeout) {
        List<String> keys = texts.stream().map(kept::key).toList();
        Map<String, float[]> vectors = kept.get(keys);
        Map<String, String> missing = new LinkedHashMap<>();
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            all.put(keys.get(i), texts.get(i));
            if (!vectors.containsKey(keys.get(i))) {
                missing.put(keys.get(i), texts.get(i));
            }
        }
        if (!missing.isEmpty()) {
            Map<String, float[]> made = made(missing, timeout);
            if (lengths(vectors, made) > 1) {
                // The model has become another under its name: what it gave before is comparable with nothing.
                vectors = made(all, timeout);
            } else {
                vectors.putAll(made);
            }
        }
        kept.remember(vectors);
        return keys.stream().map(vectors::get).toList();
    }

    private static long lengths(Map<String, float[]> some, Map<String, float[]> others) {
        return Stream.of(some, others)
                .flatMap(vectors -> vectors.values().stream())
                .mapToInt(vector -> vector.length)
                .distinct()
                .count();
    }

    private Map<String, float[]> made(Map<String, String> missing, Duration timeout) {
        List<float[]> vectors =
                embedder.embed(model, List.copyOf(missing.values())).await().atMost(timeout);
        if (vectors.size() != missing.size()) {
            throw new IllegalStateException("it gave " + vectors.size() + " vectors for " + missing.size() + " texts");
        }
        Map<String, float[]> made = new LinkedHashMap<>();
        int at = 0;
        for (String key : missing.keySet()) {
            check(vectors.get(at));
            if (vectors.get(at).length != vectors.get(0).length) {
                throw new IllegalStateException("it gave vectors of different dimensions");
            }
            made.put(key, vectors.get(at++));
        }
        return made;
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
}
