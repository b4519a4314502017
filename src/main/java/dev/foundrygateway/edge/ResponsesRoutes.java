package dev.foundrygateway.edge;

import dev.foundrygateway.access.ResponseOwners;
import dev.foundrygateway.edge.protocol.Compaction;
import dev.foundrygateway.edge.protocol.ResponseDemand;
import dev.foundrygateway.edge.protocol.ShorterChat;
import dev.foundrygateway.edge.protocol.StoredResponse;
import dev.foundrygateway.edge.protocol.Translation;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.SchemaRules.Support;
import dev.foundrygateway.exchange.VirtualModels;
import dev.foundrygateway.exchange.Worker;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.FileSearchTool;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.responses.ResponseIds;
import dev.foundrygateway.responses.ResponseStore;
import dev.foundrygateway.retrieval.RequestFiles;
import dev.foundrygateway.retrieval.RetrievalWishes;
import dev.foundrygateway.retrieval.store.Authority;
import dev.foundrygateway.routing.Catalogue;
import dev.foundrygateway.upstream.ModelCatalog;
import dev.foundrygateway.upstream.ModelSchemas;
import dev.foundrygateway.upstream.Upstream;
import dev.foundrygateway.upstream.Upstreams;
import dev.foundrygateway.upstream.UpstreamsConfig.Responses;
import dev.foundrygateway.upstream.repair.AnswerShape;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Responses: to a model server that speaks them byte for byte, unless a stage is wanted, and else as a chat in other words. What was translated is kept here;
 * ids of a server's own go to it.
 */
@Singleton
public class ResponsesRoutes {
    /** How often a conversation is made shorter for a model. */
    private static final int MOST_SHORTENED = 8;

    private final CallRoutes calls;
    private final ChatService pipeline;
    private final NanoClock clock;
    private final BodyReader bodies;
    private final RetrievalWishes wishes;
    private final Catalogue catalogue;
    private final VirtualModels virtual;
    private final ModelCatalog catalog;
    private final Upstreams upstreams;
    private final ModelSchemas schemas;
    private final ResponseStore store;
    private final RequestFiles files;
    private final ResponseReading reading;
    private final Worker worker;
    private final long keepAliveMillis;

    ResponsesRoutes(
            CallRoutes calls,
            GatewayPipeline pipeline,
            NanoClock clock,
            SseConfig sse,
            BodyReader bodies,
            RetrievalWishes wishes,
            Catalogue catalogue,
            VirtualModels virtual,
            ModelCatalog catalog,
            Upstreams upstreams,
            ModelSchemas schemas,
            ResponseStore store,
            RequestFiles files,
            ResponseReading reading,
            Vertx vertx) {
        this.calls = calls;
        this.pipeline = pipeline.service();
        this.clock = clock;
        this.bodies = bodies;
        this.wishes = wishes;
        this.catalogue = catalogue;
        this.virtual = virtual;
        this.catalog = catalog;
        this.upstreams = upstreams;
        this.schemas = schemas;
        this.store = store;
        this.files = files;
        this.worker = Worker.of(vertx);
        this.reading = reading;
        this.keepAliveMillis = Math.max(1, sse.keepAlive().toMillis());
    }

    /** The handler of an operation's route. */
    Handler<RoutingContext> of(Operation operation, long bodyLimit) {
        return operation == Operation.RESPONSES
                ? routing -> create(routing, bodyLimit)
                : routing -> stored(routing, operation);
    }

    private void create(RoutingContext routing, long limit) {
        bodies.answer(routing, limit, clock, (writer, body) -> {
            Call came = CallRoutes.call(routing, Operation.RESPONSES, body, writer);
            // Nothing is searched where the client says so, and then nobody needs the tool.
            Call call = came.options().rag().equals("off") && FileSearchTool.isIn(came.request())
                    ? came.with(FileSearchTool.removeFrom(came.request()))
                    : came;
            writer.write(
                    () -> worker.reading(call.request().bytes().length(), () -> wanted(call))
                            .chain(wanted -> translates(call, wanted)
                                    ? translated(call, wanted.references())
                                    : namesFile(call)
                                            .chain(ours ->
                                                    ours ? translated(call, wanted.references()) : relayed(call))),
                    call.streaming() ? keepAliveMillis : 0);
        });
    }

