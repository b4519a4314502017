package dev.foundrygateway.openai;

/**
 * One message of a chat request, as far as a stage may want to read it.
 *
 * @param role its role, empty if it has none
 * @param text its text: the content's string, or its text parts joined by line breaks; empty if none
 */
public record ChatMessage(String role, String text) {}
