package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.openai.sse.Usage;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Several plain chat answers to the same request as one answer with several choices. */
public final class MergedChoices {
    private static final List<String> COUNTS = List.of("prompt_tokens", "completion_tokens", "total_tokens");

    private MergedChoices() {}

    /**
     * The answers as one: the first one's members, all choices numbered anew, the counts of tokens summed, since each answer cost its own.
     *
     * @param answers plain chat answers, at least one
     * @throws IllegalArgumentException when one of them is no JSON object
     */
    public static Frame of(List<Frame> answers) {
        Json merged = parse(answers.get(0).bytes());
        Json choices = merged.array("choices");
        Json usage = merged.get("usage").isObject() ? merged.get("usage") : Json.object();
        for (Frame answer : answers.subList(1, answers.size())) {
            Json other = parse(answer.bytes());
            for (Json choice : other.get("choices").elements()) {
                if (choice.isObject()) {
                    choices.add(choice.set("index", choices.size()));
                }
            }
            addCounts(usage, other.get("usage"));
        }
        Frame frame = Frame.answer(merged.buffer());
        boolean measured = answers.stream()
                .flatMap(answer -> answer.events().stream())
                .allMatch(event -> event.usage().known());
        return measured
                ? frame
                : new Frame(
                        frame.bytes(),
                        frame.events().stream().map(StreamEvent::withoutUsage).toList());
    }

    /** Adds the counts of one {@code usage} object to those of another. */
    static void addCounts(Json usage, Json other) {
        for (String count : COUNTS) {
            usage.set(count, usage.get(count).count(0) + other.get(count).count(0));
        }
    }

    /** Sets the counts of one {@code usage} object to those of another. */
    static void setCounts(Json usage, Json other) {
        COUNTS.forEach(count -> usage.set(count, other.get(count).count(0)));
    }

    private static Json parse(Buffer json) {
        return Json.parse(json)
                .filter(Json::isObject)
                .orElseThrow(() -> new IllegalArgumentException("an answer is not a JSON object"));
    }

    /**
     * Several streamed chat answers to the same request, one after the other, as one stream with several choices: one id, each answer's choice under its number,
     * the counts of tokens summed and told once, and one end. Not thread-safe.
     *
     * @see MergedChoices
     */
    public static final class Streamed {
        private final int answers;
        private final Json counts = Json.object();
        private String id = "";
        private int at;
        private Usage before = Usage.NONE;
        private Usage now = Usage.NONE;

        /**
         * For so many answers.
         *
         * @param answers at least one
         */
        public Streamed(int answers) {
            this.answers = answers;
        }

        /** A frame of the answer that is under way. The end that isn't the last one is left out. */
        public Frame take(Frame frame) {
            List<StreamEvent> events = new ArrayList<>(frame.events().size());
            Buffer bytes = Buffer.buffer(frame.bytes().length());
            for (StreamEvent event : frame.events()) {
                if (event.kind() == Kind.DONE && !isLast()) {
                    continue;
                }
                int from = bytes.length();
                Optional<ReplyDocument> chunk = event.kind() == Kind.CHUNK && event.to() > event.from()
                        ? ReplyDocument.of(frame, event)
                        : Optional.empty();
                if (chunk.isPresent()) {
                    write(chunk.get(), bytes);
                } else {
                    bytes.appendBuffer(frame.bytes(), event.from(), event.to() - event.from());
                }
                if (event.usage().known()) {
                    now = event.usage();
                }
                Usage known = event.usage().known() ? event.usage().plus(before) : event.usage();
                events.add(event.at(from, bytes.length()).withUsage(known));
            }
            return new Frame(bytes, events);
        }

        private void write(ReplyDocument chunk, Buffer bytes) {
            if (id.isEmpty()) {
                id = chunk.id();
            } else {
                chunk.setId(id);
            }
            chunk.setIndex(at);
            if (chunk.usageOnly()) {
                MergedChoices.addCounts(counts, chunk.root().get("usage"));
                if (!isLast()) {
                    return;
                }
                MergedChoices.setCounts(chunk.root().get("usage"), counts);
            }
            bytes.appendBuffer(chunk.event());
        }

        private boolean isLast() {
            return at + 1 == answers;
        }

        /** The answer under way has ended; what comes is the next one's. */
        public void next() {
            at++;
            before = before.plus(now);
            now = Usage.NONE;
        }
    }
}
