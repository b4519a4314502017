package dev.foundrygateway.start;

import java.util.Collection;
import java.util.Optional;

/** Finds the word that somebody may have meant. */
final class Spelling {
    private static final int PART = 4;
    private static final int LEAST = 2;

    private Spelling() {}

    /** The word that is nearest to this one; empty if none is near: at most a quarter of its letters, and two at least, may differ. */
    static Optional<String> nearest(String word, Collection<String> words) {
        int most = Math.max(LEAST, word.length() / PART);
        Optional<String> best = Optional.empty();
        for (String other : words) {
            int distance = distance(word, other);
            if (distance <= most && distance < Math.min(word.length(), other.length())) {
                most = distance - 1;
                best = Optional.of(other);
            }
        }
        return best;
    }

    /** {@code "; did you mean …?"}, or nothing. */
    static String hint(Optional<String> word) {
        return word.map(meant -> "; did you mean " + meant + "?").orElse("");
    }

    /**
     * How many letters must be put in, left out, replaced or exchanged with the next.
     *
     * @see <a href="https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance">optimal string alignment distance</a>
     */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int other = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + other);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
