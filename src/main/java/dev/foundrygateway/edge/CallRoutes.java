package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.ToolWords;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.exchange.Worker;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.MultipartForm;
import dev.foundrygateway.routing.Catalogue;
import dev.foundrygateway.upstream.ModelSchemas;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.URIDecoder;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.function.Predicate;

/** Makes a {@link Call} of a request and sends it through the pipeline: every operation takes this way. */
@Singleton
public class CallRoutes {
    /** The path parameter that names the model where Azure's clients do: {@code /openai/deployments/{deployment}/…}. */
    static final String DEPLOYMENT = "deployment";

    private static final String MODELS = "/models/";

    private final ChatService pipeline;
    private final NanoClock clock;
    private final BodyReader bodies;
    private final MessagesRoutes messages;
    private final ModelSchemas schemas;
    private final Catalogue catalogue;
    private final Worker worker;
    private final long keepAliveMillis;

    CallRoutes(
            GatewayPipeline pipeline,
            NanoClock clock,
            SseConfig sse,
            BodyReader bodies,
            MessagesRoutes messages,
            ModelSchemas schemas,
            Catalogue catalogue,
            Vertx vertx) {
        this.catalogue = catalogue;
        this.schemas = schemas;
        this.worker = Worker.of(vertx);
        this.pipeline = pipeline.service();
        this.clock = clock;
        this.bodies = bodies;
        this.messages = messages;
        this.keepAliveMillis = Math.max(1, sse.keepAlive().toMillis());
    }

    /** The handler of an operation's route. */
    Handler<RoutingContext> of(Operation operation, long bodyLimit) {
        return operation.asksModel()
                ? routing -> withBody(routing, operation, bodyLimit)
                : routing -> withoutBody(routing, operation);
    }

    private void withoutBody(RoutingContext routing, Operation operation) {
        if (operation == Operation.MODELS && Protocols.speaksMessages(routing.request())) {
            messages.models(routing);
            return;
        }
        if (operation == Operation.MODEL && Protocols.speaksMessages(routing.request())) {
            messages.model(routing, named(routing, operation));
            return;
        }
        ReplyWriter writer = new ReplyWriter(routing, clock);
        routing.request().resume();
        writer.write(
                () -> pipeline.send(Call.of(
                        operation,
                        new Payload.None(named(routing, operation), query(routing.request())),
                        routing.request().headers(),
                        writer.arrived(),
                        Callers.of(routing, writer))),
                0);
    }

    /** What the path names: checked, so that it can stand in another path. */
    private static String named(RoutingContext routing, Operation operation) {
        if (operation == Operation.MODEL) {
            // An id may have slashes, written plainly or escaped.
            String path = routing.normalizedPath();
            return Names.model(
                    URIDecoder.decodeURIComponent(path.substring(path.indexOf(MODELS) + MODELS.length()), false));
        }
        return operation.path().contains(Operation.ID)
                ? RequestPath.id(String.valueOf(routing.pathParam("id")), "response_id")
                : "";
    }

    private static String query(HttpServerRequest request) {
        String query = request.query();
        return query == null ? "" : RequestPath.query(query);
    }

    private void withBody(RoutingContext routing, Operation operation, long limit) {
        bodies.answer(routing, limit, clock, (writer, body) -> {
            Call call = call(routing, operation, body, writer);
            writer.write(() -> sent(call), call.streaming() ? keepAliveMillis : 0);
        });
    }

    /** A chat's custom tools and older functions are tools before a server that doesn't know them. */
    private Uni<ChatReply> sent(Call call) {
        if (call.operation() != Operation.CHAT
                || !ToolWords.concerns(call.request())
                || passes(call.model(), catalogue::chooses, schemas::isOpenAi)) {
            return pipeline.send(call);
        }
        return worker.reading(call.request().bytes().length(), () -> ToolWords.of(call.request()))
                .chain(chat -> pipeline.send(call.with(chat.request())).map(chat::reply));
    }

    /** Whether its words go as they are: not where a rule may choose another model, whose server isn't known yet. */
    static boolean passes(String model, Predicate<String> chooses, Predicate<String> takes) {
        return !chooses.test(model) && takes.test(model);
    }

    /** The call that a request with a body makes. */
    static Call call(RoutingContext routing, Operation operation, BodyReader.Body body, ReplyWriter writer) {
        HttpServerRequest request = routing.request();
        String deployment = routing.pathParam(DEPLOYMENT);
        String type = String.valueOf(request.getHeader(HttpHeaders.CONTENT_TYPE));
        if (operation == Operation.TRANSCRIPTION && MultipartForm.is(type)) {
            Payload form = form(type, body.bytes(), deployment == null ? "" : deployment);
            return Call.of(operation, form, request.headers(), writer.arrived(), Callers.of(routing, writer));
        }
        ChatRequest parsed = parsed(body.bytes());
        if (deployment != null) {
            // The path is what its client has chosen: what the body calls the model is Azure's business there.
            parsed = parsed.withModel(deployment);
        }
        Names.model(parsed.model());
        return Call.of(operation, parsed, headers(request, body), writer.arrived(), Callers.of(routing, writer));
    }

    /** The request's top level. */
    static ChatRequest parsed(Buffer body) {
        try {
            return ChatRequest.parse(body);
        } catch (IllegalArgumentException invalid) {
            throw new GatewayException(
                    ErrorCode.INVALID_JSON, "the request body is not a JSON object: " + invalid.getMessage());
        }
    }

    private static Payload form(String type, Buffer body, String deployment) {
        try {
            MultipartForm form = MultipartForm.parse(type, body, "model");
            MultipartForm named = form.value().isEmpty() && !deployment.isEmpty() ? form.with(deployment) : form;
            return new Payload.Form(type, named.bytes(), Names.model(named.value()), named.from(), named.to());
        } catch (IllegalArgumentException malformed) {
            throw new GatewayException(ErrorCode.INVALID_REQUEST, "the form cannot be read: " + malformed.getMessage());
        }
    }

    /** A body that is in another charset now must not be said to be in its former one. */
    static MultiMap headers(HttpServerRequest request, BodyReader.Body body) {
        return body.recoded()
                ? MultiMap.caseInsensitiveMultiMap()
                        .addAll(request.headers())
                        .set(HttpHeaders.CONTENT_TYPE, "application/json")
                : request.headers();
    }
}
