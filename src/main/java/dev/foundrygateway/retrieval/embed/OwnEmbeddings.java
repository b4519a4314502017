package dev.foundrygateway.retrieval.embed;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.OwnModel;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.openai.EmbeddingRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.retrieval.RetrievalConfig;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code /v1/embeddings} by the model inside the program: on its threads; the reply is read on the exchange's event loop. */
@Singleton
public class OwnEmbeddings implements OwnModel {
    /** So many requests at a time, so that searches and ingests find a thread. */
    private static final int AT_ONCE = 8;

    private final BuiltInEmbedder embedder;
    private final boolean on;
    private final Semaphore turns = new Semaphore(AT_ONCE);

    OwnEmbeddings(BuiltInEmbedder embedder, RetrievalConfig config) {
        this.embedder = embedder;
        this.on = BuiltInEmbedder.isMeant(config.embeddingModel());
    }

    @Override
    public Optional<String> nameOf(String model) {
        return on && BuiltInEmbedder.isMeant(model) ? Optional.of(BuiltInEmbedder.NAME) : Optional.empty();
    }

    @Override
    public Uni<ChatReply> send(Call call) {
        return Uni.createFrom().deferred(() -> {
            if (call.operation() != Operation.EMBEDDINGS) {
                throw new GatewayException(
                        ErrorCode.INVALID_REQUEST,
                        "the model " + BuiltInEmbedder.NAME + " makes embeddings only; name a model that answers",
                        "model");
            }
            EmbeddingRequest request = request(call);
            if (!turns.tryAcquire()) {
                throw overloaded();
            }
            AtomicBoolean held = new AtomicBoolean(true);
            Optional<Context> loop = Optional.ofNullable(Vertx.currentContext());
            Uni<ChatReply> reply = embedder.embed(BuiltInEmbedder.NAME, request.texts())
                    .onTermination()
                    .invoke(() -> {
                        if (held.getAndSet(false)) {
                            turns.release();
                        }
                    })
                    .map(vectors -> reply(call, request, vectors))
                    .onFailure()
                    .transform(OwnEmbeddings::failure);
            return loop.isEmpty() ? reply : reply.emitOn(task -> loop.get().runOnContext(ignored -> task.run()));
        });
    }

    private static EmbeddingRequest request(Call call) {
        try {
            return EmbeddingRequest.of(call.request(), BuiltInModel.DIMENSIONS);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST, message, message.substring(0, Math.max(0, message.indexOf(' '))));
        }
    }

    private ChatReply reply(Call call, EmbeddingRequest request, List<float[]> vectors) {
        Buffer body = request.reply(BuiltInEmbedder.NAME, vectors, embedder.tokens(request.texts()));
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set(HttpHeaders.CONTENT_TYPE, "application/json");
        return new ChatReply(
                200,
                headers,
                false,
                Multi.createFrom().item(Frame.answer(body)),
                Served.direct(BuiltInEmbedder.NAME, "gateway", call.timeline()));
    }

    private static GatewayException overloaded() {
        return new GatewayException(ErrorCode.OVERLOADED, "the built-in embedding model has too much to do; ask again");
    }

    private static Throwable failure(Throwable cause) {
        if (cause instanceof RejectedExecutionException) {
            return overloaded();
        }
        return cause instanceof GatewayException
                ? cause
                : new GatewayException(
                        ErrorCode.UNSUPPORTED,
                        cause.getMessage() + ": name an embedding model that an upstream serves",
                        "model");
    }
}
