package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.ModelList;
import dev.foundrygateway.upstream.repair.AnswerShape;
import dev.foundrygateway.upstream.repair.Repairs;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The calls that ask no model: model lists and stored responses. */
@ApplicationScoped
public class UpstreamRelay {
    private static final Buffer NO_BODY = Buffer.buffer(0);
    private static final ModelList NO_MODELS = ModelList.of(List.of());
    private static final String UNRESERVED = "-._~";

    private final Dispatcher dispatcher;
    private final Upstreams upstreams;
    private final ModelCatalog catalog;

    UpstreamRelay(Dispatcher dispatcher, Upstreams upstreams, ModelCatalog catalog) {
        this.dispatcher = dispatcher;
        this.upstreams = upstreams;
        this.catalog = catalog;
    }

    /** Sends a call whose operation asks no model. */
    Uni<ChatReply> send(Call call) {
        return switch (call.operation()) {
            case MODELS -> models(call);
            case MODEL -> model(call);
            default -> stored(call);
        };
    }

    /** {@code GET /v1/models}: the only upstream's own bytes where it lists all there is, else the lists of those that answer as one. */
    private Uni<ChatReply> models(Call call) {
        if (upstreams.all().size() == 1 && catalog.ownNames().isEmpty()) {
            return relay(upstreams.fallback(), "/models", call);
        }
        return everyModel(call).map(all -> json(all.json()));
    }

    /** {@code GET /v1/models/{model}}: out of the lists, since model servers know fewer names there than in a chat, or have no such call at all. */
    private Uni<ChatReply> model(Call call) {
        String model = named(call).id();
        return everyModel(call)
                .map(all -> json(all.entry(model)
                        .or(() -> catalog.find(model).flatMap(target -> byItsId(all, target)))
                        .orElseThrow(() -> catalog.unknown(model))));
    }

    private static Payload.None named(Call call) {
        return call.payload() instanceof Payload.None none ? none : Payload.NONE;
    }

    /** The entry of a model that goes by another name, an alias or its id without the version; one of the gateway's own where no upstream lists it. */
    private static Optional<Buffer> byItsId(ModelList all, ModelCatalog.Target target) {
        return all.plus(ModelList.of(List.of(target.id()))).entry(target.id());
    }

    private Uni<ModelList> everyModel(Call call) {
        List<Uni<ModelList>> lists = new ArrayList<>();
        for (Upstream upstream : upstreams.all()) {
            Uni<ModelList> models = relay(upstream, "/models", call).chain(UpstreamRelay::read);
            // Of several, one that is down hides only its own models.
            lists.add(upstreams.all().size() == 1 ? models : models.onFailure().recoverWithItem(NO_MODELS));
        }
        return Uni.join().all(lists).andFailFast().map(all -> {
            ModelList merged = NO_MODELS;
            for (ModelList models : all) {
                merged = merged.plus(models);
            }
            ModelList known = merged;
            return merged.plus(ModelList.of(catalog.ownNames())).withContext(id -> context(known, id));
        });
    }

    /** What is configured for a name, or what the server says of the model that it means. */
    private OptionalLong context(ModelList known, String name) {
        OptionalLong configured = catalog.contextLength(name);
        List<String> tiers = catalog.tiers(name);
        if (configured.isEmpty() && !tiers.isEmpty()) {
            // Each of the two must be able to read it.
            List<OptionalLong> both =
                    tiers.stream().map(tier -> context(known, tier)).toList();
            return both.stream().allMatch(OptionalLong::isPresent)
                    ? both.stream().mapToLong(OptionalLong::getAsLong).min()
                    : OptionalLong.empty();
        }
        return configured.isPresent()
                ? configured
                : catalog.find(name).map(target -> known.context(target.id())).orElse(OptionalLong.empty());
    }

    private Uni<ChatReply> relay(Upstream upstream, String path, Call call) {
        Operation operation = call.operation() == Operation.MODEL ? Operation.MODELS : call.operation();
        return relay(
                upstream,
                AnswerShape.of(operation),
                HttpMethod.valueOf(operation.method()),
                path,
                call.headers(),
                NO_BODY,
                "",
                call.requestId(),
                call.timeline());
    }

    /**
     * Relays a call that no stage looks into.
     *
     * @param shape what a good answer is
     * @param path below {@code /v1}, query included
     * @param body its bytes, empty for none
     * @param model the model it names, empty if none
     */
    Uni<ChatReply> relay(
            Upstream upstream,
            AnswerShape shape,
            HttpMethod method,
            String path,
            MultiMap headers,
            Buffer body,
            String model,
            String requestId,
            Timeline timeline) {
        return dispatcher.dispatch(
                upstream,
                new UpstreamCall(
                        method,
                        "/v1" + path,
                        UpstreamClient.headers(upstream, headers, requestId),
                        body,
                        model,
                        false,
                        false,
                        false,
                        timeline,
                        Repairs.handedOn(shape)));
    }

    private static Uni<ModelList> read(ChatReply reply) {
        return reply.whole().map(body -> {
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

    /** A call about a stored response, whose upstream its id does not tell: each is asked until one knows it. */
    private Uni<ChatReply> stored(Call call) {
        Payload.None named = named(call);
        // Built anew of what was read and checked: nothing of the client's text for a path goes on.
        String path = call.operation().path().replace(Operation.ID, segment(named.id()))
                + (named.query().isEmpty() ? "" : "?" + named.query());
        Uni<ChatReply> reply = null;
        for (Upstream upstream : upstreams.all()) {
            Uni<ChatReply> next = relay(upstream, path, call);
            reply = reply == null
                    ? next
                    : reply.onItemOrFailure()
                            .transformToUni((before, failure) -> failure != null
                                    ? knownOr(failure, next)
                                    : before.status() == 404
                                            ? before.whole().chain(() -> next)
                                            : Uni.createFrom().item(before));
        }
        return reply == null ? Uni.createFrom().nothing() : reply;
    }

    /** One that is down may be the one that knows it: that another doesn't says nothing. */
    private static Uni<ChatReply> knownOr(Throwable failure, Uni<ChatReply> next) {
        return next.chain(reply -> reply.status() == 404
                ? reply.whole().chain(() -> Uni.createFrom().failure(failure))
                : Uni.createFrom().item(reply));
    }

    private static String segment(String id) {
        StringBuilder escaped = new StringBuilder(id.length());
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 128 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                escaped.append(c);
            } else {
                escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return escaped.toString();
    }

    private ChatReply json(Buffer body) {
        return ChatReply.json(body, Served.direct("", upstreams.fallback().name(), Timeline.NONE));
    }
}
