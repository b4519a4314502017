package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.StoredConversation;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Worker;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.responses.ResponseIds;
import dev.foundrygateway.responses.ResponseStore;
import dev.foundrygateway.retrieval.store.Authority;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Conversations: what responses add to and go on from. They are kept like responses, and belong to the API key that has begun them. */
@Singleton
public class ConversationRoutes {
    private final BodyReader bodies;
    private final NanoClock clock;
    private final ResponseStore store;
    private final Worker worker;

    ConversationRoutes(BodyReader bodies, NanoClock clock, ResponseStore store, Vertx vertx) {
        this.worker = Worker.of(vertx);
        this.bodies = bodies;
        this.clock = clock;
        this.store = store;
    }

    void create(RoutingContext routing) {
        withBody(routing, (body, caller) -> {
            if (!store.keeps()) {
                throw new GatewayException(
                        ErrorCode.UNSUPPORTED,
                        "no conversation is kept here, since gateway.responses.max-count is 0; send the items themselves",
                        "conversation");
            }
            return worker.reading(body.length(), () -> {
                StoredConversation begun = StoredConversation.begin(body, store.newId());
                Buffer record = begun.record();
                StoredConversation.checkGrowth(0, record.length());
                store.check(caller, record);
                store.keep(begun.id(), caller, record);
                return begun.conversation();
            });
        });
    }

    void read(RoutingContext routing) {
        reading(routing, StoredConversation::conversation);
    }

    void items(RoutingContext routing) {
        reading(
                routing,
                one -> one.items(
                        Names.parameter(routing.request(), "limit"),
                        Names.parameter(routing.request(), "order"),
                        Names.parameter(routing.request(), "after")));
    }

    void item(RoutingContext routing) {
        String item = String.valueOf(routing.pathParam("item"));
        reading(routing, one -> one.item(item));
    }

    void update(RoutingContext routing) {
        withBody(
                routing,
                (body, caller) -> change(routing, caller, one -> one.updated(body), StoredConversation::conversation));
    }

    void add(RoutingContext routing) {
        withBody(routing, (body, caller) -> {
            return worker.reading(body.length(), () -> StoredConversation.added(body, store.newId()))
                    .chain(items ->
                            change(routing, caller, one -> one.with(items), done -> StoredConversation.page(items)));
        });
    }

    void deleteItem(RoutingContext routing) {
        String item = String.valueOf(routing.pathParam("item"));
        withoutBody(
                routing, caller -> change(routing, caller, one -> one.without(item), StoredConversation::conversation));
    }

    void delete(RoutingContext routing) {
        withoutBody(routing, caller -> {
            String id = id(routing);
            return store.delete(id, caller).map(gone -> {
                if (!gone) {
                    throw unknown(id);
                }
                return StoredConversation.deleted(id);
            });
        });
    }

    private void reading(RoutingContext routing, Function<StoredConversation, Buffer> answer) {
        withoutBody(routing, caller -> {
            String id = id(routing);
            return store.find(id, caller, record -> answer.apply(StoredConversation.read(record)))
                    .map(found -> found.orElseThrow(() -> unknown(id)));
        });
    }

    /** Changes a conversation, and makes the answer of what it has become, in the same place. */
    private Uni<Buffer> change(
            RoutingContext routing,
            Caller caller,
            UnaryOperator<StoredConversation> change,
            Function<StoredConversation, Buffer> answer) {
        String id = id(routing);
        AtomicReference<Buffer> told = new AtomicReference<>(Buffer.buffer());
        return store.change(id, caller, record -> {
                    StoredConversation next = change.apply(StoredConversation.read(record));
                    Buffer changed = next.record();
                    StoredConversation.checkGrowth(record.length(), changed.length() - record.length());
                    told.set(answer.apply(next));
                    return changed;
                })
                .map(changed -> changed.map(done -> told.get()).orElseThrow(() -> unknown(id)));
    }

    private void withBody(RoutingContext routing, BiFunction<Buffer, Caller, Uni<Buffer>> answer) {
        bodies.answer(routing, bodies.limit(), clock, (writer, body) -> {
            Caller caller = Callers.of(routing, writer);
            writer.writeJson(() -> {
                Authority.check(caller);
                return answer.apply(body.bytes(), caller);
            });
        });
    }

    private void withoutBody(RoutingContext routing, Function<Caller, Uni<Buffer>> answer) {
        ReplyWriter writer = new ReplyWriter(routing, clock);
        routing.request().resume();
        Caller caller = Callers.of(routing, writer);
        writer.writeJson(() -> {
            Authority.check(caller);
            return answer.apply(caller);
        });
    }

    /** Of an id that is none of ours there is nothing, whatever file has its name. */
    private static String id(RoutingContext routing) {
        String id = String.valueOf(routing.pathParam("id"));
        if (!ResponseIds.conversation(id)) {
            throw unknown(id);
        }
        return id;
    }

    private static GatewayException unknown(String id) {
        return new GatewayException(
                ErrorCode.NOT_FOUND, "there is no conversation " + id + "; it may have expired", "conversation_id");
    }
}
