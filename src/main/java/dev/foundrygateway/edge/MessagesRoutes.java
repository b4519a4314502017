package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.AnthropicModels;
import dev.foundrygateway.edge.protocol.MessagesProtocol;
import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.exchange.Worker;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.retrieval.RequestFiles;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Messages' calls: each is a chat in other words, and goes its way. */
@Singleton
public class MessagesRoutes {
    /** What Anthropic's SDKs read an answer's id from. */
    private static final String REQUEST_ID = "request-id";

    private final ChatService pipeline;
    private final NanoClock clock;
    private final BodyReader bodies;
    private final MessagesProtocol messages;
    private final Map<String, String> models;
    private final ModelNames names;
    private final RequestFiles files;
    private final Worker worker;
    private final long keepAliveMillis;

    MessagesRoutes(
            GatewayPipeline pipeline,
            NanoClock clock,
            SseConfig sse,
            BodyReader bodies,
            MessagesConfig config,
            ModelNames names,
            RequestFiles files,
            Vertx vertx) {
        this.names = names;
        this.files = files;
        this.worker = Worker.of(vertx);
        this.pipeline = pipeline.service();
        this.clock = clock;
        this.bodies = bodies;
        this.models = config.models();
        this.messages = new MessagesProtocol(models);
        this.keepAliveMillis = Math.max(1, sse.keepAlive().toMillis());
    }

    void create(RoutingContext routing, long limit) {
        bodies.answer(routing, limit, clock, (writer, body) -> {
            routing.response().putHeader(REQUEST_ID, writer.requestId());
            boolean streaming = CallRoutes.parsed(body.bytes()).streaming();
            Caller caller = Callers.of(routing, writer);
            writer.write(
                    () -> read(body.bytes(), caller, files -> messages.read(body.bytes(), files))
                            .chain(translation -> {
                                ChatRequest chat = translation.request();
                                Names.model(chat.model());
                                Call call = Call.of(
                                        Operation.CHAT,
                                        chat,
                                        CallRoutes.headers(routing.request(), body),
                                        writer.arrived(),
                                        caller);
                                return pipeline.send(call)
                                        .map(reply -> translation.reply(reply, writer.requestId()))
                                        .onFailure(GatewayException.class)
                                        .transform(translation::failure);
                            }),
                    streaming ? keepAliveMillis : 0);
        });
    }

    void countTokens(RoutingContext routing, long limit) {
        bodies.answer(
                routing,
                limit,
                clock,
                (writer, body) -> writer.writeJson(() -> read(
                        body.bytes(),
                        Callers.of(routing, writer),
                        files -> messages.countTokens(body.bytes(), files))));
    }

    /**
     * The chat that a body is in Messages' words; empty if it is one as it stands.
     *
     * @param told whether its head says that it speaks Messages
     */
    Uni<Optional<ChatRequest>> chat(Buffer body, Caller caller, boolean told) {
        return worker.reading(body.length(), () -> told || MessagesProtocol.isIn(body))
                .chain(ours -> ours
                        ? read(body, caller, files -> Optional.of(messages.chat(body, files)))
                        : Uni.createFrom().item(Optional.empty()));
    }

    /** Reads a body: on a worker if it is long or has files. */
    private <T> Uni<T> read(Buffer body, Caller caller, Function<AttachedFiles, T> reader) {
        RequestFiles.Reading reading = files.of(caller);
        Uni<T> read = RequestFiles.mayBeIn(body)
                ? worker.run(() -> reader.apply(reading))
                : worker.reading(0, () -> reader.apply(reading));
        return read.onCancellation().invoke(reading::cancel);
    }

    /** The list of models, for a client whose header says that it speaks Messages. */
    void models(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        Caller caller = Callers.of(routing, "");
        Map<String, String> seen = new HashMap<>(models);
        seen.values().removeIf(ours -> !names.mayAsk(caller, ours));
        AnthropicModels shape = new AnthropicModels(
                seen,
                Names.parameter(request, "limit"),
                Names.parameter(request, "after_id"),
                Names.parameter(request, "before_id"));
        read(routing, Operation.MODELS, "", shape);
    }

    /** One model; {@code name} is checked. */
    void model(RoutingContext routing, String name) {
        String ours = models.getOrDefault(name, name);
        read(routing, Operation.MODEL, ours, AnthropicModels.one(name));
    }

    private void read(RoutingContext routing, Operation operation, String named, AnthropicModels shape) {
        ReplyWriter writer = new ReplyWriter(routing, clock);
        routing.request().resume();
        Call call = Call.of(
                operation,
                new Payload.None(named, ""),
                routing.request().headers(),
                writer.arrived(),
                Callers.of(routing, writer));
        writer.write(() -> pipeline.send(call).map(reply -> shape.reply(reply, writer.requestId())), 0);
    }
}
