package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.upstream.PlainAnswer;
import dev.foundrygateway.upstream.UpstreamCall;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    /**
     * A client's bad JSON is the client's error: Foundry Local 1.x answers 500 to it, and to a member of the wrong type. The request is read in full only here,
     * where an error came back.
     */
    static final class BadJson implements ErrorRepairs.Repair {
        private static final String WRONG_TYPE = "Invalid OpenAI JSON request";
        private static final Pattern PATH = Pattern.compile("Path: \\$\\.?([\\w.\\[\\]]*)");

        @Override
        public UpstreamError repair(UpstreamError error, UpstreamCall call) {
            // A form or no body at all is no JSON by right.
            Optional<String> invalidity = call.sendsJson() ? ChatRequest.findInvalidity(call.body()) : Optional.empty();
            if (invalidity.isPresent()) {
                ErrorCode code = ErrorCode.INVALID_JSON;
                return new UpstreamError(
                        code.status(),
                        ErrorBody.of(code, "the request body is not valid JSON: " + invalidity.get(), ""));
            }
            if (error.status() >= 500 && error.body().message().startsWith(WRONG_TYPE)) {
                Matcher path = PATH.matcher(error.body().message());
                ErrorCode code = ErrorCode.INVALID_REQUEST;
                return new UpstreamError(
                        code.status(), ErrorBody.of(code, error.body().message(), path.find() ? path.group(1) : ""));
            }
            return error;
        }
    }

    /** Foundry Local 2.x puts the C++ file, line and function before what is wrong: they are taken out of the message. */
    static final class SourceNames implements ErrorRepairs.Repair {
        /** Bounded, and never begun within a word: the text is foreign. */
        private static final Pattern SOURCE = Pattern.compile(
                "(?<![\\w./\\\\-])[\\w./\\\\-]{1,400}\\.(?:cc|cpp|cxx|h|hpp|cu):\\d{1,9}:?\\s{0,99}(?:[\\w:{}<>*&,~ ]{0,400}::~?\\w{1,200}\\([^()]{0,400}\\)\\s{0,99}(?:const\\b\\s{0,99})?)?");

        @Override
        public UpstreamError repair(UpstreamError error, UpstreamCall call) {
            String message = SOURCE.matcher(error.body().message()).replaceAll("");
            return message.equals(error.body().message()) || message.isBlank()
                    ? error
                    : error.withMessage(message.strip());
        }
    }

    /** A prompt too long for the model is told as OpenAI tells it, whatever status and words the model server has for it; the message keeps its numbers. */
    static final class ContextOverflow implements ErrorRepairs.Repair {
        private static final Pattern TOO_LONG = Pattern.compile(
                "exceeds? (?:the )?(?:model's |available )?(?:maximum )?context (?:length|size|window)"
                        + "|maximum context length is \\d+ tokens",
                Pattern.CASE_INSENSITIVE);

        @Override
        public UpstreamError repair(UpstreamError error, UpstreamCall call) {
            if (!TOO_LONG.matcher(error.body().message()).find()) {
                return error;
            }
            ErrorCode code = ErrorCode.CONTEXT_LENGTH_EXCEEDED;
            String param = call.chunked() ? "messages" : "input";
            return new UpstreamError(
                    code.status(), ErrorBody.of(code, error.body().message(), param));
        }
    }
}
