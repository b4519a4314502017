package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.Earlier;
import dev.foundrygateway.edge.protocol.ResponseKeeping;
import dev.foundrygateway.edge.protocol.ResponsesProtocol;
import dev.foundrygateway.edge.protocol.StoredConversation;
import dev.foundrygateway.edge.protocol.Translation;
import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Worker;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.responses.ResponseIds;
import dev.foundrygateway.responses.ResponseStore;
import dev.foundrygateway.retrieval.RequestFiles;
import dev.foundrygateway.retrieval.store.Authority;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Reads a request of Responses as the chat that it is, with what is kept here and its files. Thread-safe. */
@Singleton
public class ResponseReading {
    /** How much of stored responses one request may bring into memory, in bytes. */
    private static final long MOST_EARLIER = 64L << 20;

    private static final Logger LOG = Logger.getLogger(ResponseReading.class);

    private final ResponseStore store;
    private final RequestFiles files;
    private final ResponsesProtocol protocol;
    private final Worker worker;

    ResponseReading(ResponseStore store, RequestFiles files, Vertx vertx) {
        this.store = store;
        this.files = files;
        this.protocol = new ResponsesProtocol(store::seconds);
        this.worker = Worker.of(vertx);
    }

    /** Whether nothing is in it that a chat has no place for, as far as that is seen before its files are read. */
    boolean isChat(Call call) {
        try {
            return RequestFiles.mayBeIn(call.request().bytes())
                    || read(call, new Earlier(Map.of()), files.of(call.caller()))
                            .request()
                            .has("messages");
        } catch (GatewayException e) {
            return false;
        }
    }

    /** What is kept here and a request builds on; read out only where something may be named. */
    static Set<String> references(ChatRequest request) {
        return Stream.of("previous_response_id", "conversation", "input")
                        .anyMatch(name -> request.member(name)
                                .filter(text -> text.contains(ResponseIds.MARK))
                                .isPresent())
                ? ResponsesProtocol.references(request.bytes())
                : Set.of();
    }

    /**
     * Reads a request: on a worker if it is long or has files.
     *
     * @param references what is kept here and it builds on
     */
    Uni<Translation> read(Call call, Set<String> references) {
        return read(
                call.request().bytes(),
                call.caller(),
                references,
                (earlier, attached) -> read(call, earlier, attached));
    }

    /** Reads a request that may name what is kept here by another reader, in the same way. */
    <T> Uni<T> read(Buffer body, Caller caller, BiFunction<Earlier, AttachedFiles, T> reader) {
        return worker.reading(body.length(), () -> ResponsesProtocol.references(body))
                .chain(references -> read(body, caller, references, reader));
    }

    private <T> Uni<T> read(
            Buffer body, Caller caller, Set<String> references, BiFunction<Earlier, AttachedFiles, T> reader) {
        return earlier(references, caller).chain(earlier -> {
            RequestFiles.Reading reading = files.of(caller);
            boolean attached = RequestFiles.mayBeIn(body)
                    || earlier.records().values().stream().anyMatch(RequestFiles::mayBeIn);
            Uni<T> read = attached
                    ? worker.run(() -> reader.apply(earlier, reading))
                    : worker.reading(body.length() + earlier.bytes(), () -> reader.apply(earlier, reading));
            return read.onCancellation().invoke(reading::cancel);
        });
    }

    private Translation read(Call call, Earlier earlier, AttachedFiles attached) {
        Buffer body = call.request().bytes();
        Optional<Map.Entry<String, Buffer>> conversation = earlier.records().entrySet().stream()
                .filter(one -> ResponseIds.conversation(one.getKey()))
                .findFirst();
        // Its items are added to it with the answer, when nobody can be told any more.
        conversation.ifPresent(
                one -> StoredConversation.checkGrowth(one.getValue().length(), body.length()));
        String id = store.newId();
        boolean keeps = store.keeps() && call.caller().trust().opensStores();
        return protocol.read(
                body,
                earlier,
                attached,
                new ResponseKeeping(
                        id,
                        keeps ? Optional.of(record -> store.keep(id, call.caller(), record)) : Optional.empty(),
                        conversation.map(one -> items -> add(one.getKey(), items, call.caller()))));
    }

    /** Adds a response's items to its conversation, which may have changed since, or be gone. */
    private void add(String conversation, Buffer items, Caller caller) {
        store.change(
                        conversation,
                        caller,
                        now -> StoredConversation.read(now).with(items).record())
                .subscribe()
                .with(done -> {}, failure -> LOG.warnf("conversation %s misses a response: %s", conversation, failure));
    }

    /** What is stored under these ids, as far as there is something that the caller may see. */
    private Uni<Earlier> earlier(Set<String> references, Caller caller) {
        Uni<Map<String, Buffer>> all = Uni.createFrom().item(new HashMap<>());
        for (String id : references) {
            Authority.check(caller);
            all = all.chain(known -> store.find(id, caller).map(found -> {
                found.ifPresent(record -> known.put(id, record));
                if (new Earlier(known).bytes() > MOST_EARLIER) {
                    throw new GatewayException(
                            ErrorCode.INVALID_REQUEST,
                            "what is stored of the responses or the conversation that are named is larger than "
                                    + MOST_EARLIER + " bytes; send the items themselves",
                            "input");
                }
                return known;
            }));
        }
        return all.map(Earlier::new);
    }
}
