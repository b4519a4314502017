package dev.foundrygateway.upstream.repair;

import java.util.function.Supplier;

/**
 * What is done with the reply to one call beyond handing it on.
 *
 * @param gathered whether the client wants a plain answer and the upstream was asked for a stream
 * @param emulated whether a plain answer is made a stream: where the client asked for one
 * @param saysRefusal whether a gathered answer says {@code "refusal":null}, as the upstream's own would
 * @param usageWanted whether the client wants the counts of tokens
 * @param draining whether the reply is read to its end for a client that has left
 * @param shape what a plain reply of status 200 must be
 * @param events makes the repairs of one answer's chunks; {@link EventRepairs#NONE} where chunks pass as they come
 */
public record Repairs(
        boolean gathered,
        boolean emulated,
        boolean saysRefusal,
        boolean usageWanted,
        boolean draining,
        AnswerShape shape,
        Supplier<EventRepairs> events) {
    /** The reply is handed on as it comes. */
    public static final Repairs NONE = handedOn(AnswerShape.ANYTHING);

    /** A call whose good answers, of that shape, are handed on as they come. */
    public static Repairs handedOn(AnswerShape shape) {
        return new Repairs(false, false, false, false, false, shape, () -> EventRepairs.NONE);
    }
}
