package dev.foundrygateway.openai.sse;

/**
 * What one server-sent event of a stream means, and where it lies in its {@link Frame}'s bytes. One chunk may be several things at once (Foundry
 * Local 1.x puts usage into every chunk, llama.cpp may put a token and the finish reason into one), so they are flags, not kinds that exclude each
 * other.
 *
 * @param kind what its data is
 * @param output what output it carries: a non-empty {@code content}, {@code reasoning_content} (or {@code reasoning}), {@code refusal} or
 *     tool-call delta ({@code tool_calls}, or the older {@code function_call}) of a chat chunk; a non-empty {@code text} of a completions chunk; a non-empty string {@code delta} of a {@code response.*.delta} event
 * @param finishReason the first non-null {@code choices[].finish_reason} (for the responses API: "stop" for {@code response.completed},
 *     "length" for {@code response.incomplete}), empty if none
 * @param usage its {@code usage} object (for the responses API: {@code response.usage}), or {@link Usage#NONE}
 * @param choices whether its {@code choices} array has an object: a chunk with usage and without choices is the pure usage chunk
 * @param from first byte in the frame
 * @param to one past its last byte, the closing blank line included
 */
public record StreamEvent(
        Kind kind, Output output, String finishReason, Usage usage, boolean choices, int from, int to) {
    /** What output an event carries. */
    public enum Output {
        NONE,
        /** Thinking as a member of its own, and nothing of the answer. */
        THINKING,
        /** Something of the answer. */
        ANSWER,
        /** Something of the answer whose text begins with what may open a marker: {@code <}, whitespace or an escape. */
        MARKED
    }

    /** What the data of an event is. */
    public enum Kind {
        /** No data line: a comment, a lone event name, a blank line. */
        COMMENT,
        /** A JSON object that is not an error. */
        CHUNK,
        /**
         * A JSON object with a top-level {@code error} that is not null; one without {@code choices} whose {@code object} is {@code error} or that has a {@code message}
         * or {@code detail}, as vLLM and FastAPI say it; a line {@code error:}, as llama.cpp did; a responses event of type {@code error} or {@code response.failed}.
         */
        ERROR,
        /** {@code [DONE]}. */
        DONE,
        /** Data that is no JSON object. */
        OTHER
    }

    /** Whether it carries output, be it thinking or answer. */
    public boolean token() {
        return output != Output.NONE;
    }

    /** Whether it carries something of the answer, not thinking alone. Thinking between tags in the text counts as text. */
    public boolean answer() {
        return output == Output.ANSWER || output == Output.MARKED;
    }

    /** Whether this is the chunk that {@code stream_options.include_usage} asks for: usage, and no choice. */
    public boolean usageOnly() {
        return kind == Kind.CHUNK && usage.known() && !choices;
    }

    /** The same event without its counts, where they are an estimate that nobody should measure. */
    public StreamEvent withoutUsage() {
        return withUsage(Usage.NONE);
    }

    /** The same event with other counts. */
    public StreamEvent withUsage(Usage other) {
        return other.equals(usage) ? this : new StreamEvent(kind, output, finishReason, other, choices, from, to);
    }

    /** The same event at another place. */
    public StreamEvent at(int otherFrom, int otherTo) {
        return new StreamEvent(kind, output, finishReason, usage, choices, otherFrom, otherTo);
    }
}
