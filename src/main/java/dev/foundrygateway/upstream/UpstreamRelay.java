package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.ModelList;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The calls that pass no stage: model lists, stored responses, multipart audio. */
@ApplicationScoped
public class UpstreamRelay {
    private static final Buffer NO_BODY = Buffer.buffer(0);
    private static final ModelList NO_MODELS = ModelList.of(List.of());

    private final UpstreamClient client;
    private final Upstreams upstreams;
    private final ModelCatalog catalog;

    UpstreamRelay(UpstreamClient client, Upstreams upstreams, ModelCatalog catalog) {
        this.client = client;
        this.upstreams = upstreams;
        this.catalog = catalog;
    }

    /** {@code GET /v1/models}: the only upstream's own bytes where it lists all there is, else the lists of those that answer as one. */
    public Uni<ChatReply> models(MultiMap headers, String requestId, Timeline timeline) {
        if (upstreams.all().size() == 1 && catalog.ownNames().isEmpty()) {
            return list(upstreams.fallback(), headers, requestId, timeline);
        }
        return everyModel(headers, requestId, timeline).map(all -> json(all.json()));
    }

    /** {@code GET /v1/models/{model}}: out of the lists, since model servers know fewer names there than in a chat, or have no such call at all. */
    public Uni<ChatReply> model(String model, MultiMap headers, String requestId, Timeline timeline) {
        return everyModel(headers, requestId, timeline)
                .map(all -> json(all.entry(model)
                        .or(() -> catalog.find(model).flatMap(target -> byItsId(all, target)))
                        .orElseThrow(() -> catalog.unknown(model))));
    }

    /** The entry of a model that goes by another name, an alias or its id without the version; one of the gateway's own where no upstream lists it. */
    private static Optional<Buffer> byItsId(ModelList all, ModelCatalog.Target target) {
        return all.plus(ModelList.of(List.of(target.id()))).entry(target.id());
    }

    private Uni<ModelList> everyModel(MultiMap headers, String requestId, Timeline timeline) {
        List<Uni<ModelList>> lists = new ArrayList<>();
        for (Upstream upstream : upstreams.all()) {
            Uni<ModelList> models = list(upstream, headers, requestId, timeline).chain(UpstreamRelay::read);
            // Of several, one that is down hides only its own models.
            lists.add(upstreams.all().size() == 1 ? models : models.onFailure().recoverWithItem(NO_MODELS));
        }
        return Uni.join().all(lists).andFailFast().map(all -> {
            ModelList merged = NO_MODELS;
            for (ModelList models : all) {
                merged = merged.plus(models);
            }
            return merged.plus(ModelList.of(catalog.ownNames()));
        });
    }

    private Uni<ChatReply> list(Upstream upstream, MultiMap headers, String requestId, Timeline timeline) {
        return client.relay(upstream, HttpMethod.GET, "/models", headers, NO_BODY, "", requestId, timeline);
    }

    private static Uni<ModelList> read(ChatReply reply) {
        return drained(reply).map(body -> {
            if (reply.status() != 200) {
                throw new GatewayException(
                        ErrorCode.UPSTREAM_ERROR,
                        "upstream " + reply.served().upstream() + " answered " + reply.status()
                                + " when asked for its models");
            }
            try {
                return ModelList.parse(body);
            } catch (IllegalArgumentException e) {
                throw new GatewayException(
                        ErrorCode.UPSTREAM_ERROR, "upstream " + reply.served().upstream() + " sent " + e.getMessage());
            }
        });
    }

    /**
     * A call about a stored response, whose upstream its id does not tell: each is asked until one knows it.
     *
     * @param path below {@code /v1}, query included
     */
    public Uni<ChatReply> stored(
            HttpMethod method, String path, MultiMap headers, String requestId, Timeline timeline) {
        Uni<ChatReply> reply = null;
        for (Upstream upstream : upstreams.all()) {
            Uni<ChatReply> next = client.relay(upstream, method, path, headers, NO_BODY, "", requestId, timeline);
            reply = reply == null
                    ? next
                    : reply.chain(before -> before.status() == 404
                            ? drained(before).chain(() -> next)
                            : Uni.createFrom().item(before));
        }
        return reply == null ? Uni.createFrom().nothing() : reply;
    }

    /** A body that is no JSON, such as an audio file, to the upstream of the model it names. */
    public Uni<ChatReply> opaque(
            Operation operation, Buffer body, String model, MultiMap headers, String requestId, Timeline timeline) {
        Upstream upstream =
                model.isEmpty() ? upstreams.fallback() : catalog.resolve(model).upstream();
        return client.relay(upstream, HttpMethod.POST, operation.path(), headers, body, model, requestId, timeline);
    }

    private static Uni<Buffer> drained(ChatReply reply) {
        return reply.body().collect().in(Buffer::buffer, (all, frame) -> all.appendBuffer(frame.bytes()));
    }

    private ChatReply json(Buffer body) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set(HttpHeaders.CONTENT_TYPE, "application/json");
        return new ChatReply(
                200,
                headers,
                false,
                Multi.createFrom().item(Frame.plain(body)),
                Served.direct("", upstreams.fallback().name(), Timeline.NONE));
    }
}
