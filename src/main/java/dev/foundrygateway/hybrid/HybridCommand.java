package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Route;

/** What is to be done for a hybrid answer. */
sealed interface HybridCommand {
    /** Ask the small model. */
    record AskDraft() implements HybridCommand {}

    /** Ask the large model: the client's question or, on the way of a refinement, to refine the draft. No witness is wanted any more. */
    record AskLarge(Route way) implements HybridCommand {}

    /** Cancel that call. */
    record Drop(Side side) implements HybridCommand {}

    /** Read one more piece of that reply. */
    record Read(Side side) implements HybridCommand {}

    /** Judge what has come of the draft: {@link HybridEvent.Judged} follows before anything else. */
    record Judge() implements HybridCommand {}

    /** Ask this witness about what has come of the draft; {@link HybridEvent.Heard} follows within a limit of time, whatever it says. */
    record Consult(Witness witness) implements HybridCommand {}

    /** Hold the draft on, which was judged once, until its paragraph ends or a limit is reached; then it is judged again. */
    record HoldOn() implements HybridCommand {}

    /** This side is the answer: release what was held of it, and cancel all others. */
    record Commit(Side side, Route way, Signal reason) implements HybridCommand {}

    /** There is no answer: tell what that side failed of. */
    record GiveUp(Side side) implements HybridCommand {}
}
