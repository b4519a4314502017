package dev.foundrygateway.upstream;

import dev.foundrygateway.chat.ChatReply;
import dev.foundrygateway.chat.Operation;
import dev.foundrygateway.chat.Served;
import dev.foundrygateway.chat.Timing;
import dev.foundrygateway.openai.Frame;
import dev.foundrygateway.openai.ModelList;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The calls that pass no stage: model lists, stored responses, multipart audio. */
@ApplicationScoped
public class UpstreamRelay {
    private static final Buffer NO_BODY = Buffer.buffer(0);

    private final UpstreamClient client;
    private final Upstreams upstreams;
    private final ModelCatalog catalog;

    UpstreamRelay(UpstreamClient client, Upstreams upstreams, ModelCatalog catalog) {
        this.client = client;
        this.upstreams = upstreams;
        this.catalog = catalog;
    }

    /** {@code GET /v1/models}: the only upstream's own bytes where it lists all there is, else the lists of those that answer as one. */
    public Uni<ChatReply> models(MultiMap headers, String requestId, long arrivedNanos) {
        List<Uni<ChatReply>> lists = new ArrayList<>();
        for (Upstream upstream : upstreams.all()) {
            lists.add(client.relay(upstream, HttpMethod.GET, "/models", headers, NO_BODY, "", requestId, arrivedNanos));
        }
        if (lists.size() == 1) {
            return catalog.ownNames().isEmpty() ? lists.get(0) : lists.get(0).chain(this::withOwnNames);
        }
        List<Uni<Buffer>> bodies = lists.stream()
                .map(list -> list.chain(UpstreamRelay::successfulBody)
                        // One that is down hides only its own models.
                        .onFailure()
                        .recoverWithItem(NO_BODY))
                .toList();
        return Uni.join().all(bodies).andFailFast().map(all -> {
            ModelList merged = ModelList.of(List.of());
            for (Buffer body : all) {
                if (body.length() > 0) {
                    merged = merged.plus(ModelList.parse(body));
                }
            }
            return json(merged.plus(ModelList.of(catalog.ownNames())).json());
        });
    }

    /** {@code GET /v1/models/{model}}. */
    public Uni<ChatReply> model(String model, MultiMap headers, String requestId, long arrivedNanos) {
        if (catalog.isVirtual(model)) {
            return Uni.createFrom().item(() -> json(ModelList.own(model)));
        }
        ModelCatalog.Target target = catalog.resolve(model);
        String path = "/models/"
                + URLEncoder.encode(target.id(), StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%3A", ":");
        return client.relay(target.upstream(), HttpMethod.GET, path, headers, NO_BODY, "", requestId, arrivedNanos);
    }

    /**
     * A call about a stored response, whose upstream its id does not tell: each is asked until one knows it.
     *
     * @param path below {@code /v1}, query included
     */
    public Uni<ChatReply> stored(
            HttpMethod method, String path, MultiMap headers, String requestId, long arrivedNanos) {
        Uni<ChatReply> reply = null;
        for (Upstream upstream : upstreams.all()) {
            Uni<ChatReply> next = client.relay(upstream, method, path, headers, NO_BODY, "", requestId, arrivedNanos);
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
            Operation operation, Buffer body, String model, MultiMap headers, String requestId, long arrivedNanos) {
        Upstream upstream =
                model.isEmpty() ? upstreams.fallback() : catalog.resolve(model).upstream();
        return client.relay(upstream, HttpMethod.POST, operation.path(), headers, body, model, requestId, arrivedNanos);
    }

    /** The lone upstream's list and the gateway's own names; what it says instead of a list stays as it is. */
    private Uni<ChatReply> withOwnNames(ChatReply reply) {
        if (reply.status() != 200) {
            return Uni.createFrom().item(reply);
        }
        return drained(reply)
                .map(body -> json(ModelList.parse(body)
                        .plus(ModelList.of(catalog.ownNames()))
                        .json()));
    }

    private static Uni<Buffer> successfulBody(ChatReply reply) {
        return drained(reply).map(body -> reply.status() == 200 ? body : NO_BODY);
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
                Served.direct("", upstreams.fallback().name(), Timing.NONE));
    }
}
