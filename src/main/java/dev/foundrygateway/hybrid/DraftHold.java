package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Loop.Alarm;

/**
 * How much of a draft is held back until it is judged: its opening and then, where that is configured, what is left of its paragraph. Confined to the request's
 * event loop.
 */
final class DraftHold {
    private final HybridConfig.Hold limits;
    private final Surroundings.Alarms alarms;
    private final Runnable over;
    private Alarm limit = Alarm.NONE;
    private boolean begun;
    private boolean awaited;
    /** Where the text begins whose paragraph is awaited; negative as long as the opening was not judged. */
    private int from = -1;
    /** Where that will be, as soon as the opening is being judged; more of the draft comes while a witness is asked. */
    private int seen = -1;

    /** Of one draft; {@code over} is run when it was held for as long as it may be. */
    DraftHold(HybridConfig.Hold limits, Surroundings.Alarms alarms, Runnable over) {
        this.limits = limits;
        this.alarms = alarms;
        this.over = over;
    }

    /** A piece was asked for. */
    void asked() {
        awaited = true;
    }

    /** What was asked for is there. */
    void came() {
        awaited = false;
    }

    /** Whether so much has come that it can be judged; its first piece begins the time. */
    boolean isEnough(Leg draft) {
        if (!begun) {
            begun = true;
            limit = alarms.after(limits.time(), over);
        }
        return from < 0
                ? draft.pieces() >= limits.tokens()
                : draft.pieces() >= limits.paragraphTokens()
                        || draft.draft().text().indexOf("\n\n", from) >= 0;
    }

    /** Whether the opening was judged and more is held. */
    boolean isOn() {
        return from >= 0;
    }

    /** The opening is being judged. */
    void judged(Leg draft) {
        if (seen < 0) {
            seen = Math.max(0, draft.draft().text().length() - 1);
        }
    }

    /** Holds what follows too, until the next blank line or its own limits. */
    void on(Leg draft) {
        begun = true;
        from = seen;
        limit.off();
        limit = alarms.after(limits.paragraphTime(), over);
        if (!awaited) {
            awaited = true;
            draft.request(1);
        }
    }

    /** Nothing is held any more. */
    void off() {
        limit.off();
    }
}
