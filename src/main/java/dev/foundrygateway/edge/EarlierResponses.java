package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.Earlier;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.responses.ResponseStore;
import dev.foundrygateway.retrieval.store.Authority;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What is kept of the responses and conversations that a request builds on. */
@Singleton
class EarlierResponses {
    /** How much of stored responses one request may bring into memory, in bytes. */
    private static final long MOST = 64L << 20;

    private final ResponseStore store;

    EarlierResponses(ResponseStore store) {
        this.store = store;
    }

    /**
     * Reads them; what isn't there, or is another caller's, is left out.
     *
     * @param references ids of responses and conversations of ours
     */
    Uni<Earlier> of(Set<String> references, Caller caller) {
        Uni<Map<String, Buffer>> all = Uni.createFrom().item(new HashMap<>());
        for (String id : references) {
            Authority.check(caller);
            all = all.chain(known -> store.find(id, caller).map(found -> {
                found.ifPresent(record -> known.put(id, record));
                if (new Earlier(known).bytes() > MOST) {
                    throw new GatewayException(
                            ErrorCode.INVALID_REQUEST,
                            "what is stored of the responses or the conversation that are named is larger than " + MOST
                                    + " bytes; send the items themselves",
                            "input");
                }
                return known;
            }));
        }
        return all.map(Earlier::new);
    }
}
