package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Outcome;

/**
 * The labels of one exchange's latency meters; every value from a closed set.
 *
 * @param operation {@code gen_ai.operation.name}
 * @param provider {@code gen_ai.provider.name}: the upstream's configured name, or "none" if the exchange never reached one
 * @param requestModel {@code gen_ai.request.model}, or "other"
 * @param responseModel {@code gen_ai.response.model}, or "other"
 * @param tier {@code draft} or {@code escalation} of a hybrid model; "none" for a plain one
 * @param route {@code X-Gateway-Route}'s value
 * @param stream whether the client asked for a stream
 * @param outcome how it ended
 * @param error the gateway's error code or the upstream's status, empty if it went well
 */
record Labels(
        Operation operation,
        String provider,
        String requestModel,
        String responseModel,
        String tier,
        String route,
        boolean stream,
        Outcome outcome,
        String error) {
    /** Of what differs as a rule: every exchange is looked up by it, and a record's own goes through a method handle for each member. */
    @Override
    public int hashCode() {
        return ((requestModel.hashCode() * 31 + responseModel.hashCode()) * 31 + outcome.hashCode()) * 31
                + (stream ? 1 : 0);
    }
}
