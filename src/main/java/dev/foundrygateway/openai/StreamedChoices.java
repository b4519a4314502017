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

/**
 * Several streamed chat answers to the same request, one after the other, as one stream with several choices: one id, each answer's choice under its number,
 * the counts of tokens summed and told once, and one end. Not thread-safe.
 *
 * @see MergedChoices
 */
public final class StreamedChoices {
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
    public StreamedChoices(int answers) {
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
