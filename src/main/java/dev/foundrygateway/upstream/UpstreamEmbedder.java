package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.Embedder;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.EmbeddingReply;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.upstream.repair.AnswerShape;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/** Vectors from the {@code /v1/embeddings} of whichever upstream serves the model. */
@ApplicationScoped
public class UpstreamEmbedder implements Embedder {
    /** It works, and refuses one of these texts. */
    private static final Set<Integer> REFUSALS = Set.of(400, 413, 422);

    private final UpstreamRelay relay;
    private final ModelCatalog catalog;
    private final NanoClock clock;

    UpstreamEmbedder(UpstreamRelay relay, ModelCatalog catalog, NanoClock clock) {
        this.relay = relay;
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public Uni<List<float[]>> embed(String model, List<String> texts) {
        ModelCatalog.Target target = catalog.resolve(model);
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set(HttpHeaders.CONTENT_TYPE, "application/json");
        return Uni.createFrom()
                .deferred(() -> relay.relay(
                        target.upstream(),
                        AnswerShape.ANYTHING,
                        HttpMethod.POST,
                        "/embeddings",
                        headers,
                        EmbeddingReply.request(target.id(), texts),
                        target.id(),
                        "retrieval",
                        Timeline.arrivedAt(clock.nanos())))
                .chain(reply -> reply.whole().map(body -> {
                    if (reply.status() != 200) {
                        throw new GatewayException(
                                REFUSALS.contains(reply.status())
                                        ? ErrorCode.INVALID_REQUEST
                                        : ErrorCode.UPSTREAM_ERROR,
                                "the embedding model " + model + " answered with status " + reply.status());
                    }
                    return EmbeddingReply.vectors(body);
                }));
    }
}
