package dev.foundrygateway.hybrid;

/** Finds text that goes round in circles, as small models do when they have lost their thread. */
final class Repetition {
    /** How far back is looked: long enough for a repeated paragraph, short enough to cost nothing. */
    private static final int REACH = 1_200;

    private static final int LONGEST_PERIOD = 300;
    private static final int SHORTEST_LOOP = 60;
    private static final int TIMES = 4;

    private Repetition() {}

    /** Whether it ends in at least four repetitions of one piece, together no shorter than a sentence. */
    static boolean loops(String text) {
        String end = text.substring(Math.max(0, text.length() - REACH)).stripTrailing();
        for (int period = 1; period <= Math.min(LONGEST_PERIOD, end.length() / TIMES); period++) {
            int same = 0;
            int at = end.length() - 1;
            while (at - period >= 0 && end.charAt(at) == end.charAt(at - period)) {
                same++;
                at--;
            }
            int loop = same + period;
            if (loop >= Math.max(SHORTEST_LOOP, TIMES * period) && varied(end, period)) {
                return true;
            }
        }
        return false;
    }

    /** Rules, dots and table borders repeat by intent: a loop has a letter in it. */
    private static boolean varied(String end, int period) {
        return end.substring(end.length() - period).chars().anyMatch(Character::isLetter);
    }
}
