package dev.foundrygateway.routing;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.openai.ModelList;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Has the catalogue's rules choose the model of requests that leave the choice to the gateway; all others go straight on. */
@Singleton
public class RouteFilter implements ChatFilter {
    private static final String HEADER = "X-Gateway-Rule";

    private final Catalogue catalogue;

    RouteFilter(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        RuleSet rules = catalogue.rules();
        if (rules.names().isEmpty()) {
            return next.send(call);
        }
        if (call.operation() == Operation.MODELS) {
            return next.send(call).chain(reply -> listed(reply, rules));
        }
        if (call.operation() == Operation.MODEL
                && call.payload() instanceof Payload.None named
                && rules.isName(named.id())) {
            return Uni.createFrom()
                    .item(() ->
                            ChatReply.json(ModelList.own(named.id()), Served.direct("", named.id(), call.timeline())));
        }
        if (!(call.payload() instanceof Payload.Json) || !rules.takes(call.model())) {
            return next.send(call);
        }
        Optional<RuleSet.Choice> choice = rules.choose(new Asked(call));
        if (choice.isEmpty()) {
            return next.send(call);
        }
        String rule = choice.get().rule();
        return next.send(call.routed(choice.get().model(), rule))
                .map(reply -> new ChatReply(
                        reply.status(),
                        MultiMap.caseInsensitiveMultiMap()
                                .addAll(reply.headers())
                                .set(HEADER, rule),
                        reply.stream(),
                        reply.body(),
                        reply.served()));
    }

    /** With the names that rules choose for. */
    private static Uni<ChatReply> listed(ChatReply reply, RuleSet rules) {
        List<String> names =
                rules.names().stream().filter(name -> !name.equals("*")).toList();
        if (reply.status() != 200 || names.isEmpty()) {
            return Uni.createFrom().item(reply);
        }
        return reply.whole().map(body -> {
            try {
                return ChatReply.json(
                        withContext(ModelList.parse(body), names, rules).json(), reply.served());
            } catch (IllegalArgumentException e) {
                return ChatReply.json(body, reply.served());
            }
        });
    }

    /** A name reads as much as the one of its models that reads least, where that is known of all. */
    private static ModelList withContext(ModelList served, List<String> names, RuleSet rules) {
        List<OptionalLong> lengths = Stream.concat(
                        rules.rules().stream().map(RuleSet.Rule::model), Stream.of(rules.otherwise()))
                .filter(model -> !model.isEmpty())
                .map(served::context)
                .toList();
        OptionalLong least = lengths.stream().allMatch(OptionalLong::isPresent)
                ? lengths.stream().mapToLong(OptionalLong::getAsLong).min()
                : OptionalLong.empty();
        return served.plus(ModelList.of(names).withContext(name -> least));
    }
}
