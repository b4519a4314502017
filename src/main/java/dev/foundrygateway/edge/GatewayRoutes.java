package dev.foundrygateway.edge;

import dev.foundrygateway.access.AccessConfig;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.MultipartForm;
import dev.foundrygateway.upstream.UpstreamRelay;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Puts {@code /v1/**} on the router: an allow-list, nothing else is ever forwarded. Foundry Local has calls with effects beside these, such as
 * {@code POST /shutdown}, and asks nobody for a key.
 */
@ApplicationScoped
public class GatewayRoutes {
    /** Before Quarkus' own routes, so that a chat passes none of them. */
    static final int ORDER = -1_000;

    private final ChatService pipeline;
    private final UpstreamRelay relay;
    private final NanoClock clock;
    private final long keepAliveMillis;
    private final long bodyLimit;

    GatewayRoutes(GatewayPipeline pipeline, UpstreamRelay relay, NanoClock clock, SseConfig sse, AccessConfig access) {
        this.pipeline = pipeline.service();
        this.relay = relay;
        this.clock = clock;
        this.keepAliveMillis = Math.max(1, sse.keepAlive().toMillis());
        this.bodyLimit = access.bodyLimit().asLongValue();
    }

    void routes(@Observes Router router) {
        for (Operation operation : Operation.values()) {
            if (operation.asksModel()) {
                router.post("/v1" + operation.path())
                        .order(ORDER)
                        .handler(routing -> withBody(
                                routing, (writer, arrived, body) -> call(routing, writer, arrived, operation, body)));
            }
        }
        read(
                router,
                "/v1/models",
                (routing, id, arrived) -> relay.models(routing.request().headers(), id, Timeline.arrivedAt(arrived)));
        read(
                router,
                "/v1/models/:model",
                (routing, id, arrived) -> relay.model(
                        routing.pathParam("model"), routing.request().headers(), id, Timeline.arrivedAt(arrived)));
        read(router, "/v1/responses", this::stored);
        read(router, "/v1/responses/:response", this::stored);
        read(router, "/v1/responses/:response/input_items", this::stored);
        router.delete("/v1/responses/:response").order(ORDER).handler(routing -> reply(routing, this::stored));
        router.post("/v1/responses/:response/cancel").order(ORDER).handler(routing -> reply(routing, this::stored));
        // Two known clients append /v1 to an endpoint that ends in it already.
        router.route("/v1/v1/*")
                .order(ORDER)
                .handler(routing -> routing.reroute(routing.request().uri().substring(3)));
    }

    /** A reply that needs no request body. */
    private interface Reading {
        Uni<ChatReply> reply(RoutingContext routing, String requestId, long arrivedNanos);
    }

    private interface WithBody {
        void accept(ReplyWriter writer, long arrivedNanos, Buffer body);
    }

    private void read(Router router, String path, Reading reading) {
        router.get(path).order(ORDER).handler(routing -> reply(routing, reading));
        router.head(path).order(ORDER).handler(routing -> reply(routing, reading));
    }

    private void reply(RoutingContext routing, Reading reading) {
        long arrived = clock.nanos();
        String id = RequestIds.take(routing.request().getHeader("x-request-id"));
        routing.request().resume();
        new ReplyWriter(routing, id, clock, arrived).write(reading.reply(routing, id, arrived), 0);
    }

    private Uni<ChatReply> stored(RoutingContext routing, String id, long arrived) {
        HttpServerRequest request = routing.request();
        HttpMethod method = request.method().equals(HttpMethod.HEAD) ? HttpMethod.GET : request.method();
        return relay.stored(
                method, request.uri().substring("/v1".length()), request.headers(), id, Timeline.arrivedAt(arrived));
    }

    private void withBody(RoutingContext routing, WithBody then) {
        long arrived = clock.nanos();
        HttpServerRequest request = routing.request();
        String id = RequestIds.take(request.getHeader("x-request-id"));
        ReplyWriter writer = new ReplyWriter(routing, id, clock, arrived);
        BodyReader.read(
                routing.vertx(),
                request,
                bodyLimit,
                body -> {
                    try {
                        then.accept(writer, arrived, body);
                    } catch (GatewayException refused) {
                        writer.failed(refused);
                    }
                },
                tooLarge -> {
                    // What the client goes on sending is not read: the connection ends with the answer.
                    routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
                    writer.failed(tooLarge);
                });
    }

    private void call(RoutingContext routing, ReplyWriter writer, long arrived, Operation operation, Buffer body) {
        HttpServerRequest request = routing.request();
        String id = routing.response().headers().get("x-request-id");
        String type = String.valueOf(request.getHeader(HttpHeaders.CONTENT_TYPE));
        if (operation == Operation.TRANSCRIPTION && type.startsWith("multipart/")) {
            String model = MultipartForm.field(type, body, "model").orElse("");
            writer.write(relay.opaque(operation, body, model, request.headers(), id, Timeline.arrivedAt(arrived)), 0);
            return;
        }
        ChatRequest parsed;
        try {
            parsed = ChatRequest.parse(body);
        } catch (IllegalArgumentException invalid) {
            throw new GatewayException(
                    ErrorCode.INVALID_JSON, "the request body is no JSON object: " + invalid.getMessage());
        }
        Call call = Call.of(operation, parsed, request.headers(), Timeline.arrivedAt(arrived), Callers.of(routing, id));
        writer.write(pipeline.send(call), parsed.streaming() ? keepAliveMillis : 0);
    }
}
