package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.sse.Usage;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One model's part in an answer.
 *
 * @param role {@code direct}, {@code draft} or {@code escalation}
 * @param model the model server's id of it, or what it was asked by if it gave no reply
 * @param upstream the model server's configured name; empty if it gave no reply
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
        OptionalLong queue,
        OptionalLong firstToken,
        long total,
        Usage usage,
        OptionalDouble cost) {}
