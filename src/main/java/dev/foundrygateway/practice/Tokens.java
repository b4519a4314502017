package dev.foundrygateway.practice;

import java.util.ArrayList;
import java.util.List;

/** The practice upstream's tokens: words, each with the white space before it. */
final class Tokens {
    private Tokens() {}

    /** Splits a text into its tokens, which joined are the text again; white space at the end belongs to the last one. */
    static List<String> split(String text) {
        List<String> tokens = new ArrayList<>();
        int end = text.stripTrailing().length();
        int start = 0;
        for (int i = 1; i < end; i++) {
            if (Character.isWhitespace(text.charAt(i)) && !Character.isWhitespace(text.charAt(i - 1))) {
                tokens.add(text.substring(start, i));
                start = i;
            }
        }
        if (end > 0) {
            tokens.add(text.substring(start));
        }
        return tokens;
    }
}
