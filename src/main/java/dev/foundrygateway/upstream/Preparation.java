package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ContentParts;
import dev.foundrygateway.openai.GatewayOptions;
import dev.foundrygateway.openai.OfferedTools;
import dev.foundrygateway.openai.Sampling;
import dev.foundrygateway.upstream.repair.AnswerShape;
import dev.foundrygateway.upstream.repair.Dialect;
import dev.foundrygateway.upstream.repair.Dialect.Trait;
import dev.foundrygateway.upstream.repair.EventRepairs;
import dev.foundrygateway.upstream.repair.Repairs;
import java.util.List;
import java.util.function.Supplier;

/**
 * A model call made ready for its upstream: the request in its dialect, and what is to be done with the reply.
 *
 * @param request what is sent
 * @param chunked whether a stream of it consists of chunks that end with a finish reason
 * @param usageWithheld whether the counts were asked for by the gateway alone
 * @param usageAsked whether the gateway has asked for the counts by {@code stream_options}, which some servers refuse
 * @param repairs what is done with the reply
 */
public record Preparation(
        ChatRequest request, boolean chunked, boolean usageWithheld, boolean usageAsked, Repairs repairs) {
    private static final Sampling PLAIN = new Sampling(List.of(), false, false);

    /** Makes a call ready for the model of this id. */
    public static Preparation of(Call call, Upstream upstream, String id) {
        return of(call, upstream, id, false);
    }

    /** The same for a chat that is to be answered plain, and made a stream here if one is wanted. */
    static Preparation unstreamed(Call call, Upstream upstream, String id) {
        return of(call, upstream, id, true);
    }

    private static Preparation of(Call call, Upstream upstream, String id, boolean unstreamed) {
        ChatRequest request = call.request().withoutMember(GatewayOptions.MEMBER);
        if (!id.equals(request.model()) && !id.isEmpty()) {
            request = request.withModel(id);
        }
        return switch (call.operation()) {
            case CHAT -> chat(request, upstream, id, unstreamed);
            case COMPLETION -> {
                boolean withheld = request.streaming() && !request.wantsUsage();
                boolean added = withheld && upstream.takesStreamOptions();
                yield new Preparation(
                        added ? request.withUsage() : request,
                        true,
                        withheld,
                        added,
                        Repairs.handedOn(AnswerShape.CHOICES));
            }
            default ->
                new Preparation(request, false, false, false, Repairs.handedOn(AnswerShape.of(call.operation())));
        };
    }

    private static Preparation chat(ChatRequest came, Upstream upstream, String id, boolean unstreamed) {
        Dialect dialect = upstream.dialect();
        Sampling sampling = dialect.repaired() ? Sampling.of(came) : PLAIN;
        boolean cutHere = dialect.has(Trait.IGNORES_STOP) && !sampling.stops().isEmpty();
        boolean gathered = !unstreamed && !came.streaming() && (cutHere || upstream.alwaysStream());
        boolean usageWanted = !came.streaming() || came.wantsUsage();
        boolean withheld = came.streaming() && !came.wantsUsage();
        ChatRequest request = came;
        if (gathered) {
            request = request.withMember("stream", "true");
        }
        boolean added =
                !unstreamed && (gathered || withheld) && !dialect.has(Trait.NO_USAGE) && upstream.takesStreamOptions();
        if (added) {
            request = request.withUsage();
        }
        if (unstreamed && came.streaming()) {
            request = request.withMember("stream", "false").withoutMember("stream_options");
        }
        if (dialect.has(Trait.STRING_CONTENT)) {
            request = ContentParts.flattened(request);
        }
        if (dialect.has(Trait.RAW_TOOL_CALLS) && came.has("tools") && !sampling.tools()) {
            // What tool_choice says is not read there: a model that may call none is offered none.
            request = request.withoutMember("tools").withoutMember("tool_choice");
        }
        if (upstream.drains()) {
            request = capped(request, upstream.drainMaxTokens());
        }
        Supplier<EventRepairs> events = () -> EventRepairs.NONE;
        if (dialect.repaired()) {
            long characters = dialect.has(Trait.NO_USAGE) && usageWanted ? ContentParts.characters(came) : 0;
            events = () -> dialect.repairs(id, sampling, usageWanted, characters, () -> OfferedTools.of(came));
        } else if (Sampling.offersTools(came)) {
            boolean one = Sampling.oneCall(came);
            if (one || came.streaming()) {
                events = () -> EventRepairs.ofCalls(() -> OfferedTools.of(came), one);
            }
        }
        return new Preparation(
                request,
                true,
                withheld,
                added,
                new Repairs(
                        gathered,
                        came.streaming(),
                        dialect.has(Trait.SAYS_REFUSAL),
                        usageWanted,
                        upstream.drains(),
                        AnswerShape.CHOICES,
                        events));
    }

    /** An answer that is read to its end for nobody must have one. */
    private static ChatRequest capped(ChatRequest request, long most) {
        ChatRequest capped = request;
        for (String name : new String[] {"max_tokens", "max_completion_tokens"}) {
            if (capped.member(name).isPresent() && capped.maxTokens().orElse(Long.MAX_VALUE) > most) {
                capped = capped.withMember(name, Long.toString(most));
            }
        }
        return capped.maxTokens().isPresent() ? capped : capped.withMember("max_tokens", Long.toString(most));
    }
}
