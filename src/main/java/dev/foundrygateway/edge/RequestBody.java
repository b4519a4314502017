package dev.foundrygateway.edge;

import io.vertx.core.buffer.Buffer;

/**
 * A request's body, whole and unpacked.
 *
 * @param bytes what came; empty if nothing did
 * @param recoded whether it came in another charset than the UTF-8 that it is in now
 * @param lease the memory that it takes; given back when the exchange has ended
 */
record RequestBody(Buffer bytes, boolean recoded, BodyMemory.Lease lease) {}
