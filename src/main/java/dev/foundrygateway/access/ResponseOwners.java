package dev.foundrygateway.access;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.ResponseId;
import dev.foundrygateway.openai.json.Json;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds a key to the responses that it has made at model servers, which don't tell keys apart. Which key made which is remembered here, for the latest ones of each and until the program ends. One
 * that isn't remembered is for the only key, or for one that operates: to all others it doesn't exist.
 */
@Singleton
public class ResponseOwners implements ChatFilter {
    private static final int MOST = 20_000;
    private static final String PREVIOUS = "previous_response_id";

    private final ApiKeys keys;
    private final int most;
    /** The keys' names by the responses' ids. Guarded by itself, and with it what follows. */
    private final Map<String, String> owners = new HashMap<>();
    /** The responses' ids by the keys' names, those used longest ago first. */
    private final Map<String, Set<String>> made = new HashMap<>();

    @Inject
    ResponseOwners(ApiKeys keys) {
        this(keys, MOST);
    }

    ResponseOwners(ApiKeys keys, int most) {
        this.keys = keys;
        this.most = most;
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        String key = call.caller().key();
        return switch (call.operation()) {
            case RESPONSES -> {
                if (keys.mayList(key)) {
                    // Who sees all is never asked for what is its own.
                    yield next.send(call);
                }
                boolean stored = !call.request().member("store").orElse("").equals("false");
                Optional<GatewayException> refused = refusal(call, key);
                yield refused.isPresent()
                        ? Uni.createFrom().failure(refused.get())
                        : next.send(call).map(reply -> stored ? remembering(reply, key) : reply);
            }
            case RESPONSE_READ, RESPONSE_DELETE, RESPONSE_CANCEL, RESPONSE_INPUT_ITEMS -> {
                String id = call.payload() instanceof Payload.None path ? path.id() : "";
                yield keys.mayList(key) || owns(key, id)
                        ? next.send(call)
                        : Uni.createFrom().failure(unknown(id));
            }
            default -> next.send(call);
        };
    }

    /** The error for a response that there is not, or that is another's. */
    public static GatewayException unknown(String id) {
        return new GatewayException(
                ErrorCode.NOT_FOUND, "there is no response " + id + "; it may have expired", "response_id");
    }

    private Optional<GatewayException> refusal(Call call, String key) {
        ChatRequest request = call.request();
        if (request.timesNamed(PREVIOUS) > (request.has(PREVIOUS) ? 1 : 0)) {
            return Optional.of(new GatewayException(
                    ErrorCode.INVALID_REQUEST, PREVIOUS + " must stand in the request once, in lower case", PREVIOUS));
        }
        String previous = Json.of(request.member(PREVIOUS).orElse("null")).text();
        return previous.isEmpty() || owns(key, previous)
                ? Optional.empty()
                : Optional.of(new GatewayException(
                        ErrorCode.INVALID_REQUEST,
                        PREVIOUS
                                + " names a response that is not stored here; send the whole conversation as input instead",
                        PREVIOUS));
    }

    private boolean owns(String key, String id) {
        synchronized (owners) {
            boolean own = key.equals(owners.get(id));
            if (own) {
                put(id, key);
            }
            return own;
        }
    }

    /** Looks for the id until it is there, before the client sees it. */
    private ChatReply remembering(ChatReply reply, String key) {
        if (reply.status() / 100 != 2) {
            return reply;
        }
        boolean[] found = new boolean[1];
        return reply.withBody(reply.body().invoke(frame -> {
            if (!found[0]) {
                ResponseId.in(frame).ifPresent(id -> {
                    found[0] = true;
                    remember(id, key);
                });
            }
        }));
    }

    private void remember(String id, String key) {
        synchronized (owners) {
            put(id, key);
            if (owners.size() > most) {
                // Of the key with the most, so that none can take another's few away.
                made.values().stream()
                        .max(Comparator.<Set<String>>comparingInt(Set::size).thenComparing(ids -> ids.contains(id)))
                        .ifPresent(ids -> forget(ids.iterator().next()));
            }
        }
    }

    private void put(String id, String key) {
        forget(id);
        owners.put(id, key);
        made.computeIfAbsent(key, ignored -> new LinkedHashSet<>()).add(id);
    }

    private void forget(String id) {
        Optional.ofNullable(owners.remove(id)).map(made::get).ifPresent(ids -> ids.remove(id));
    }
}
