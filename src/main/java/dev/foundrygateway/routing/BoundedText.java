package dev.foundrygateway.routing;

import java.util.regex.Pattern;

/** The beginning of a text, which a pattern may look at only so often: a pattern that tries again and again is given up. Confined to one thread. */
final class BoundedText implements CharSequence {
    private static final int MOST_CHARACTERS = 4_000;
    /** Some fifty looks at each character; less than a millisecond. */
    private static final int MOST_LOOKS = 200_000;

    private final String text;
    private int looks;

    /** A pattern took too long. Carries no stack trace. */
    private static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("", null, false, false);
        }
    }

    private BoundedText(String text) {
        this.text = text;
    }

    /** Whether the pattern is found in the text's first 4,000 characters; not, where it can't be told in time. */
    static boolean find(Pattern pattern, String text) {
        try {
            return pattern.matcher(new BoundedText(text.substring(0, Math.min(MOST_CHARACTERS, text.length()))))
                    .find();
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
        if (looks++ > MOST_LOOKS) {
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
