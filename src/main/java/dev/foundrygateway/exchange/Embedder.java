package dev.foundrygateway.exchange;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** Makes vectors of texts: the port by which retrieval reaches a model server. Thread-safe. */
@FunctionalInterface
public interface Embedder {
    /**
     * The vectors of these texts by that model.
     *
     * @param model an alias or id
     * @param texts one batch
     * @return one vector for each text, in their order; fails with {@link GatewayException} where the upstream gives none, with
     *     {@code INVALID_REQUEST} where it refuses one of these texts
     */
    Uni<List<float[]>> embed(String model, List<String> texts);
}
