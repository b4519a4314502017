package dev.foundrygateway.routing;

import java.util.regex.Pattern;

/** The beginning of a text, which a pattern may look at only so often: a pattern that tries again and again is given up. Confined to one thread. */
final class BoundedText implements CharSequence {
    private static final int MOST_CHARACTERS = 4_000;
    /** For all patterns of one request: some five hundred looks at each character, or ten milliseconds. */
    static final int MOST_LOOKS = 2_000_000;

    /** For one pattern. */
    private static final int MOST_OF_ONE = 200_000;

    private final String text;
    private final int before;
    private int looks;

    /** A pattern took too long. Carries no stack trace. */
    private static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("", null, false, false);
        }
    }

    /** A text's first 4,000 characters, to be looked at so often. */
    BoundedText(String text, int looks) {
        this.text = text.substring(0, Math.min(MOST_CHARACTERS, text.length()));
        this.before = looks;
    }

    /** How many looks are left. */
    int left() {
        return Math.max(0, before - looks);
    }

    /** Whether the pattern is found; not, where it can't be told in time. To be asked once. */
    boolean has(Pattern pattern) {
        try {
            return pattern.matcher(this).find();
        } catch (TooLongException | StackOverflowError givenUp) {
            return false;
        }
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (looks++ >= Math.min(before, MOST_OF_ONE)) {
            throw new TooLongException();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
