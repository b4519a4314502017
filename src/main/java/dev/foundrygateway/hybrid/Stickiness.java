package dev.foundrygateway.hybrid;

import dev.foundrygateway.openai.ChatMessage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who answered the last turn of the conversations that were seen lately. That model's server has read the conversation and may still have it in its prefix cache, so
 * it answers the next turn sooner and for less; it is preferred where the score leaves open who shall. Bounded: the conversation that was used longest ago is
 * forgotten first. Holds hashes, no text. Thread-safe.
 */
final class Stickiness {
    /** How many conversations are remembered. */
    static final int MOST = 2_000;

    /** For how long: a server that was asked other things meanwhile has given the cache to those. */
    static final Duration KEPT = Duration.ofMinutes(10);

    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final double width;
    private final Map<Long, Turn> turns = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Turn> eldest) {
            return size() > MOST;
        }
    };

    /** Who answered, and when by the clock that does not go back; nobody where conversations that begin alike were answered by both. */
    private record Turn(Optional<Side> side, long nanos) {}

    /**
     * One caller's conversation, as hashes of its questions and answers: what its program says around them may change from turn to turn.
     *
     * @param last up to the question before this one, or up to this one where a model has answered it with tool calls; empty in the first turn
     * @param now up to this question; empty if there is none
     */
    record Conversation(Optional<Long> last, Optional<Long> now) {
        static final Conversation NONE = new Conversation(Optional.empty(), Optional.empty());

        /**
         * Reads it.
         *
         * @param question what the user asked now, without sources that stand around it now and will not in the next turn
         */
        static Conversation of(String caller, List<ChatMessage> messages, String question) {
            int end = before(messages, messages.size());
            Optional<Long> now = end < 0 ? Optional.empty() : Optional.of(hash(caller, messages, end, question));
            int earlier = before(messages, end);
            if (end >= 0 && messages.subList(end + 1, messages.size()).stream().anyMatch(Conversation::ofTool)) {
                return new Conversation(now, now);
            }
            return new Conversation(
                    earlier < 0
                            ? Optional.empty()
                            : Optional.of(hash(
                                    caller,
                                    messages,
                                    earlier,
                                    messages.get(earlier).text())),
                    now);
        }

        private static boolean ofTool(ChatMessage message) {
            return message.role().equals("tool") || message.role().equals("function");
        }
    }

    /**
     * Of one virtual model.
     *
     * @param width how far from the threshold a score may lie for it
     */
    Stickiness(double width) {
        this.width = width;
    }

    /** Who answered the turn before this one; empty if this is the first, or if that is not known or too long ago. */
    synchronized Optional<Side> last(Conversation conversation, long nowNanos) {
        return conversation
                .last()
                .map(turns::get)
                .filter(turn -> isFresh(turn, nowNanos))
                .flatMap(Turn::side);
    }

    /** Remembers who answered this turn. */
    synchronized void answered(Conversation conversation, Side side, long nowNanos) {
        conversation.now().ifPresent(key -> {
            Turn before = turns.get(key);
            boolean both = before != null
                    && isFresh(before, nowNanos)
                    && !before.side().equals(Optional.of(side));
            turns.put(key, new Turn(both ? Optional.empty() : Optional.of(side), nowNanos));
        });
    }

    private static boolean isFresh(Turn turn, long nowNanos) {
        return nowNanos - turn.nanos() <= KEPT.toNanos();
    }

    /**
     * What follows where the score is undecided: the side that answered last, answers again. A rule that has decided and a clear score stay. Pure.
     *
     * @param threshold what the score was compared with
     */
    Verdict prefer(Verdict verdict, double threshold, Side last) {
        boolean open = verdict.undecided(threshold, width);
        if (open && last == Side.LARGE && verdict instanceof Verdict.Keep) {
            return new Verdict.Escalate(Signal.STICKY, verdict.score());
        }
        return open && last == Side.DRAFT && verdict instanceof Verdict.Escalate
                ? new Verdict.Keep(Signal.STICKY, verdict.score())
                : verdict;
    }

    /** The place of the last user message before that one; below 0 if there is none. */
    private static int before(List<ChatMessage> conversation, int end) {
        int at = end - 1;
        while (at >= 0 && !conversation.get(at).role().equals("user")) {
            at--;
        }
        return at;
    }

    /** Of all questions and answers up to that one, with that text in its place. */
    private static long hash(String caller, List<ChatMessage> messages, int end, String question) {
        long hash = caller.hashCode();
        for (ChatMessage message : messages.subList(0, end)) {
            if (message.role().equals("user") || message.role().equals("assistant")) {
                hash = (hash + message.role().hashCode()) * MIX + message.text().hashCode();
            }
        }
        return hash * MIX + question.hashCode();
    }
}
