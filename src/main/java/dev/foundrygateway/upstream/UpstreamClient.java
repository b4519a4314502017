package dev.foundrygateway.upstream;

import dev.foundrygateway.chat.Call;
import dev.foundrygateway.chat.ChatReply;
import dev.foundrygateway.chat.ChatService;
import dev.foundrygateway.chat.GatewayException;
import dev.foundrygateway.chat.NanoClock;
import dev.foundrygateway.chat.Operation;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.GatewayOptions;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.impl.ContextInternal;
import jakarta.enterprise.context.ApplicationScoped;

/** The innermost service: sends a call to the model server that serves its model, byte for byte where nothing had to be changed. */
@ApplicationScoped
public class UpstreamClient implements ChatService {
    private static final CharSequence X_REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    private final Vertx vertx;
    private final Connections connections;
    private final ModelCatalog catalog;
    private final NanoClock clock;

    UpstreamClient(Vertx vertx, Connections connections, ModelCatalog catalog, NanoClock clock) {
        this.vertx = vertx;
        this.connections = connections;
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public Uni<ChatReply> send(Call call) {
        ModelCatalog.Target target;
        try {
            target = catalog.resolve(call.request().model());
        } catch (GatewayException unknown) {
            return Uni.createFrom().failure(unknown);
        }
        ChatRequest request = call.request().withoutMember(GatewayOptions.MEMBER);
        if (!target.id().equals(request.model()) && !target.id().isEmpty()) {
            request = request.withModel(target.id());
        }
        boolean chunked = call.operation() == Operation.CHAT || call.operation() == Operation.COMPLETION;
        boolean usageWithheld = chunked && request.streaming() && !request.wantsUsage();
        if (usageWithheld) {
            request = request.withUsage();
        }
        MultiMap headers = headers(target.upstream(), call.headers(), call.requestId());
        if (!headers.contains(HttpHeaders.CONTENT_TYPE)) {
            headers.set(HttpHeaders.CONTENT_TYPE, JSON);
        }
        return exchange(
                target.upstream(),
                new UpstreamCall(
                        HttpMethod.POST,
                        "/v1" + call.operation().path(),
                        headers,
                        request.bytes(),
                        target.id(),
                        request.streaming(),
                        chunked,
                        usageWithheld,
                        call.arrivedNanos(),
                        call.retrievalNanos()));
    }

    /**
     * Relays a call that no stage looks into.
     *
     * @param path below {@code /v1}, query included
     * @param model the model it names, empty if none
     * @param body its bytes, empty for none
     */
    public Uni<ChatReply> relay(
            Upstream upstream,
            HttpMethod method,
            String path,
            MultiMap clientHeaders,
            Buffer body,
            String model,
            String requestId,
            long arrivedNanos) {
        return exchange(
                upstream,
                new UpstreamCall(
                        method,
                        "/v1" + path,
                        headers(upstream, clientHeaders, requestId),
                        body,
                        model,
                        false,
                        false,
                        false,
                        arrivedNanos,
                        0));
    }

    private Uni<ChatReply> exchange(Upstream upstream, UpstreamCall call) {
        return Uni.createFrom().emitter(emitter -> {
            ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
            Runnable start =
                    () -> new Exchange(upstream, call, connections.to(upstream), context, clock, emitter).start();
            if (context.inThread()) {
                start.run();
            } else {
                context.runOnContext(ignored -> start.run());
            }
        });
    }

    private static MultiMap headers(Upstream upstream, MultiMap client, String requestId) {
        MultiMap headers = EndToEndHeaders.ofRequest(client);
        headers.set(X_REQUEST_ID, requestId);
        headers.set(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
        String own = upstream.authorization();
        String theirs = client.get(HttpHeaders.AUTHORIZATION);
        if (!own.isEmpty()) {
            headers.set(HttpHeaders.AUTHORIZATION, own);
        } else if (upstream.forwardsAuthorization() && theirs != null) {
            headers.set(HttpHeaders.AUTHORIZATION, theirs);
        }
        return headers;
    }
}
