package dev.foundrygateway.retrieval.embed;

import dev.foundrygateway.exchange.Embedder;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Typed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * The embedding model that needs no server: loaded when it is first asked, kept from then on. It works on threads of its own, so that one that waits for it may
 * stop waiting; what nobody waits for ends at its next text. Thread-safe.
 */
@ApplicationScoped
@Typed(BuiltInEmbedder.class)
public class BuiltInEmbedder implements Embedder {
    /** The name that it is asked for by. */
    public static final String NAME = BuiltInModel.NAME;

    private static final String MAKER = "sentence-transformers/";
    private static final Logger LOG = Logger.getLogger(BuiltInEmbedder.class);

    /** More callers than these wait for nothing: all of these would have to be frozen. */
    private static final int MOST_CALLS = 64;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0, MOST_CALLS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), BuiltInEmbedder::thread);
    private Optional<BuiltInModel> model = Optional.empty();
    private volatile boolean tried;

    /** Whether a setting or a client means it by that name. */
    public static boolean isMeant(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        return plain.equals("auto") || (plain.startsWith(MAKER) ? plain.substring(MAKER.length()) : plain).equals(NAME);
    }

    void start(@Observes StartupEvent event) {
        if (ImageMode.current() == ImageMode.NATIVE_RUN) {
            LOG.info("the native program reads no PDF files and has no built-in embedding model: it ranks by words,"
                    + " unless gateway.retrieval.embedding-model names a model of an upstream");
        }
    }

    /** How many word pieces it reads of these texts together. */
    long tokens(List<String> texts) {
        return loaded().stream()
                .mapToLong(own -> texts.stream().mapToLong(own::tokens).sum())
                .sum();
    }

    /** Whether it can be used, as far as is known: until it was first loaded, yes. */
    public boolean works() {
        return !tried || loaded().isPresent();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "built-in-embedder");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public Uni<List<float[]>> embed(String name, List<String> texts) {
        return Uni.createFrom().emitter(emitter -> {
            AtomicBoolean over = new AtomicBoolean();
            emitter.onTermination(() -> over.set(true));
            threads.execute(() -> {
                try {
                    emitter.complete(halves(texts, over::get));
                } catch (RuntimeException | Error e) {
                    emitter.fail(e);
                }
            });
        });
    }

    /** On two cores where there are two texts or more: one store's files come one after the other. */
    private List<float[]> halves(List<String> texts, BooleanSupplier over) {
        int half = texts.size() / 2;
        FutureTask<List<float[]>> first = new FutureTask<>(() -> embed(texts.subList(0, half), over));
        if (half > 0) {
            try {
                threads.execute(first);
            } catch (RejectedExecutionException e) {
                first.run(); // no second thread is free
            }
        }
        List<float[]> last = embed(texts.subList(half, texts.size()), over);
        if (half == 0) {
            return last;
        }
        try {
            List<float[]> all = new ArrayList<>(first.get());
            all.addAll(last);
            return all;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the built-in embedding model failed: " + e.getMessage(), e);
        }
    }

    /**
     * One vector for each text, in their order. For worker threads.
     *
     * @throws IllegalStateException when it cannot run on this machine
     */
    public List<float[]> embed(List<String> texts) {
        return embed(texts, () -> false);
    }

    private List<float[]> embed(List<String> texts, BooleanSupplier over) {
        BuiltInModel own =
                loaded().orElseThrow(() -> new IllegalStateException("the built-in embedding model cannot run here"));
        List<float[]> vectors = new ArrayList<>(texts.size());
        for (String text : texts) {
            if (over.getAsBoolean()) {
                throw new CancellationException("nobody waits for it");
            }
            vectors.add(own.embed(text));
        }
        return vectors;
    }

    private synchronized Optional<BuiltInModel> loaded() {
        if (!tried) {
            try {
                model = Optional.of(BuiltInModel.load());
            } catch (IOException | RuntimeException | LinkageError e) {
                // No library for this machine, no folder to unpack it in, or a native program without it.
                LOG.warnf(
                        "the built-in embedding model cannot run here (%s): words only, unless"
                                + " gateway.retrieval.embedding-model names a model of an upstream",
                        e.getMessage());
            }
            tried = true;
        }
        return model;
    }
}
