package dev.foundrygateway.practice;

/** A generation of Foundry Local: what it answers to a request, as a script. */
interface ModelServer {
    /** Never fails: whatever is wrong with the request is in the answer. Runs on the event loop. */
    Script answer(ReceivedRequest request);
}
