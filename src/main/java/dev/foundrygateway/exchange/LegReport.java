package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.sse.Usage;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One model's part in an answer.
 *
 * @param role {@code direct}, {@code draft}, {@code sample}, {@code verdict}, {@code escalation} or {@code refinement}
 * @param model the model server's id of it, or what it was asked by if it gave no reply
 * @param upstream the model server's configured name; empty if it gave no reply
 * @param start from the exchange's arrival to the call; empty where it is not known
 * @param queue how long the call waited for its model, in nanoseconds
 * @param firstToken from the call to its first token, in nanoseconds
 * @param total from the call to its end, in nanoseconds
 * @param usage its tokens, counted or estimated
 * @param cost what they cost, in the currency of the prices; empty if no price is known
 */
public record LegReport(
        String role,
        String model,
        String upstream,
        OptionalLong start,
        OptionalLong queue,
        OptionalLong firstToken,
        long total,
        Usage usage,
        OptionalDouble cost) {
    /** What these parts cost, in the currency of the prices; empty if no price is known. */
    public static OptionalDouble cost(List<LegReport> legs) {
        OptionalDouble sum = OptionalDouble.empty();
        for (LegReport leg : legs) {
            if (leg.cost().isPresent()) {
                sum = OptionalDouble.of(sum.orElse(0) + leg.cost().getAsDouble());
            }
        }
        return sum;
    }

    /** Whether it served to decide who answers, and nobody reads what it wrote. */
    public boolean decides() {
        return role.equals("verdict") || role.equals("sample") || role.equals("decision");
    }

    /**
     * The one model's part of a plain answer.
     *
     * @param asked the model's name in the request, which has the price; the server's name for it where it has none
     */
    public static LegReport direct(String asked, Served served, Usage usage, long total, ModelFacts facts) {
        OptionalDouble cost = facts.of(asked)
                .price()
                .or(() -> facts.of(served.model()).price())
                .map(price -> OptionalDouble.of(price.of(usage.promptTokens(), usage.completionTokens())))
                .orElse(OptionalDouble.empty());
        Timeline timeline = served.timeline();
        return new LegReport(
                "direct",
                served.model(),
                served.upstream(),
                OptionalLong.of(0),
                timeline.queue(),
                timeline.firstToken(),
                total,
                usage,
                cost);
    }
}
