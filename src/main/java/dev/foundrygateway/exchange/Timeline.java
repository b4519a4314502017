package dev.foundrygateway.exchange;

import io.vertx.core.json.JsonObject;
import java.util.OptionalLong;

/**
 * Where the time of one exchange went, as far as it is known; durations in nanoseconds. What has not taken place, or is not known, is empty and never zero.
 * Immutable: each stage hands a later one on.
 */
public final class Timeline {
    private static final long ABSENT = Long.MIN_VALUE;

    /** Nothing is known, not even the arrival: of a reply that is no exchange. */
    public static final Timeline NONE = new Timeline(ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, 0);

    // Places on NanoClock's clock.
    private final long arrived;
    private final long sent;
    private final long head;
    private final long token;
    // Durations.
    private final long retrieval;
    private final long queue;
    private final long hold;
    /** What stands between arrival and sending, and is no preparation: another model's draft. */
    private final long elsewhere;

    private Timeline(
            long arrived, long retrieval, long queue, long hold, long sent, long head, long token, long elsewhere) {
        this.arrived = arrived;
        this.retrieval = retrieval;
        this.queue = queue;
        this.hold = hold;
        this.sent = sent;
        this.head = head;
        this.token = token;
        this.elsewhere = elsewhere;
    }

    /** That of a request whose head arrived then, on {@link NanoClock}'s clock. */
    public static Timeline arrivedAt(long nanos) {
        return new Timeline(nanos, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, 0);
    }

    /** After so much retrieval, beside what there was. */
    public Timeline retrieved(long nanos) {
        return new Timeline(arrived, orZero(retrieval) + nanos, queue, hold, sent, head, token, elsewhere);
    }

    /** After a wait for the model to be loaded or for a slot, beside what there was. */
    public Timeline queued(long nanos) {
        return new Timeline(arrived, retrieval, orZero(queue) + nanos, hold, sent, head, token, elsewhere);
    }

    /** Sent to the model server at this place of the clock: all waiting is over. */
    public Timeline sentAt(long nanos) {
        return new Timeline(arrived, retrieval, orZero(queue), hold, nanos, head, token, elsewhere);
    }

    /** The model server's head came at this place of the clock. */
    public Timeline headAt(long nanos) {
        return new Timeline(arrived, retrieval, queue, hold, sent, nanos, token, elsewhere);
    }

    /** The model's first token came at this place of the clock. */
    public Timeline tokenAt(long nanos) {
        return new Timeline(arrived, retrieval, queue, hold, sent, head, nanos, elsewhere);
    }

    /**
     * Held back by intent.
     *
     * @param nanos how long; nothing was held where it is not positive
     * @param beforeSending how much of the time before the sending went to another model's answer, which is no preparation, beside what there was
     */
    public Timeline held(long nanos, long beforeSending) {
        return new Timeline(
                arrived,
                retrieval,
                queue,
                nanos > 0 ? nanos : ABSENT,
                sent,
                head,
                token,
                elsewhere + Math.max(0, beforeSending));
    }

    /** The one that has these {@link #parts}. */
    public static Timeline of(JsonObject parts) {
        Timeline read = arrivedAt(0);
        if (parts.containsKey("retrieval")) {
            read = read.retrieved(nanos(parts, "retrieval"));
        }
        if (parts.containsKey("queue")) {
            read = read.queued(nanos(parts, "queue"));
        }
        if (parts.containsKey("hold")) {
            read = read.held(nanos(parts, "hold"), 0);
        }
        if (parts.containsKey("prep")) {
            long sent = nanos(parts, "prep") + nanos(parts, "retrieval") + nanos(parts, "queue");
            read = read.sentAt(sent);
            read = parts.containsKey("send") ? read.headAt(sent + nanos(parts, "send")) : read;
        }
        return parts.containsKey("first-token") ? read.tokenAt(nanos(parts, "first-token")) : read;
    }

    private static long nanos(JsonObject parts, String name) {
        return Math.round(parts.getDouble(name, 0.0) * 1e6);
    }

    /** How long ago the request arrived. */
    public long since(long now) {
        if (arrived == ABSENT) {
            throw new IllegalStateException("no arrival is known");
        }
        return now - arrived;
    }

    /** Waiting for the model to be loaded and for a slot; zero if the call was sent at once. */
    public OptionalLong queue() {
        return optional(queue);
    }

    /** From the request's arrival to the sending, less queue, retrieval and hold. */
    public OptionalLong prep() {
        return sent == ABSENT || arrived == ABSENT
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, sent - arrived - orZero(retrieval) - orZero(queue) - elsewhere));
    }

    /** Searching and fitting passages. */
    public OptionalLong retrieval() {
        return optional(retrieval);
    }

    /** Held back until a verdict. */
    public OptionalLong hold() {
        return optional(hold);
    }

    /** From the sending to the model server's head. */
    public OptionalLong send() {
        return head == ABSENT || sent == ABSENT ? OptionalLong.empty() : OptionalLong.of(head - sent);
    }

    /** From the request's arrival to the model server's first token, which may have left later. */
    public OptionalLong firstToken() {
        return token == ABSENT || arrived == ABSENT ? OptionalLong.empty() : OptionalLong.of(token - arrived);
    }

    /** The known parts by their names in the {@code gateway} object, in milliseconds. */
    public JsonObject parts() {
        JsonObject parts = new JsonObject();
        queue().ifPresent(nanos -> parts.put("queue", Millis.of(nanos)));
        prep().ifPresent(nanos -> parts.put("prep", Millis.of(nanos)));
        retrieval().ifPresent(nanos -> parts.put("retrieval", Millis.of(nanos)));
        hold().ifPresent(nanos -> parts.put("hold", Millis.of(nanos)));
        send().ifPresent(nanos -> parts.put("send", Millis.of(nanos)));
        firstToken().ifPresent(nanos -> parts.put("first-token", Millis.of(nanos)));
        return parts;
    }

    private static long orZero(long nanos) {
        return nanos == ABSENT ? 0 : nanos;
    }

    private static OptionalLong optional(long nanos) {
        return nanos == ABSENT ? OptionalLong.empty() : OptionalLong.of(nanos);
    }
}
