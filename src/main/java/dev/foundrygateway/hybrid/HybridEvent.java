package dev.foundrygateway.hybrid;

/** What happens to a hybrid answer; each says all that the next step depends on. */
sealed interface HybridEvent {
    /** Whether the large model may be asked now. */
    enum Permit {
        GRANTED,
        OVER_BUDGET,
        SHARE_REACHED
    }

    /**
     * The call is there.
     *
     * @param draftWanted whether its client wants the draft whatever it says
     * @param verdict what the request alone says
     * @param permit whether that may be followed
     */
    record Begun(boolean draftWanted, Verdict verdict, Permit permit) implements HybridEvent {}

    /** The small model has kept its client waiting for so long that the large one is to be asked too. */
    record HedgeDue(boolean affordable) implements HybridEvent {}

    /** The time to hold a draft's opening is over. */
    record HoldOver() implements HybridEvent {}

    /** The large model's deadline is over. */
    record LargeLate() implements HybridEvent {}

    /** A reply has come, none of its body yet; whether its status is 200. */
    record Opened(Side side, boolean ok) implements HybridEvent {}

    /**
     * A piece has come and was kept.
     *
     * @param sound whether it and all before is an answer, and no error
     * @param output whether something of the answer has come
     * @param enough whether the hold is full
     */
    record Piece(Side side, boolean sound, boolean output, boolean enough) implements HybridEvent {}

    /** A body has ended well, as an answer. */
    record Ended(Side side) implements HybridEvent {}

    /**
     * A call has failed: by its status, an error event or a broken connection; or, the large model's, it ended without a word.
     *
     * @param replied whether there is a reply to show
     * @param failure what it means for the large model, if it is the draft that failed
     * @param affordable whether the large model may be asked now
     */
    record Failed(Side side, boolean replied, DraftFailure failure, boolean affordable) implements HybridEvent {}

    /** What has come of the draft was judged. */
    record Judged(Verdict verdict, Permit permit) implements HybridEvent {}

    /** The witness that was asked has spoken, or will not: what it said, if anything, is part of the next judgement. */
    record Heard() implements HybridEvent {}

    /** The client has left. */
    record Left() implements HybridEvent {}
}
