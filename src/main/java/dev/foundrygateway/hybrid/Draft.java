package dev.foundrygateway.hybrid;

import dev.foundrygateway.openai.ModelOutput;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * A draft as far as it has come.
 *
 * @param text what it says
 * @param toolArguments the arguments of its tool calls
 * @param logprobs its tokens' log-probabilities; empty where the upstream gives none
 * @param finishReason why it ended; empty if it did not say
 */
public record Draft(String text, List<String> toolArguments, List<Double> logprobs, String finishReason) {
    public static Draft of(String text) {
        return new Draft(text, List.of(), List.of(), "stop");
    }

    /** Its beginning of at most so many characters, with the log-probabilities of as large a part of its tokens. */
    public Draft opening(int characters) {
        if (text.length() <= characters) {
            return new Draft(text, List.of(), logprobs, finishReason);
        }
        int tokens = (int) ((long) logprobs.size() * characters / text.length());
        return new Draft(text.substring(0, characters), List.of(), logprobs.subList(0, tokens), "");
    }

    /** Whether it broke off at its token limit. */
    boolean cut() {
        return finishReason.equals("length");
    }

    /** Its length as the workshop counts it: in Unicode code points. */
    public int characters() {
        return text.codePointCount(0, text.length());
    }

    /** Reads a draft as it comes, for those who judge it: its answer, and not what the model thinks before. Not thread-safe. */
    static final class Reader {
        private final ThoughtFilter text = new ThoughtFilter();
        private final List<Frame> tools = new ArrayList<>();
        private final List<Double> logprobs = new ArrayList<>();
        private boolean reasoned;
        private long pieces;

        /** The next frame, of a stream or of a plain reply. */
        void take(Frame frame) {
            for (int i = 0; i < frame.events().size(); i++) {
                StreamEvent event = frame.events().get(i);
                if (event.kind() == StreamEvent.Kind.CHUNK && event.to() > event.from()) {
                    take(new Frame(frame.bytes(), List.of(event)), event);
                }
            }
        }

        private void take(Frame one, StreamEvent event) {
            ModelOutput output = ModelOutput.read(List.of(one));
            boolean calls = !output.toolArguments().isEmpty();
            if (calls) {
                tools.add(one);
            }
            reasoned |= event.token() && !calls && output.text().isEmpty();
            int before = text.length();
            boolean thought = text.thought();
            text.take(output.text());
            if (text.length() < before) {
                pieces = 0;
                logprobs.clear();
            } else if (calls || text.length() > before) {
                boolean blank = (reasoned || text.thought()) && !calls && !text.begun();
                pieces += blank ? 0 : 1;
                if (thought == text.thought()) {
                    logprobs.addAll(output.logprobs());
                }
            }
        }

        /** Pieces of the answer so far, tokens as a rule: what fills the hold. The blank ones between a thought and its answer are none. */
        long pieces() {
            return pieces;
        }

        /** The draft as far as it was read, which ended for that reason. */
        Draft draft(String finishReason) {
            return new Draft(
                    text.answer(), ModelOutput.read(tools).toolArguments(), List.copyOf(logprobs), finishReason);
        }

        /** Of a text that has been gathered already: what of it is answer. */
        static String answer(String whole) {
            ThoughtFilter filter = new ThoughtFilter();
            filter.take(whole);
            return filter.answer();
        }
    }
}
