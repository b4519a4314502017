package dev.foundrygateway.chat;

/**
 * How an answer came about.
 *
 * @param model the name that the request asked for if it is a configured or listed one, else "other": safe as a metric label
 * @param responseModel the upstream's id of the model that answers; the same closed set
 * @param upstream the upstream's configured name
 * @param timing where the time went until now
 */
public record Served(String model, String responseModel, String upstream, Timing timing) {}
