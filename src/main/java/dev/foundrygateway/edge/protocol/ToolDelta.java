package dev.foundrygateway.edge.protocol;

/**
 * A piece of a tool call.
 *
 * @param index which of the answer's calls it belongs to
 * @param id the call's id; empty in all pieces but its first, as a rule
 * @param name the function's name; empty likewise
 * @param arguments more of the arguments' JSON text
 */
record ToolDelta(int index, String id, String name, String arguments) {}
