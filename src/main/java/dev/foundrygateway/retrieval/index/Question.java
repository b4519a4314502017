package dev.foundrygateway.retrieval.index;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What is searched for: the last thing that was asked, and what was asked before it, which tells what "it" and "there" are.
 *
 * @param turns the user's turns, the last one first; at least one, at most {@link #TURNS}
 * @param denseShare what vectors weigh beside words, from 0 to 1, where the client says so
 */
public record Question(List<String> turns, OptionalDouble denseShare) {
    /** How many turns are searched. */
    public static final int TURNS = 3;

    /** A longer turn brings a text along. What is asked of it mostly stands behind it, or else in its first line. */
    private static final int LONG = 2_000;

    private static final int BEGINNING = 500;

    private static final double[] WEIGHTS = {1, .35, .15};

    public Question {
        turns = turns.isEmpty()
                ? List.of("")
                : turns.stream().flatMap(Question::asked).limit(TURNS).toList();
    }

    private static Stream<String> asked(String given) {
        String turn = given.strip();
        if (turn.length() <= LONG) {
            return Stream.of(turn);
        }
        // A word that is cut in two would be another one.
        int from = turn.length() - LONG;
        int space = turn.indexOf(' ', from);
        int to = turn.lastIndexOf(' ', BEGINNING);
        String end = turn.substring(space < 0 || space > turn.length() - BEGINNING ? from : space + 1);
        return Stream.of(end, turn.substring(0, to < 1 ? BEGINNING : to));
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
