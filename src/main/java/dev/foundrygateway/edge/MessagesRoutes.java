package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.AnthropicModels;
import dev.foundrygateway.edge.protocol.MessagesProtocol;
import dev.foundrygateway.edge.protocol.Translation;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ChatRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Map;

/** Messages' calls: each is a chat in other words, and goes its way. */
@Singleton
public class MessagesRoutes {
    private final ChatService pipeline;
    private final NanoClock clock;
    private final BodyReader bodies;
    private final MessagesProtocol messages;
    private final Map<String, String> models;
    private final long keepAliveMillis;

    MessagesRoutes(GatewayPipeline pipeline, NanoClock clock, SseConfig sse, BodyReader bodies, MessagesConfig config) {
        this.pipeline = pipeline.service();
        this.clock = clock;
        this.bodies = bodies;
        this.models = config.models();
        this.messages = new MessagesProtocol(models);
        this.keepAliveMillis = Math.max(1, sse.keepAlive().toMillis());
    }

    void create(RoutingContext routing, long limit) {
        long arrived = clock.nanos();
        HttpServerRequest request = routing.request();
        String id = RequestIds.take(request.getHeader("x-request-id"));
        ReplyWriter writer = new ReplyWriter(routing, id, clock, arrived);
        bodies.read(
                routing,
                limit,
                body -> {
                    writer.holds(body.lease());
                    Translation translation = messages.read(body.bytes());
                    ChatRequest chat = translation.request();
                    ModelName.checked(chat.model());
                    Call call = Call.of(
                            Operation.CHAT,
                            chat,
                            request.headers(),
                            Timeline.arrivedAt(arrived),
                            Callers.of(routing, id));
                    writer.write(
                            () -> pipeline.send(call).map(reply -> translation.reply(reply, id)),
                            call.streaming() ? keepAliveMillis : 0);
                },
                writer::failed);
    }

    void countTokens(RoutingContext routing, long limit) {
        ReplyWriter writer = new ReplyWriter(
                routing, RequestIds.take(routing.request().getHeader("x-request-id")), clock, clock.nanos());
        bodies.read(
                routing,
                limit,
                body -> {
                    writer.holds(body.lease());
                    writer.write(messages.countTokens(body.bytes()));
                },
                writer::failed);
    }

    /** The list of models, for a client whose header says that it speaks Messages. */
    void models(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        AnthropicModels shape = new AnthropicModels(
                models, query(request, "limit"), query(request, "after_id"), query(request, "before_id"));
        read(routing, Operation.MODELS, "", shape);
    }

    /** One model; {@code name} is checked. */
    void model(RoutingContext routing, String name) {
        String ours = models.getOrDefault(name, name);
        read(routing, Operation.MODEL, ours, AnthropicModels.one(name));
    }

    private void read(RoutingContext routing, Operation operation, String named, AnthropicModels shape) {
        String id = RequestIds.take(routing.request().getHeader("x-request-id"));
        ReplyWriter writer = new ReplyWriter(routing, id, clock, clock.nanos());
        routing.request().resume();
        Call call = Call.of(
                operation,
                new Payload.None(named, ""),
                routing.request().headers(),
                Timeline.arrivedAt(clock.nanos()),
                Callers.of(routing, id));
        writer.write(() -> pipeline.send(call).map(reply -> shape.reply(reply, id)), 0);
    }

    private static String query(HttpServerRequest request, String name) {
        String value = request.getParam(name);
        return value == null ? "" : value;
    }
}
