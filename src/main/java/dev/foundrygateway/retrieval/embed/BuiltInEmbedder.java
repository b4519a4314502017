package dev.foundrygateway.retrieval.embed;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The embedding model that needs no server: loaded when it is first asked, kept from then on. Thread-safe; for worker threads. */
@ApplicationScoped
public class BuiltInEmbedder {
    /** The name that it is asked for by. */
    public static final String NAME = BuiltInModel.NAME;

    private static final Logger LOG = Logger.getLogger(BuiltInEmbedder.class);

    private Optional<BuiltInModel> model = Optional.empty();
    private volatile boolean tried;

    /** Whether it can be used, as far as is known: until it was first loaded, yes. */
    public boolean works() {
        return !tried || loaded().isPresent();
    }

    /**
     * One vector for each text, in their order.
     *
     * @throws IllegalStateException when it cannot run on this machine
     */
    public List<float[]> embed(List<String> texts) {
        BuiltInModel own = loaded()
                .orElseThrow(() -> new IllegalStateException("the built-in embedding model cannot run here"));
        List<float[]> vectors = new ArrayList<>(texts.size());
        for (String text : texts) {
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
