package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.upstream.foundry.ModelLoader;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Sees to it that the model of a call is known and loaded before the call is sent, and once more when the upstream says that it isn't. Thread-safe. */
@Singleton
public class ModelAvailability {
    /** Sends a call to its target. */
    @FunctionalInterface
    interface Sending {
        /**
         * Sends it when subscribed to.
         *
         * @param unstreamed whether the upstream is asked for a plain answer, whatever the client wants
         */
        Uni<ChatReply> send(ModelCatalog.Target target, Call call, boolean unstreamed);
    }

    private static final Pattern EMBEDS =
            Pattern.compile("embed|\\bbge|\\be5\\b|\\bgte\\b|minilm|arctic", Pattern.CASE_INSENSITIVE);

    private final Upstreams upstreams;
    private final ModelCatalog catalog;
    private final ModelLister lister;
    private final ModelLoader loader;
    private final NanoClock clock;

    ModelAvailability(
            Upstreams upstreams, ModelCatalog catalog, ModelLister lister, ModelLoader loader, NanoClock clock) {
        this.upstreams = upstreams;
        this.catalog = catalog;
        this.lister = lister;
        this.loader = loader;
        this.clock = clock;
    }

    /** For a model that nobody lists: asks for the lists anew before it is refused, since it may just have been downloaded. */
    Uni<ChatReply> known(Call call, Sending sending) {
        String model = call.model();
        if (model.isEmpty() || !catalog.mayBeClosed()) {
            return sending.send(catalog.resolve(model), call, false);
        }
        return Uni.createFrom().deferred(() -> {
            List<Uni<Void>> lists = upstreams.all().stream()
                    .map(upstream -> onThisLoop(Uni.createFrom()
                            .completionStage(
                                    lister.refresh(upstream).otherwiseEmpty().toCompletionStage())))
                    .toList();
            return Uni.join().all(lists).andCollectFailures().chain(() -> {
                ModelCatalog.Target target = catalog.resolve(model);
                return target.upstream().kind().loads()
                        ? loaded(target, call, sending)
                        : sending.send(target, call, false);
            });
        });
    }

    /** For a model of a Foundry Local: has it loaded first if it isn't, and after an answer that says so. */
    Uni<ChatReply> loaded(ModelCatalog.Target target, Call call, Sending sending) {
        if (call.operation() == Operation.EMBEDDINGS && target.upstream().kind().diesOfEmbeddings()) {
            refuseWithoutVectors(target);
        }
        if (catalog.of(target.upstream()).isCold(target.id())) {
            return Uni.createFrom().deferred(() -> loadAndSend(target, call, sending));
        }
        return sending.send(target, call, false)
                .onItem()
                .transformToUni(reply ->
                        reply.status() < 400 ? Uni.createFrom().item(reply) : refused(reply, target, call, sending))
                .onFailure(GatewayException.class)
                .recoverWithUni(failure -> broken(failure, target, call, sending));
    }

    /** An id says what a model is for; one that says nothing of vectors answers chats. */
    private static void refuseWithoutVectors(ModelCatalog.Target target) {
        if (!EMBEDS.matcher(target.id()).find()) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST,
                    "the model " + target.id()
                            + " makes no embeddings; name an embedding model such as qwen3-embedding-0.6b",
                    "model");
        }
    }

    private Uni<ChatReply> loadAndSend(ModelCatalog.Target target, Call call, Sending sending) {
        long before = clock.nanos();
        return onThisLoop(loader.load(target))
                // Loaded by its alias, another variant may have come than the one that looked best.
                .chain(() -> sending.send(
                        catalog.find(call.model()).orElse(target),
                        call.at(call.timeline().queued(clock.nanos() - before)),
                        false));
    }

    private Uni<ChatReply> refused(ChatReply reply, ModelCatalog.Target target, Call call, Sending sending) {
        if (reply.stream()) {
            return Uni.createFrom().item(reply);
        }
        return reply.whole().chain(body -> {
            if (saysNotLoaded(body)) {
                return loadAndSend(target, call, sending);
            }
            ChatReply same = reply.withBody(Multi.createFrom().item(Frame.plain(body)));
            return reply.status() < 500
                    ? Uni.createFrom().item(same)
                    : ifCut(target, () -> Uni.createFrom().item(same), call, sending);
        });
    }

    private Uni<ChatReply> broken(GatewayException failure, ModelCatalog.Target target, Call call, Sending sending) {
        if (failure.code() != ErrorCode.UPSTREAM_ERROR) {
            return Uni.createFrom().failure(failure);
        }
        return ifCut(target, () -> Uni.createFrom().failure(failure), call, sending);
    }

    /** 1.x cuts a streamed call that it refuses without a word: the model isn't loaded, or the unstreamed call tells why, or answers. */
    private Uni<ChatReply> ifCut(
            ModelCatalog.Target target, Supplier<Uni<ChatReply>> otherwise, Call call, Sending sending) {
        if (!target.upstream().kind().cutsRefusedStreams() || call.operation() != Operation.CHAT) {
            return otherwise.get();
        }
        Future<Void> asked = lister.refreshLoaded(target.upstream()).otherwiseEmpty();
        return onThisLoop(Uni.createFrom().completionStage(asked.toCompletionStage()))
                .chain(() -> catalog.of(target.upstream()).isCold(target.id())
                        ? loadAndSend(target, call, sending)
                        : sending.send(target, call, true));
    }

    private static boolean saysNotLoaded(Buffer body) {
        String text = body.toString(StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        return text.contains("model not loaded")
                || text.contains("is not loaded")
                // 0.x, which unloads a model by itself ten minutes after it was loaded.
                || text.contains("no openaiservice provider found");
    }

    /** What comes from elsewhere goes on where the call came from: an exchange lives on its client's event loop. */
    private static <T> Uni<T> onThisLoop(Uni<T> elsewhere) {
        Optional<Context> here = Optional.ofNullable(Vertx.currentContext());
        return here.isEmpty() ? elsewhere : elsewhere.emitOn(task -> here.get().runOnContext(ignored -> task.run()));
    }
}
