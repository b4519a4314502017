package dev.foundrygateway.retrieval.index;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What is searched for: the last thing that was asked, and what was asked before it, which tells what "it" and "there" are.
 *
 * @param turns the user's turns, the last one first; at least one, at most {@link #TURNS}
 * @param denseShare what vectors weigh beside words, from 0 to 1, where the client says so
 */
public record Question(List<String> turns, OptionalDouble denseShare) {
    /** How many turns are searched. */
    public static final int TURNS = 3;

    /** Of a longer turn the beginning is searched. */
    private static final int MAX_CHARACTERS = 20_000;

    private static final double[] WEIGHTS = {1, .35, .15};

    public Question {
        turns = turns.isEmpty()
                ? List.of("")
                : turns.stream()
                        .limit(TURNS)
                        .map(turn -> turn.substring(0, Math.min(MAX_CHARACTERS, turn.length())))
                        .toList();
    }

    /** Ranked as the store is. */
    public Question(List<String> turns) {
        this(turns, OptionalDouble.empty());
    }

    /** A question without any before it. */
    public static Question of(String text) {
        return new Question(List.of(text));
    }

    /** The last turn. */
    public String text() {
        return turns.get(0);
    }

    /** What a word or vector of that turn counts beside one of the last turn. */
    static double weight(int turn) {
        return WEIGHTS[turn];
    }
}
