package dev.foundrygateway.upstream;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;

/**
 * One HTTP call to a model server, ready to be sent.
 *
 * @param method its method
 * @param path its path below the address's prefix, query included, such as {@code /v1/chat/completions}
 * @param headers what is sent, framing aside
 * @param body what is sent; empty for none
 * @param model the id of the model asked, empty if the call names none
 * @param streaming whether a stream was asked for
 * @param chunked whether its stream consists of chat or completions chunks, which end with a finish reason or {@code [DONE]}
 * @param usageWithheld whether the gateway asked for the usage chunk and the client did not
 * @param arrivedNanos when the client's request had arrived
 * @param retrievalNanos what of the time since then went to retrieval
 */
record UpstreamCall(
        HttpMethod method,
        String path,
        MultiMap headers,
        Buffer body,
        String model,
        boolean streaming,
        boolean chunked,
        boolean usageWithheld,
        long arrivedNanos,
        long retrievalNanos) {}
