package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.upstream.PlainAnswer;
import dev.foundrygateway.upstream.UpstreamCall;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** All repairs of errors, in their order. They are the same for all dialects: each recognises what it repairs by the words. */
public final class ErrorRepairs {
    /** Repairs what a model server says when it can't answer. Stateless. */
    @FunctionalInterface
    interface Repair {
        /**
         * The error as the client should have it.
         *
         * @param error as it came, or as the repair before left it
         * @param call the call it answers
         * @return the very error if there is nothing to repair
         */
        UpstreamError repair(UpstreamError error, UpstreamCall call);
    }

    private static final List<Repair> ROW = List.of(new BadJson(), new SourceNames(), new ContextOverflow());

    private ErrorRepairs() {}

    /** The error that one event of a stream tells. */
    public static UpstreamError ofEvent(Buffer event, UpstreamCall call) {
        return repaired(UpstreamError.read(event), call);
    }

    /**
     * The answer to hand on instead of an error reply.
     *
     * @return empty if the reply is good as it came
     */
    public static Optional<PlainAnswer> ofReply(int status, boolean json, Buffer body, UpstreamCall call) {
        if (status < 400) {
            return Optional.empty();
        }
        if (!json && !body.toString().stripLeading().startsWith("{")) {
            return Optional.of(answer(repaired(wordless(status, body, call), call)));
        }
        UpstreamError came = new UpstreamError(status, UpstreamError.read(body).body());
        UpstreamError repaired = repaired(came, call);
        return repaired.equals(came) && UpstreamError.isComplete(body)
                ? Optional.empty()
                : Optional.of(answer(repaired));
    }

    /** An error that a reply told under another status. */
    public static UpstreamError of(UpstreamError error, UpstreamCall call) {
        return repaired(error, call);
    }

    private static UpstreamError repaired(UpstreamError error, UpstreamCall call) {
        UpstreamError repaired = error;
        for (Repair repair : ROW) {
            repaired = repair.repair(repaired, call);
        }
        return repaired;
    }

    /** An error reply that is empty or no JSON, such as the web server's own page for a path it does not know. */
    private static UpstreamError wordless(int status, Buffer body, UpstreamCall call) {
        ErrorCode kind = status == 404
                ? ErrorCode.NOT_FOUND
                : status < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.UPSTREAM_ERROR;
        String message = "the model server answered " + status + " to " + call.method() + " " + call.path()
                + (body.length() == 0 ? " with an empty body" : " and not in JSON");
        return new UpstreamError(status, ErrorBody.of(kind, message, ""));
    }

    private static PlainAnswer answer(UpstreamError error) {
        return new PlainAnswer(error.status(), error.body().json());
    }
}
