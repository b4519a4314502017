package dev.foundrygateway.live;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Questions and answers of chats, where that is switched on: a part of each, the last ones, for a time. Thread-safe. */
final class Contents {
    /** Of all that are in memory. */
    static final long MOST_CHARACTERS = 8 << 20;

    private final int length;
    private final Duration retention;
    private final InstantSource clock;
    private final Map<Account, Answer> running = new ConcurrentHashMap<>();
    private final Deque<Content> kept = new ArrayDeque<>();
    private long characters;

    /**
     * What was asked and answered.
     *
     * @param id the request's id
     * @param key the configured name of the API key; empty without one
     * @param arrived when it came
     * @param question the user's last message, cut
     * @param answer the beginning of the answer; empty if there was none
     */
    record Content(String id, String key, Instant arrived, String question, String answer) implements RecordFiles.Line {
        static Content of(JsonObject json) {
            return new Content(
                    json.getString("id"),
                    json.getString("key"),
                    Entry.instant(json.getDouble("created_at")),
                    json.getString("question"),
                    json.getString("answer"));
        }

        @Override
        public JsonObject json() {
            return new JsonObject()
                    .put("id", id)
                    .put("key", key)
                    .put("created_at", arrived.toEpochMilli() / 1e3)
                    .put("question", question)
                    .put("answer", answer);
        }

        /** An object costs some, too, where nothing was said. */
        @Override
        public long characters() {
            return 200L + id.length() + key.length() + question.length() + answer.length();
        }
    }

    /** Gathers an answer. Confined to its exchange's event loop. */
    private static final class Answer implements Consumer<Frame> {
        private final int length;
        private final StringBuilder text = new StringBuilder();

        Answer(int length) {
            this.length = length;
        }

        @Override
        public void accept(Frame frame) {
            for (StreamEvent event : frame.events()) {
                if (text.length() < length && event.kind() == StreamEvent.Kind.CHUNK && event.to() > event.from()) {
                    ReplyDocument.of(frame, event)
                            .ifPresent(chunk -> text.append(cut(chunk.text(), length - text.length())));
                }
            }
        }
    }

    /**
     * Nothing yet.
     *
     * @param length how many characters of a question, and of an answer
     */
    Contents(int length, Duration retention, InstantSource clock) {
        this.length = length;
        this.retention = retention;
        this.clock = clock;
    }

    void began(Account account) {
        if (account.call().operation() == Operation.CHAT && account.call().payload() instanceof Payload.Json) {
            Answer answer = new Answer(length);
            running.put(account, answer);
            account.copyTo(answer);
        }
    }

    /** What is recorded of it; empty if it is no chat. */
    Optional<Content> ended(Account account, ExchangeReport report) {
        Answer answer = running.remove(account);
        if (answer == null) {
            return Optional.empty();
        }
        Content content = new Content(
                report.call().requestId(),
                report.call().caller().key(),
                clock.instant().minusNanos(report.totalNanos()),
                cut(report.call().request().lastUserText(), length),
                answer.text.toString());
        add(content);
        return Optional.of(content);
    }

    synchronized void add(Content content) {
        kept.addLast(content);
        characters += content.characters();
        while (characters > MOST_CHARACTERS || isOld(kept.peekFirst())) {
            Content first = kept.removeFirst();
            characters -= first.characters();
        }
    }

    private boolean isOld(@Nullable Content content) {
        return content != null && content.arrived().isBefore(clock.instant().minus(retention));
    }

    /** That of the last request of this id, with this key, which is not too old. */
    synchronized Optional<Content> find(String id, String key) {
        for (Iterator<Content> all = kept.descendingIterator(); all.hasNext(); ) {
            Content content = all.next();
            if (content.id().equals(id) && content.key().equals(key)) {
                return isOld(content) ? Optional.empty() : Optional.of(content);
            }
        }
        return Optional.empty();
    }

    /** The beginning of a text; never half a character. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, most > 0 && Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
