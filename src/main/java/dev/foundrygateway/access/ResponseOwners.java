package dev.foundrygateway.access;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.MadeIds;
import dev.foundrygateway.openai.NamedIds;
import dev.foundrygateway.openai.NamedIds.Named;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Holds a key to what it has made at model servers, which don't tell keys apart: responses, their items, containers. Which key made which is remembered here, for the latest ones of each and until
 * the program ends. What isn't remembered, or was not made by way of the gateway, such as files and conversations of a server's own, is for the only key, or for one that operates: to all others it
 * doesn't exist.
 */
@Singleton
public class ResponseOwners implements ChatFilter {
    private static final int MOST = 50_000;
    private static final String PREVIOUS = "previous_response_id";

    private final ApiKeys keys;
    private final int most;
    /** The keys' names by the ids of what they made. Guarded by itself, and with it what follows. */
    private final Map<String, String> owners = new HashMap<>();
    /** The ids by the keys' names, those used longest ago first. */
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
        if (keys.mayList(key)) {
            // Who sees all is never asked for what is its own.
            return next.send(call);
        }
        return switch (call.operation()) {
            case CHAT -> {
                Uni<ChatReply> admitted = admitted(NamedIds.ofChat(call.request()), call, next);
                yield speaks(call.request())
                        ? admitted.map(reply -> remembering(
                                reply, frame -> MadeIds.recordings(frame).forEach(id -> remember(id, key))))
                        : admitted;
            }
            case RESPONSES -> {
                boolean stored = !call.request().member("store").orElse("").equals("false");
                yield admitted(NamedIds.ofResponses(call.request()), call, next)
                        .map(reply -> remembering(reply, key, stored));
            }
            case RESPONSE_READ, RESPONSE_DELETE, RESPONSE_CANCEL, RESPONSE_INPUT_ITEMS -> {
                String id = call.payload() instanceof Payload.None path ? path.id() : "";
                yield owns(key, id)
                        ? next.send(call).map(reply -> remembering(reply, key, false))
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

    /** Whether the answer may be spoken, which the next turn names by its recording. */
    private static boolean speaks(ChatRequest chat) {
        return chat.has("audio") || chat.texts("modalities").contains("audio");
    }

    private Uni<ChatReply> admitted(List<Named> names, Call call, ChatService next) {
        String key = call.caller().key();
        return names.stream()
                .filter(name -> !owns(key, name.id()))
                .findFirst()
                .map(foreign -> Uni.createFrom().<ChatReply>failure(refusal(foreign, key)))
                .orElseGet(() -> next.send(call));
    }

    private static GatewayException refusal(Named name, String key) {
        String message =
                switch (name.what()) {
                    case PREVIOUS ->
                        PREVIOUS
                                + " names a response that is not stored here; send the whole conversation as input instead";
                    case "id" ->
                        name.param().startsWith("input")
                                ? name.param()
                                        + ".id names an item that is not stored here; send the whole item instead,"
                                        + " a reasoning item with the encrypted_content that"
                                        + " include:[\"reasoning.encrypted_content\"] asks for"
                                : theServers(name.param(), key);
                    default -> theServers(name.param() + ": " + name.what(), key);
                };
        return new GatewayException(ErrorCode.INVALID_REQUEST, message, name.param());
    }

    private static String theServers(String what, String key) {
        return what + " names something that the model server keeps and API key " + key
                + " has not made here; send the content itself. Only a key whose " + ApiKeysConfig.PREFIX + "." + key
                + ".areas names operate may use it";
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

    /** Looks for ids in all of the answer, each time before the client sees it. */
    private ChatReply remembering(ChatReply reply, String key, boolean response) {
        return remembering(reply, frame -> {
            MadeIds made = MadeIds.in(frame);
            made.response().filter(id -> response).ifPresent(id -> remember(id, key));
            made.parts().forEach(id -> remember(id, key));
        });
    }

    private static ChatReply remembering(ChatReply reply, Consumer<Frame> each) {
        return reply.status() / 100 == 2 ? reply.withBody(reply.body().invoke(each)) : reply;
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
