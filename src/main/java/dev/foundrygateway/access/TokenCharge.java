package dev.foundrygateway.access;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.BudgetState;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.ModelFacts.Price;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.exchange.Spending;
import dev.foundrygateway.exchange.VirtualModels;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Holds a key to its tokens a minute and to its budgets. What a call may use at most is reserved before it is sent: its prompt, history and sources included,
 * and its longest answer; when the answer ends, what was not used is given back. Many calls at once can't use more than there is. Only in the pipeline where
 * a key is limited.
 */
@Singleton
public class TokenCharge implements ChatFilter {
    /** More than any model writes, and little enough to be reckoned with. */
    private static final long MOST_TOKENS = 1_000_000_000;

    private static final int MOST_ANSWERS = 1_000_000;
    private static final int BAD_REQUEST = 400;
    /** When to ask again where calls under way have reserved what is left. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(5);

    private static final String NEWER_LIMIT = "max_completion_tokens";

    private final ApiKeys keys;
    private final Budgets budgets;
    private final VirtualModels virtual;
    private final ModelFacts facts;
    private final NanoClock clock;
    private final InstantSource calendar;
    private final int answerTokens;

    /** What one call wants: so many tokens for its prompt and for each of its answers, of each of the models that it may ask. */
    private record Wish(long prompt, OptionalLong answer, int answers, List<String> models) {
        /** Tokens of the prompt, in all models. */
        long prompts() {
            return prompt * models.size();
        }

        /** How many answers there may be, of all models. */
        long allAnswers() {
            return (long) answers * models.size();
        }

        boolean exceeds(long tokens) {
            return prompts() + allAnswers() > tokens
                    || (answer.isPresent() && answer.getAsLong() > (tokens - prompts()) / allAnswers());
        }
    }

    TokenCharge(
            ApiKeys keys,
            Budgets budgets,
            RatesConfig rates,
            VirtualModels virtual,
            ModelFacts facts,
            NanoClock clock,
            InstantSource calendar) {
        this.keys = keys;
        this.budgets = budgets;
        this.virtual = virtual;
        this.facts = facts;
        this.clock = clock;
        this.calendar = calendar;
        this.answerTokens = rates.answerTokens();
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        String key = call.caller().key();
        Optional<KeyAccount> account = keys.named(key)
                .filter(one -> one.tokens().limited() || budgets.of(key).isPresent());
        if (account.isEmpty() || !call.operation().asksModel()) {
            return next.send(call);
        }
        return Uni.createFrom().deferred(() -> send(call, next, account.get()));
    }

    private Uni<ChatReply> send(Call call, ChatService next, KeyAccount account) {
        Rate rate = account.tokens();
        Optional<Budget> budget = budgets.of(account.name());
        Wish wish = wish(call);
        if (rate.limited() && wish.exceeds(rate.limit())) {
            throw tooLarge(account, wish);
        }
        long answer = answer(call, wish, rate, budget);
        Spending most = most(wish, answer);
        budget.flatMap(one -> one.reserve(most)).ifPresent(state -> {
            throw usedUp(state, most);
        });
        long now = clock.nanos();
        if (!rate.reserve(most.tokens(), now)) {
            budget.ifPresent(one -> one.release(most));
            throw notNow(account, most.tokens(), now);
        }
        Call bounded = wish.answer().isPresent() || !writes(call) || !(call.payload() instanceof Payload.Json)
                ? call
                : call.with(bounded(call, Long.toString(answer)));
        AtomicBoolean settled = new AtomicBoolean();
        return Account.join(bounded, next, clock, report -> {
                    if (settled.compareAndSet(false, true)) {
                        rate.settle(
                                most.tokens(),
                                Spending.of(report, wish.prompt(), facts).tokens(),
                                clock.nanos());
                        budget.ifPresent(one -> one.release(most));
                    }
                })
                .invoke(reply -> {
                    // Sent once more, with a prompt that fits, the same exchange comes here again: it pays once.
                    if (reply.status() == BAD_REQUEST && !reply.stream() && settled.compareAndSet(false, true)) {
                        rate.settle(most.tokens(), 0, clock.nanos());
                        budget.ifPresent(one -> one.release(most));
                    }
                });
    }