    /** What is kept here and a request builds on; whether its server's own Responses don't do for it, and a chat does; whether it has a summary of ours in it. */
    private record Wanted(Set<String> references, boolean chat, boolean compacted) {}

    private Wanted wanted(Call call) {
        boolean chat = setting(call) == Responses.AUTO
                && !call.model().isEmpty()
                && (schemas.isLlamaCpp(call.model()) || keepsForm(call))
                && reading.isChat(call);
        return new Wanted(ResponseReading.references(call.request()), chat, Compaction.isIn(call.request()));
    }

    /** Whether its answer has to keep a form that its server is not known to see to. */
    private boolean keepsForm(Call call) {
        return ResponseDemand.isIn(call.request())
                && schemas.of(call.model()).support() != Support.RELAY
                && !schemas.isOpenAi(call.model());
    }

    private boolean translates(Call call, Wanted wanted) {
        // A rule chooses by the chat that it would be, and may choose who has no responses.
        if (catalogue.chooses(call.model()) || !virtual.nameOf(call.model()).isEmpty() || wishes.concern(call)) {
            return true;
        }
        Responses setting = setting(call);
        return setting == Responses.CHAT
                || !wanted.references().isEmpty()
                || wanted.compacted()
                || wanted.chat()
                || (setting == Responses.AUTO && call.options().report());
    }

    private Responses setting(Call call) {
        return catalog.find(call.model())
                .map(ModelCatalog.Target::upstream)
                .orElseGet(upstreams::fallback)
                .responses();
    }

    /** Whether it names a file that is kept here and that no model server can read. */
    private Uni<Boolean> namesFile(Call call) {
        return RequestFiles.mayBeIn(call.request().bytes())
                ? worker.run(() -> files.areNamedIn(call.request(), call.caller()))
                : Uni.createFrom().item(false);
    }

    /** A server that turns out to have no Responses is asked for a chat, this time and from now on. */
    private Uni<ChatReply> relayed(Call call) {
        return pipeline.send(call).chain(reply -> {
            boolean missing = reply.status() == 404 || reply.status() == 405 || reply.status() == 501;
            Optional<Upstream> from = missing && !reply.stream()
                    ? upstreams.all().stream()
                            .filter(one -> one.name().equals(reply.served().upstream()))
                            .filter(one -> one.responses() == Responses.AUTO)
                            .findFirst()
                    : Optional.empty();
            if (from.isEmpty()) {
                return Uni.createFrom().item(reply);
            }
            return reply.whole().chain(body -> {
                String told = body.toString().toLowerCase(Locale.ROOT);
                // Of the model, or of a member of this request: then the route is there.
                if (told.contains("model")
                        || told.contains("previous_response")
                        || !UpstreamError.read(body).body().param().isEmpty()) {
                    return Uni.createFrom()
                            .item(reply.withBody(Multi.createFrom().item(Frame.plain(body))));
                }
                from.get().lacksResponses();
                return translated(call, Set.of());
            });
        });
    }

    private Uni<ChatReply> translated(Call call, Set<String> references) {
        return reading.read(call, references)
                .chain(translation -> answered(
                        translation,
                        call,
                        call.request().member("truncation").orElse("").equals("\"auto\"")));
    }

    /**
     * The chat's answer in the words of Responses.
     *
     * @param shortens whether a conversation that is too long for the model is made shorter
     */
    Uni<ChatReply> answered(Translation translation, Call call, boolean shortens) {
        Names.model(translation.request().model());
        Uni<ChatReply> sent = send(translation.request(), call, shortens ? MOST_SHORTENED : 0);
        Uni<ChatReply> answered =
                FileSearchTool.isIn(call.request()) ? sent.chain(ResponsesRoutes::refusedWithoutChats) : sent;
        return answered.map(reply -> translation.reply(reply, call.requestId()))
                .onFailure(GatewayException.class)
                .transform(translation::failure);
    }

