package dev.foundrygateway.access;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.exchange.VirtualModels;
import dev.foundrygateway.openai.ChatMessage;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.TokenEstimate;
import dev.foundrygateway.openai.sse.Usage;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Holds a key to its tokens a minute. What a call may use at most is reserved before it is sent: its prompt, history and sources included, and its longest
 * answer; when the answer ends, what was not used is given back. Many calls at once can't use more than there is. Only in the pipeline where a key's tokens
 * are limited.
 */
@Singleton
public class TokenCharge implements ChatFilter {
    private static final int FIRST_ERROR = 400;

    private final ApiKeys keys;
    private final VirtualModels virtual;
    private final NanoClock clock;
    private final int answerTokens;

    TokenCharge(ApiKeys keys, RatesConfig rates, VirtualModels virtual, NanoClock clock) {
        this.keys = keys;
        this.virtual = virtual;
        this.clock = clock;
        this.answerTokens = rates.answerTokens();
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        Optional<KeyAccount> account =
                keys.named(call.caller().key()).filter(one -> one.tokens().limited());
        if (account.isEmpty() || !call.operation().asksModel()) {
            return next.send(call);
        }
        return Uni.createFrom().deferred(() -> send(call, next, account.get()));
    }

    private Uni<ChatReply> send(Call call, ChatService next, KeyAccount account) {
        Rate rate = account.tokens();
        // A virtual model may ask each of its two.
        int models = Math.max(1, virtual.tiers(call.model()).size());
        long prompt = prompt(call) * models;
        long answers = (long) answers(call) * models;
        OptionalLong wished = limit(call);
        if (prompt + answers > rate.limit()
                || (wished.isPresent() && wished.getAsLong() > (rate.limit() - prompt) / answers)) {
            throw tooLarge(account, prompt, wished);
        }
        long answer = !writes(call) ? 0 : wished.orElse(Math.min(answerTokens, (rate.limit() - prompt) / answers));
        long reserved = prompt + answer * answers;
        long now = clock.nanos();
        if (!rate.reserve(reserved, now)) {
            throw notNow(account, reserved, now);
        }
        Call bounded = wished.isPresent() || !writes(call) || !(call.payload() instanceof Payload.Json)
                ? call
                : call.with(call.request().withMember(limitName(call), Long.toString(answer)));
        return Account.join(
                bounded, next, clock, report -> rate.settle(reserved, used(report, prompt / models), clock.nanos()));
    }

    /** What an exchange has used: as counted, in answers that were thrown away too; of an error without a count nothing; or else a guess for the prompt and one for each piece that came. */
    private static long used(ExchangeReport report, long prompt) {
        Usage usage = report.tally().usage();
        if (report.status() >= FIRST_ERROR && !usage.known()) {
            return 0;
        }
        return usage.known()
                ? usage.promptTokens() + usage.completionTokens()
                : prompt + report.tally().pieces();
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
        OptionalLong limit = call.operation() == Operation.RESPONSES ? request.maxOutputTokens() : request.maxTokens();
        return limit.isPresent() && limit.getAsLong() > 0 ? limit : OptionalLong.empty();
    }

    private static String limitName(Call call) {
        return call.operation() == Operation.RESPONSES ? "max_output_tokens" : "max_tokens";
    }

    private static int answers(Call call) {
        return call.payload() instanceof Payload.Json json && writes(call)
                ? json.request().answers()
                : 1;
    }

    private static long prompt(Call call) {
        if (!(call.payload() instanceof Payload.Json json)) {
            return 0;
        }
        ChatRequest request = json.request();
        if (call.operation() != Operation.CHAT) {
            return TokenEstimate.of(request.member("input")
                    .or(() -> request.member("prompt"))
                    .or(() -> request.member("documents"))
                    .orElse(""));
        }
        long tokens = TokenEstimate.of(request.member("tools").orElse(""));
        for (ChatMessage message : request.conversation()) {
            tokens += TokenEstimate.of(message.text());
        }
        return tokens;
    }

    private static GatewayException tooLarge(KeyAccount account, long prompt, OptionalLong wished) {
        return new GatewayException(
                ErrorCode.RATE_LIMIT_EXCEEDED,
                "the request may use about " + prompt + " tokens for its prompt"
                        + (wished.isPresent() ? " and " + wished.getAsLong() + " for its answer" : "")
                        + ", and API key " + account.name() + " is limited to "
                        + account.tokens().limit()
                        + " tokens a minute: shorten the prompt, or ask for less by max_tokens",
                wished.isPresent() ? "max_tokens" : "messages");
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
}
