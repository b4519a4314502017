package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.OwnModel;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.upstream.repair.AnswerShape;
import dev.foundrygateway.upstream.repair.Repairs;
import dev.foundrygateway.upstream.wire.EndToEndHeaders;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** The innermost service: sends a call to the model server that serves its model, byte for byte where nothing had to be changed. */
@Singleton
public class UpstreamClient implements ChatService {
    private static final CharSequence X_REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    /** They say which account of the client's key pays, so that they go where the key goes. */
    private static final List<String> ACCOUNT = List.of("openai-organization", "openai-project");

    private final ModelCatalog catalog;
    private final ModelAvailability models;
    private final Dispatcher dispatcher;
    private final UpstreamRelay relay;

    private final OwnModel own;

    UpstreamClient(
            ModelCatalog catalog, ModelAvailability models, Dispatcher dispatcher, UpstreamRelay relay, OwnModel own) {
        this.own = own;
        this.catalog = catalog;
        this.relay = relay;
        this.models = models;
        this.dispatcher = dispatcher;
    }

    @Override
    public Uni<ChatReply> send(Call call) {
        if (!call.operation().asksModel()) {
            return relay.send(call);
        }
        Optional<ModelCatalog.Target> found = catalog.find(call.model());
        if (found.isEmpty() && own.nameOf(call.model()).isPresent()) {
            return own.send(call);
        }
        if (found.isEmpty()) {
            return models.known(call, this::sendTo);
        }
        ModelCatalog.Target target = found.get();
        return target.upstream().kind().loads()
                ? models.loaded(target, call, this::sendTo)
                : sendTo(target, call, false);
    }

    private Uni<ChatReply> sendTo(ModelCatalog.Target target, Call call, boolean unstreamed) {
        if (call.payload() instanceof Payload.Form form) {
            return sendForm(target, call, form);
        }
        if (FanOut.needed(call, target.upstream().dialect())) {
            return FanOut.send(call, this);
        }
        Preparation prepared = unstreamed
                ? Preparation.unstreamed(call, target.upstream(), target.id())
                : Preparation.of(call, target.upstream(), target.id());
        Uni<ChatReply> reply = dispatch(target, call, prepared);
        return prepared.usageAsked() ? reply.chain(answer -> withoutOptionsIfRefused(answer, target, call)) : reply;
    }

    private Uni<ChatReply> dispatch(ModelCatalog.Target target, Call call, Preparation prepared) {
        ChatRequest request = prepared.request();
        MultiMap headers = headers(target.upstream(), call.headers(), call.requestId());
        if (!headers.contains(HttpHeaders.CONTENT_TYPE)) {
            headers.set(HttpHeaders.CONTENT_TYPE, JSON);
        }
        return dispatcher.dispatch(
                target.upstream(),
                new UpstreamCall(
                        HttpMethod.POST,
                        "/v1" + call.operation().path(),
                        headers,
                        request.bytes(),
                        target.id(),
                        request.streaming(),
                        prepared.chunked(),
                        prepared.usageWithheld(),
                        call.timeline(),
                        prepared.repairs()));
    }

    /** A form goes as it came, but for the model's name where the server knows it by another. */
    private Uni<ChatReply> sendForm(ModelCatalog.Target target, Call call, Payload.Form form) {
        return dispatcher.dispatch(
                target.upstream(),
                new UpstreamCall(
                        HttpMethod.POST,
                        "/v1" + call.operation().path(),
                        headers(target.upstream(), call.headers(), call.requestId()),
                        form.bytesFor(target.id()),
                        target.id(),
                        false,
                        false,
                        false,
                        call.timeline(),
                        Repairs.handedOn(AnswerShape.of(call.operation()))));
    }

    /** What the gateway added is not the client's fault: a server that refuses it is asked again without, and from now on never with it. */
    private Uni<ChatReply> withoutOptionsIfRefused(ChatReply answer, ModelCatalog.Target target, Call call) {
        if (answer.stream() || (answer.status() != 400 && answer.status() != 422)) {
            return Uni.createFrom().item(answer);
        }
        return answer.whole().chain(body -> {
            String text = body.toString();
            if (text.contains("stream_options") || text.contains("include_usage")) {
                target.upstream().refusedStreamOptions();
                return dispatch(target, call, Preparation.of(call, target.upstream(), target.id()));
            }
            return Uni.createFrom().item(answer.withBody(Multi.createFrom().item(Frame.plain(body))));
        });
    }

    /** What is sent beside the body: the client's end-to-end headers, and what this upstream asks for. */
    static MultiMap headers(Upstream upstream, MultiMap client, String requestId) {
        MultiMap headers = EndToEndHeaders.ofRequest(client, upstream.passHeaders());
        headers.set(X_REQUEST_ID, requestId);
        headers.set(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
        String own = upstream.authorization();
        String theirs = client.get(HttpHeaders.AUTHORIZATION);
        if (!own.isEmpty()) {
            headers.set(HttpHeaders.AUTHORIZATION, own);
        } else if (upstream.forwardsAuthorization() && theirs != null) {
            headers.set(HttpHeaders.AUTHORIZATION, theirs);
            for (String account : ACCOUNT) {
                if (client.contains(account)) {
                    headers.set(account, client.get(account));
                }
            }
        }
        return headers;
    }
}