    /** A conversation that is too long for the model is asked again without its older half, as often as that. */
    private Uni<ChatReply> send(ChatRequest request, Call call, int times) {
        Uni<ChatReply> sent =
                pipeline.send(Call.of(Operation.CHAT, request, call.headers(), call.timeline(), call.caller()));
        return times == 0
                ? sent
                : sent.chain(reply -> {
                    if (reply.status() != ErrorCode.CONTEXT_LENGTH_EXCEEDED.status() || reply.stream()) {
                        return Uni.createFrom().item(reply);
                    }
                    return reply.whole().chain(body -> {
                        boolean tooLong =
                                UpstreamError.read(body).body().code().equals(ErrorCode.CONTEXT_LENGTH_EXCEEDED.code());
                        return (tooLong ? ShorterChat.of(request) : Optional.<ChatRequest>empty())
                                .map(shorter -> send(shorter, call, times - 1))
                                .orElseGet(() -> Uni.createFrom()
                                        .item(reply.withBody(Multi.createFrom().item(Frame.plain(body)))));
                    });
                });
    }

    /** A server that answers chats with something else has Responses alone, whose searches nobody here can answer. */
    private static Uni<ChatReply> refusedWithoutChats(ChatReply reply) {
        if (reply.status() != ErrorCode.UPSTREAM_ERROR.status() || reply.stream()) {
            return Uni.createFrom().item(reply);
        }
        return reply.whole().map(body -> {
            String told = UpstreamError.read(body).body().message();
            if (told.contains(AnswerShape.NO_CHAT)) {
                throw new GatewayException(
                        ErrorCode.UNSUPPORTED,
                        "the tool file_search is answered by way of a chat, which this model's server does not speak: "
                                + told,
                        "tools");
            }
            return reply.withBody(Multi.createFrom().item(Frame.plain(body)));
        });
    }

    private void stored(RoutingContext routing, Operation operation) {
        String id = String.valueOf(routing.pathParam("id"));
        if (operation == Operation.RESPONSE_LIST || !ResponseIds.ours(id)) {
            calls.of(operation, 0).handle(routing);
            return;
        }
        ReplyWriter writer = new ReplyWriter(routing, clock);
        HttpServerRequest request = routing.request();
        request.resume();
        Caller caller = Callers.of(routing, writer);
        writer.writeJson(() -> {
            Authority.check(caller);
            return switch (operation) {
                case RESPONSE_DELETE ->
                    store.delete(id, caller).map(gone -> {
                        if (!gone) {
                            throw ResponseOwners.unknown(id);
                        }
                        return StoredResponse.deleted(id);
                    });
                case RESPONSE_CANCEL ->
                    read(id, caller, record -> {
                        throw new GatewayException(
                                ErrorCode.INVALID_REQUEST,
                                "the response " + id
                                        + " was not made in the background, so that there is nothing to cancel",
                                "response_id");
                    });
                case RESPONSE_INPUT_ITEMS ->
                    read(
                            id,
                            caller,
                            record -> record.inputItems(
                                    Names.parameter(request, "limit"),
                                    Names.parameter(request, "order"),
                                    Names.parameter(request, "after")));
                default -> {
                    if (Names.parameter(request, "stream").equals("true")) {
                        throw new GatewayException(
                                ErrorCode.INVALID_REQUEST,
                                "stream must be false: a stored response is read whole",
                                "stream");
                    }
                    yield read(id, caller, StoredResponse::response);
                }
            };
        });
    }

    private Uni<Buffer> read(String id, Caller caller, Function<StoredResponse, Buffer> answer) {
        return store.find(
                        id,
                        caller,
                        record -> answer.apply(StoredResponse.read(record.toString(StandardCharsets.UTF_8))))
                .map(found -> found.orElseThrow(() -> ResponseOwners.unknown(id)));
    }
}
