package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.OfferedTools;
import dev.foundrygateway.openai.PlainChat;
import dev.foundrygateway.openai.ReplyDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The repairs of one streamed answer in a row: what one hands on, the next takes. Confined to the exchange's event loop. */
public final class EventRepairs {
    /** Repairs the chunks of one streamed answer, one after the other. Has state, so it serves one answer. Confined to the exchange's event loop. */
    interface Repair {
        /**
         * Takes the next chunk and hands on none, it, or several.
         *
         * @param next takes what comes of it; called before this returns
         */
        void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next);

        /** The upstream's answer is at its end: hands on what was held back or is missing. */
        default void end(Consumer<ReplyDocument> next) {}

        /** Whether the answer is whole now, whatever the upstream still has to say. */
        default boolean complete() {
            return false;
        }

        /** Whether what is still to come passes as it is. */
        default boolean idle() {
            return false;
        }
    }

    /** None: every event passes as it came. Shared by all answers, so it must stay without state. */
    public static final EventRepairs NONE = new EventRepairs(List.of());

    private final List<Repair> row;
    private boolean ended;

    EventRepairs(List<Repair> row) {
        this.row = row;
    }

    static EventRepairs of(Repair repair) {
        return new EventRepairs(List.of(repair));
    }

    /**
     * For an answer whose model is offered tools, before a server that repairs nothing else.
     *
     * @param one whether it may call one of them at most
     */
    public static EventRepairs ofCalls(Supplier<OfferedTools> tools, boolean one) {
        List<Repair> row = new ArrayList<>(List.of(new HarmonyMarkers()));
        addCalls(row, tools, one);
        return new EventRepairs(row);
    }

    /** Adds those of tool calls, in their order. */
    static void addCalls(List<Repair> row, Supplier<OfferedTools> tools, boolean one) {
        row.add(new RawToolCalls(tools));
        row.add(new ProperCalls(tools));
        if (one) {
            row.add(new OneCall());
        }
    }

    /** These for an answer that is read chunk by chunk anyway: where there are none, at least the marks of gpt-oss are read. */
    public EventRepairs orMarkers() {
        return row.isEmpty() ? of(new HarmonyMarkers()) : this;
    }

    boolean isEmpty() {
        return row.isEmpty();
    }

    /** Takes the next chunk; {@code out} gets what leaves. */
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> out) {
        if (!ended) {
            PlainChat.apart(chunk).forEach(from(0, out));
        }
    }

    /** The answer ended, by {@code [DONE]}, with the body or because it is complete. A second time does nothing. */
    public void end(Consumer<ReplyDocument> out) {
        if (!ended && !row.isEmpty()) {
            ended = true;
            for (int i = 0; i < row.size(); i++) {
                row.get(i).end(from(i + 1, out));
            }
        }
    }

    /** Whether the answer is whole although the upstream goes on. */
    public boolean complete() {
        for (int i = 0; i < row.size(); i++) {
            if (row.get(i).complete()) {
                return true;
            }
        }
        return false;
    }

    /** Whether what is still to come passes all of them as it is. */
    boolean idle() {
        for (int i = 0; i < row.size(); i++) {
            if (!row.get(i).idle()) {
                return false;
            }
        }
        return true;
    }

    private Consumer<ReplyDocument> from(int index, Consumer<ReplyDocument> out) {
        if (index == row.size()) {
            return out;
        }
        Consumer<ReplyDocument> next = from(index + 1, out);
        return chunk -> row.get(index).chunk(chunk, next);
    }

    /** A new id: 16 hexadecimal digits behind a prefix, unique enough to tell answers apart and no secret. */
    static String newId(String prefix) {
        return prefix + String.format("%016x", ThreadLocalRandom.current().nextLong());
    }
}
