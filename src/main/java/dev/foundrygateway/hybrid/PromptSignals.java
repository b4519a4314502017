package dev.foundrygateway.hybrid;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The signals that are known before any model has read the prompt. Pure. */
public final class PromptSignals {
    private static final double SAME_QUESTION = 0.8;
    private static final int LONG_WORD = 4;
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private PromptSignals() {}

    public static SignalValues read(Prompt prompt) {
        SignalValues values = new SignalValues()
                .set(Signal.PRIORITY, prompt.highPriority())
                .set(Signal.FLAGGED, prompt.flagged())
                .set(
                        Signal.CONTEXT_LIMIT,
                        prompt.contextLength().isPresent()
                                && prompt.tokens() > prompt.contextLength().getAsLong())
                .set(Signal.ASKED_AGAIN, prompt.earlier().stream().anyMatch(before -> same(before, prompt.text())))
                .set(Signal.PROMPT_LENGTH, Math.log1p(prompt.text().length()))
                .set(
                        Signal.PROMPT_NUMBERS,
                        Math.log1p(Arithmetic.numbers(prompt.text()).size()));
        if (prompt.support().isPresent()) {
            values.set(Signal.RETRIEVAL_SUPPORT, 1 - prompt.support().getAsDouble());
        } else if (!prompt.sources().isEmpty()) {
            values.set(Signal.RETRIEVAL_SUPPORT, missing(prompt.text(), prompt.sources()));
        }
        return values;
    }

    /** The share of a text's longer words that the sources don't have; 0 if it has no such words. */
    static double missing(String text, String sources) {
        Set<String> known = words(sources);
        Set<String> asked = words(text);
        asked.removeIf(word -> word.length() < LONG_WORD);
        long missing = asked.stream().filter(word -> !known.contains(word)).count();
        return asked.isEmpty() ? 0 : (double) missing / asked.size();
    }

    private static boolean same(String one, String other) {
        Set<String> a = words(one);
        Set<String> b = words(other);
        Set<String> both = new HashSet<>(a);
        both.retainAll(b);
        int all = a.size() + b.size() - both.size();
        return all > 0 && (double) both.size() / all >= SAME_QUESTION;
    }

    private static Set<String> words(String text) {
        Set<String> words = new HashSet<>();
        for (String word : NO_WORD.split(text.toLowerCase(Locale.ROOT), -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }
}
