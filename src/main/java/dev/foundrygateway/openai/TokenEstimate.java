package dev.foundrygateway.openai;

/**
 * A guess at how many tokens a text has, without any model's tokenizer: a run of ASCII letters or digits counts one for every five characters begun, every
 * other character that is no space counts one. It errs upwards for English (about 1.1 times what byte-pair tokenizers of today say), so that a budget holds.
 *
 * <p>Beside this rule stands a second, {@link #ofCharacters}, of four characters a token: it can't go. The hybrid models' calibration was fitted to lengths that it
 * gave; usage of Foundry Local 0.x, whose texts nobody keeps, and Messages' count before an answer know lengths alone, and follow the workshop, which counts so.
 * Budgets and limits of sources use the first.
 */
public final class TokenEstimate {
    /** How many ASCII letters or digits in a row count as one token. */
    public static final int RUN = 5;

    private static final int CHARACTERS_PER_TOKEN = 4;

    private TokenEstimate() {}

    /** The guess where only the length is known, or where English text is meant: a token for every four characters begun. */
    public static long ofCharacters(long characters) {
        return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }

    /** {@link #ofCharacters} of a text, whose characters outside the basic plane count once. */
    public static long ofLength(CharSequence text) {
        return ofCharacters(Character.codePointCount(text, 0, text.length()));
    }

    /** The guess by the text itself. */
    public static int of(CharSequence text) {
        int tokens = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80 && Character.isLetterOrDigit(c)) {
                if (run++ % RUN == 0) {
                    tokens++;
                }
            } else {
                run = 0;
                if (c > ' ' && !Character.isLowSurrogate(c)) {
                    tokens++;
                }
            }
        }
        return tokens;
    }
}