    /** How long each answer may be: as long as its client wants it, or else as what is left allows, one token at least. */
    private long answer(Call call, Wish wish, Rate rate, Optional<Budget> budget) {
        if (!writes(call)) {
            return 0;
        }
        if (wish.answer().isPresent()) {
            return Math.min(wish.answer().getAsLong(), MOST_TOKENS);
        }
        long there = Math.min(
                rate.limited() ? rate.limit() : Long.MAX_VALUE,
                budget.map(Budget::tokensLeft).orElse(Long.MAX_VALUE));
        return Math.max(1, Math.min(answerTokens, (there - wish.prompts()) / wish.allAnswers()));
    }

    private Wish wish(Call call) {
        // A virtual model may ask each of its two.
        List<String> tiers = virtual.tiers(call.model());
        return new Wish(
                Spending.promptTokens(call),
                limit(call),
                Math.min(answers(call), MOST_ANSWERS),
                tiers.isEmpty() ? List.of(call.model()) : tiers);
    }

    private Spending most(Wish wish, long answer) {
        double cost = 0;
        for (String model : wish.models()) {
            Price price = facts.of(model).price().orElse(new Price(0, 0));
            cost += price.of(wish.prompt(), answer * wish.answers());
        }
        return new Spending(wish.prompts(), 0, answer * wish.allAnswers(), cost);
    }

    /** Whether the answer has tokens of its own. */
    private static boolean writes(Call call) {
        return switch (call.operation()) {
            case CHAT, COMPLETION, RESPONSES -> true;
            default -> false;
        };
    }

    private static OptionalLong limit(Call call) {
        if (!(call.payload() instanceof Payload.Json json) || !writes(call)) {
            return OptionalLong.empty();
        }
        ChatRequest request = json.request();
        OptionalLong limit = call.operation() == Operation.RESPONSES ? request.maxOutputTokens() : request.mostTokens();
        return limit.isPresent() && limit.getAsLong() > 0 ? limit : OptionalLong.empty();
    }

    /** With that limit in every member that a model server may read it from. */
    private static ChatRequest bounded(Call call, String answer) {
        ChatRequest limited = call.request().withMember(limitName(call), answer);
        return limited.has(NEWER_LIMIT) ? limited.withMember(NEWER_LIMIT, answer) : limited;
    }

    private static String limitName(Call call) {
        return call.operation() == Operation.RESPONSES ? "max_output_tokens" : "max_tokens";
    }

    private static int answers(Call call) {
        return call.payload() instanceof Payload.Json json && writes(call)
                ? json.request().answers()
                : 1;
    }

    private static GatewayException tooLarge(KeyAccount account, Wish wish) {
        return new GatewayException(
                ErrorCode.RATE_LIMIT_EXCEEDED,
                "the request may use about " + wish.prompts() + " tokens for its prompt"
                        + (wish.answer().isPresent() ? " and " + wish.answer().getAsLong() + " for its answer" : "")
                        + ", and API key " + account.name() + " is limited to "
                        + account.tokens().limit()
                        + " tokens a minute: shorten the prompt, or ask for less by max_tokens",
                wish.answer().isPresent() ? "max_tokens" : "messages");
    }

    private static GatewayException notNow(KeyAccount account, long reserved, long now) {
        long seconds = Rate.seconds(account.tokens().until(reserved, now));
        return new GatewayException(
                ErrorCode.RATE_LIMIT_EXCEEDED,
                "API key " + account.name() + " is limited to "
                        + account.tokens().limit() + " tokens a minute, and the " + reserved
                        + " that this request may use are not left; try again in " + seconds + " s",
                "",
                Duration.ofSeconds(seconds));
    }

    private GatewayException usedUp(BudgetState state, Spending most) {
        boolean money = state.unit().equals("cost");
        String what = money ? " in cost" : " tokens";
        double wanted = money ? most.cost() : most.tokens();
        // More than a whole period's: waiting doesn't help.
        boolean never = wanted > state.limit();
        boolean reserved = state.used() + wanted <= state.limit();
        return new GatewayException(
                ErrorCode.BUDGET_EXCEEDED,
                "API key " + state.key() + " may use " + Budgets.number(state.limit()) + what + " a " + state.period()
                        + " and has used " + Budgets.number(state.used()) + "; this request may use "
                        + Budgets.number(wanted)
                        + (never
                                ? ": ask for less by max_tokens"
                                : reserved
                                        ? "; calls under way have reserved what is left: try again when they have ended, or ask for less by max_tokens"
                                        : "; the next " + state.period() + " begins at " + state.until()
                                                + ", and less may be asked for by max_tokens"),
                "",
                never
                        ? Duration.ZERO
                        : reserved
                                ? UNDER_WAY
                                : Duration.between(calendar.instant(), state.until())
                                        .plusSeconds(1));
    }
}
