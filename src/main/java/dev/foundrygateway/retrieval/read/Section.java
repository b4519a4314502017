package dev.foundrygateway.retrieval.read;

/**
 * A part of a document under one heading.
 *
 * @param heading the headings above it, outermost first, joined by {@code " > "}; empty if none
 * @param text its text
 */
public record Section(String heading, String text) {}
