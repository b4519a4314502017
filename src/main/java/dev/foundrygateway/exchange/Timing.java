package dev.foundrygateway.exchange;

/**
 * Where the time of one exchange went until its reply was handed outward; each a duration in nanoseconds, zero if the part did not take place.
 *
 * @param queue waiting for a slot at the upstream
 * @param prep from the request's arrival to the upstream call, less queue, retrieval and hold
 * @param retrieval searching and fitting passages
 * @param hold a draft held back until its verdict
 * @param send from the upstream call to the upstream's head
 * @param firstToken from the request's arrival to the upstream's first token; zero if none has come yet
 */
public record Timing(long queue, long prep, long retrieval, long hold, long send, long firstToken) {
    /** Nothing measured. */
    public static final Timing NONE = new Timing(0, 0, 0, 0, 0, 0);
}
