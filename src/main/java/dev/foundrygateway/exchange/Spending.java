package dev.foundrygateway.exchange;

import dev.foundrygateway.exchange.ModelFacts.Price;
import dev.foundrygateway.openai.ChatMessage;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ConversationTokens;
import dev.foundrygateway.openai.TokenEstimate;
import dev.foundrygateway.openai.sse.Usage;
import java.util.List;

/**
 * What an exchange has used, or may use at most.
 *
 * @param promptTokens tokens read
 * @param cachedTokens how many of them the model server still knew
 * @param completionTokens tokens written
 * @param cost in the currency of the prices; 0 where there is none
 */
public record Spending(long promptTokens, long cachedTokens, long completionTokens, double cost) {
    /** Nothing. */
    public static final Spending NONE = new Spending(0, 0, 0, 0);

    private static final int FIRST_ERROR = 400;
    private static final List<String> OF_CHATS = List.of("tools", "functions");
    private static final List<String> OF_OTHERS =
            List.of("instructions", "input", "prompt", "query", "documents", "tools");

    /** Tokens read and written. */
    public long tokens() {
        return promptTokens + completionTokens;
    }

    /** Both together. */
    public Spending plus(Spending other) {
        return new Spending(
                promptTokens + other.promptTokens,
                cachedTokens + other.cachedTokens,
                completionTokens + other.completionTokens,
                cost + other.cost);
    }

    /** This without the other, which is a part of it. */
    public Spending minus(Spending other) {
        return new Spending(
                promptTokens - other.promptTokens,
                cachedTokens - other.cachedTokens,
                completionTokens - other.completionTokens,
                Math.max(0, cost - other.cost));
    }

    /**
     * What an exchange has used: as the model servers counted it, answers that were thrown away included; of an error without a count nothing; or else a guess
     * for the prompt and one token for each piece that came.
     */
    public static Spending of(ExchangeReport report, ModelFacts facts) {
        boolean counted = report.tally().usage().known()
                || report.status() >= FIRST_ERROR
                || report.parts().stream().anyMatch(part -> part.usage().known());
        return of(report, counted ? 0 : promptTokens(report.call()), facts);
    }

    /**
     * The same.
     *
     * @param promptGuess how many tokens the prompt has where nobody has counted them
     */
    public static Spending of(ExchangeReport report, long promptGuess, ModelFacts facts) {
        Usage usage = used(report, promptGuess);
        double cost = report.parts().isEmpty()
                ? price(report, facts).of(usage.promptTokens(), usage.completionTokens())
                : LegReport.cost(report.parts()).orElse(0);
        return new Spending(usage.promptTokens(), usage.cachedTokens(), usage.completionTokens(), cost);
    }

    private static Usage used(ExchangeReport report, long promptGuess) {
        Usage usage = report.tally().usage();
        if (usage.known()) {
            return usage;
        }
        Usage parts = report.parts().stream().map(LegReport::usage).reduce(Usage.NONE, Usage::plus);
        if (parts.known() || report.status() >= FIRST_ERROR) {
            return parts;
        }
        return new Usage(promptGuess, report.tally().pieces());
    }

    private static Price price(ExchangeReport report, ModelFacts facts) {
        return facts.of(report.call().model())
                .price()
                .or(() -> facts.of(report.served().model()).price())
                .orElse(new Price(0, 0));
    }

    /** About how many tokens a call's prompt has, its history, calls, pictures, tools and sources included; 0 for one without a JSON body. */
    public static long promptTokens(Call call) {
        if (!(call.payload() instanceof Payload.Json json)) {
            return 0;
        }
        ChatRequest request = json.request();
        long tokens = 0;
        for (String part : call.operation() == Operation.CHAT ? OF_CHATS : OF_OTHERS) {
            tokens += ConversationTokens.of(request.member(part).orElse(""));
        }
        String messages =
                call.operation() == Operation.CHAT ? request.member("messages").orElse("") : "";
        if (messages.contains("\"tool_calls\"") || messages.contains("\"type\"")) {
            return tokens + ConversationTokens.of(messages);
        }
        for (ChatMessage message : request.conversation()) {
            tokens += TokenEstimate.of(message.text());
        }
        return tokens;
    }
}
