package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.upstream.UpstreamCall;

/** Repairs what a model server says when it can't answer. Stateless. */
@FunctionalInterface
interface ErrorRepair {
    /**
     * The error as the client should have it.
     *
     * @param error as it came, or as the repair before left it
     * @param call the call it answers
     * @return the very error if there is nothing to repair
     */
    UpstreamError repair(UpstreamError error, UpstreamCall call);
}
