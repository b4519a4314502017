package dev.foundrygateway.hybrid;

/** Token counts where nobody counted: one token for four characters, as English text has it on average. */
final class Tokens {
    private static final int CHARACTERS_PER_TOKEN = 4;

    private Tokens() {}

    static long estimate(String text) {
        long characters = text.codePointCount(0, text.length());
        return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }
}
