package dev.foundrygateway.retrieval;

/**
 * One request with its sources.
 *
 * @param wish what it wanted
 * @param findings what was found
 * @param prompt what was made of it; its sources may be none
 */
record Grounding(RetrievalWish wish, Findings findings, ContextPrompt prompt) {}
