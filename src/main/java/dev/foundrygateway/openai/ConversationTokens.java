package dev.foundrygateway.openai;

/** A guess at how many tokens a conversation has, pictures and sound in it counted as what models make of them and not as the base64 that carries them. */
public final class ConversationTokens {
    /** No language has such words. */
    private static final int LONGEST_WORD = 1_000;

    /** What a large picture costs with the vision models in use, and about what half a minute of sound does. */
    private static final int MEDIUM_TOKENS = 1_100;

    private ConversationTokens() {}

    /** The tokens of a request's {@code messages} as JSON. */
    public static int of(String messages) {
        int tokens = 0;
        int from = 0;
        int run = 0;
        for (int i = 0; i <= messages.length(); i++) {
            if (i < messages.length() && isBase64(messages.charAt(i))) {
                run++;
                continue;
            }
            if (run >= LONGEST_WORD) {
                String before = messages.substring(from, i - run);
                tokens += TokenEstimate.of(before) + (int) Math.min(MEDIUM_TOKENS, TokenEstimate.ofCharacters(run));
                from = i;
            }
            run = 0;
        }
        return tokens + TokenEstimate.of(messages.substring(from));
    }

    /** The backslash, too: JSON may escape a slash by it. */
    private static boolean isBase64(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/'
                || c == '='
                || c == '-'
                || c == '_'
                || c == '\\';
    }
}
