package dev.foundrygateway.schema;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.SchemaRules;
import dev.foundrygateway.exchange.SchemaRules.Rule;
import dev.foundrygateway.exchange.SchemaRules.Support;
import dev.foundrygateway.exchange.Worker;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.schema.Demand;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Function;

/**
 * Keeps the form that a chat asks for: a JSON schema, strict tools, a tool that has to be called. An answer that can't be shown before it was checked is held; the edge keeps its
 * client's connection alive. A chat without such a demand pays for one look at its members' names.
 */
@Singleton
public class SchemaFilter implements ChatFilter {
    private final SchemaRules rules;
    private final Tools tools;

    @Inject
    SchemaFilter(SchemaRules rules, SchemaConfig config, NanoClock clock, Observer observer, Vertx vertx) {
        this(rules, new Tools(config, clock, observer, Worker.of(vertx), new Compiled(), new ToolRefusals(clock)));
    }

    SchemaFilter(SchemaRules rules, Tools tools) {
        this.rules = rules;
        this.tools = tools;
    }

    /** What every exchange needs. */
    record Tools(
            SchemaConfig config,
            NanoClock clock,
            Observer observer,
            Worker worker,
            Terms.Compiler compiler,
            ToolRefusals refusals) {}

    @Override
    public Uni<ChatReply> apply(Call came, ChatService next) {
        if (came.operation() != Operation.CHAT || !Demand.possible(came.request())) {
            return next.send(came);
        }
        return Demand.allows(came.request()) && rules.of(came.model()).support() != Support.RELAY
                ? Uni.createFrom().deferred(() -> checked(came.with(demanded(came.request(), Demand::allowed)), next))
                : checked(came, next);
    }

    private Uni<ChatReply> checked(Call call, ChatService next) {
        // A stream of free calls is the model's own: it passes as it comes, and its raw calls are read upstream.
        if (call.streaming() && Demand.looseTools(call.request())) {
            return next.send(call);
        }
        Rule rule = rules.of(call.model());
        if (rule.support() == Support.RELAY) {
            return next.send(call);
        }
        return Uni.createFrom().deferred(() -> {
            Demand demand = demanded(call.request(), Demand::of);
            if (!demand.binding() && (call.streaming() || demand.tools().isEmpty())) {
                return next.send(call);
            }
            return tools.worker()
                    .run(() -> Terms.of(demand, tools.compiler()))
                    .chain(terms -> new SchemaExchange(call, next, rules, rule, terms, tools).answer());
        });
    }

    private static <T> T demanded(ChatRequest request, Function<ChatRequest, T> reading) {
        try {
            return reading.apply(request);
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            throw new GatewayException(ErrorCode.INVALID_REQUEST, message, message.substring(0, message.indexOf(' ')));
        }
    }
}
