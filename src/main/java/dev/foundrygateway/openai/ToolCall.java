package dev.foundrygateway.openai;

/**
 * A function that the model wants called.
 *
 * @param id the call's id
 * @param name the function's name
 * @param arguments its arguments, as JSON text
 */
public record ToolCall(String id, String name, String arguments) {}
