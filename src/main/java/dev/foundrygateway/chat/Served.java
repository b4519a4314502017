package dev.foundrygateway.chat;

/**
 * How an answer came about.
 *
 * @param model the upstream's id of the model that answers
 * @param upstream the upstream's configured name
 * @param timing where the time went until the reply was handed outward
 */
public record Served(String model, String upstream, Timing timing) {}
