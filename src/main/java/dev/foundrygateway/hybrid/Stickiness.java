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

    /** Who answered, and when by the clock that does not go back. */
    private record Turn(Side side, long nanos) {}

    /**
     * Of one virtual model.
     *
     * @param width how far from the threshold a score may lie for it
     */
    Stickiness(double width) {
        this.width = width;
    }

    /** Who answered the turn before this one; empty if this is the first, or if that is not known or too long ago. */
    synchronized Optional<Side> last(List<ChatMessage> conversation, long nowNanos) {
        int end = before(conversation, conversation.size());
        int earlier = before(conversation, end);
        Turn turn = earlier < 0
                ? null
                : turns.get(
                        hash(conversation, earlier, conversation.get(earlier).text()));
        return turn == null || nowNanos - turn.nanos() > KEPT.toNanos() ? Optional.empty() : Optional.of(turn.side());
    }

    /**
     * Remembers who answered this turn.
     *
     * @param question what the user asked, without sources that stand around it now and will not in the next turn
     */
    synchronized void answered(List<ChatMessage> conversation, String question, Side side, long nowNanos) {
        int end = before(conversation, conversation.size());
        if (end >= 0) {
            turns.put(hash(conversation, end, question), new Turn(side, nowNanos));
        }
    }

    /**
     * What follows where the score is undecided: the side that answered last, answers again. A rule that has decided and a clear score stay. Pure.
     *
     * @param threshold what the score was compared with
     */
    Verdict prefer(Verdict verdict, double threshold, Side last) {
        boolean open = verdict.score().isPresent()
                && Math.abs(verdict.score().getAsDouble() - threshold) <= width
                && !verdict.reason().decides();
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

    /** Of all messages up to that one, with that text in its place. */
    private static long hash(List<ChatMessage> conversation, int end, String question) {
        long hash = 0;
        for (ChatMessage message : conversation.subList(0, end)) {
            hash = (hash + message.role().hashCode()) * MIX + message.text().hashCode();
        }
        return hash * MIX + question.hashCode();
    }
}
