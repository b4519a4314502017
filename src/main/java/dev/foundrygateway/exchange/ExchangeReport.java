package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.ErrorCode;
import java.util.List;
import java.util.OptionalLong;

/**
 * The one record of what became of a call, made when all is over. Log line, metrics, spans and charges are its readers.
 *
 * @param call what was asked, by whom, and when it arrived
 * @param status the reply's status, or that of the error that the client got instead; zero if the client left before either
 * @param answered whether there was a reply
 * @param stream whether it was a stream of events
 * @param served how it came about
 * @param tally what passed of its body
 * @param totalNanos from the arrival to the end
 * @param end how the body ended
 * @param parts the models' parts, where more than one could answer; empty otherwise
 */
public record ExchangeReport(
        Call call,
        int status,
        boolean answered,
        boolean stream,
        Served served,
        Tally tally,
        long totalNanos,
        StreamEnd end,
        List<LegReport> parts) {
    private static final int FIRST_ERROR = 400;

    public Outcome outcome() {
        if (end instanceof StreamEnd.Cancelled) {
            return Outcome.CANCELLED;
        }
        if (end instanceof StreamEnd.Failed failed) {
            return failed.code() == ErrorCode.CANCELLED
                    ? Outcome.CANCELLED
                    : Outcome.ofStatus(failed.code().status());
        }
        return tally.erred() && status < FIRST_ERROR ? Outcome.UPSTREAM_ERROR : Outcome.ofStatus(status);
    }

    /** The gateway's error code, the model server's status, or {@code client_cancelled}; empty if it went well. */
    public String error() {
        if (end instanceof StreamEnd.Cancelled) {
            return "client_cancelled";
        }
        if (end instanceof StreamEnd.Failed failed) {
            return failed.code().code();
        }
        if (status >= FIRST_ERROR) {
            return Integer.toString(status);
        }
        return tally.erred() ? ErrorCode.UPSTREAM_ERROR.code() : "";
    }

    /** Each model's part: those of a virtual model, or the one of a plain answer; empty if nobody answered. The sum of their costs is the exchange's. */
    public List<LegReport> legs(ModelFacts facts) {
        return answered && parts.isEmpty()
                ? List.of(LegReport.direct(call.model(), served, tally.usage(), totalNanos, facts))
                : parts;
    }

    /** From the arrival to the first token leaving; of a plain reply, to the one that the gateway gathered it from. */
    public OptionalLong firstToken() {
        if (!stream) {
            return served.timeline().firstToken();
        }
        OptionalLong place = tally.firstToken();
        return place.isPresent() ? OptionalLong.of(call.timeline().since(place.getAsLong())) : place;
    }

    /**
     * What the gateway itself added, before the upstream call and between the upstream's first token and the edge; empty if no body came. A draft held back
     * by intent is none of it.
     */
    public OptionalLong overhead() {
        if (!answered || tally.firstFrame().isEmpty()) {
            return OptionalLong.empty();
        }
        Timeline timeline = served.timeline();
        long release = !stream || timeline.firstToken().isEmpty()
                ? 0
                : call.timeline().since(tally.firstFrame().getAsLong())
                        - timeline.firstToken().getAsLong()
                        - timeline.hold().orElse(0);
        return OptionalLong.of(timeline.prep().orElse(0) + Math.max(0, release));
    }
}
