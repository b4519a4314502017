package dev.foundrygateway.exchange;

/**
 * What retrieval found for a call, for the stages behind it.
 *
 * @param question the user's own words, without the sources that may stand around them in the request now
 * @param support how well what was found answers the question, from 0 to 1
 * @param given whether the request carries sources
 */
public record Retrieved(String question, double support, boolean given) {}
