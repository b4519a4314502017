package dev.foundrygateway.hybrid;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the large model is asked about a draft, and how its word is read. The question stands at the end of the user's own message: up to there the prompt is the
 * one of the answer that may follow, so the server reads it once. As a turn of its own the draft would be taken for the model's own answer, which it defends.
 * Pure.
 */
public final class VerdictQuestion {
    private static final Pattern WORD = Pattern.compile("\\p{L}{1,20}");
    private static final Set<String> RIGHT =
            Set.of("yes", "y", "true", "correct", "right", "ja", "oui", "sí", "si", "sim", "da", "是", "对", "はい");
    private static final Set<String> WRONG = Set.of(
            "no", "n", "not", "false", "incorrect", "wrong", "nein", "non", "não", "nao", "nie", "不", "否", "不是", "いいえ");
    private static final Pattern THINKS = Pattern.compile(
            "gpt-oss|gpt-5|(?<![a-z])o[134](?![a-z0-9])|(?<![a-z])r1(?![a-z0-9])|qwq|qwen3|reason|think|magistral",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern TAKES_EFFORT =
            Pattern.compile("gpt-oss|gpt-5|(?<![a-z])o[134](?![a-z0-9])", Pattern.CASE_INSENSITIVE);

    private VerdictQuestion() {}

    /**
     * The text behind the user's question.
     *
     * @param whole whether the draft has ended
     */
    public static String text(String draft, boolean whole) {
        return whole
                ? "\n\nProposed answer: " + draft + "\nIs the proposed answer correct? Reply with one word, yes or no."
                : "\n\nA proposed answer begins: " + draft
                        + " …\nIs it correct so far? Reply with one word, yes or no.";
    }

    /** Whether a model of that name thinks before it says a word, so that one token is not enough. */
    static boolean thinks(String model) {
        return THINKS.matcher(model).find();
    }

    /** Whether a model of that name can be told to think little. */
    static boolean takesEffort(String model) {
        return TAKES_EFFORT.matcher(model).find();
    }

    /**
     * How likely the draft is wrong by that word.
     *
     * @param answer what the model said, its thoughts left out
     * @param candidates what could have been its first token, with log-probabilities; empty where they are not known
     * @return 0 or 1 by the word alone; empty if no verdict can be read
     */
    public static OptionalDouble wrong(String answer, Map<String, Double> candidates) {
        OptionalDouble said = word(answer);
        double wrong = 0;
        double right = 0;
        for (Map.Entry<String, Double> candidate : candidates.entrySet()) {
            OptionalDouble one = first(candidate.getKey());
            if (one.isPresent()) {
                double part = Math.exp(Math.min(0, candidate.getValue()));
                wrong += one.getAsDouble() * part;
                right += (1 - one.getAsDouble()) * part;
            }
        }
        // Where the first token is no such word, the model thinks aloud and its probabilities are of something else.
        return said.isEmpty() || wrong + right < 0.5 ? said : OptionalDouble.of(wrong / (wrong + right));
    }

    private static OptionalDouble word(String answer) {
        OptionalDouble first = first(answer);
        if (first.isPresent()) {
            return first;
        }
        List<String> words = words(answer);
        boolean yes = words.contains("yes");
        boolean no = words.contains("no");
        return yes == no ? OptionalDouble.empty() : OptionalDouble.of(no ? 1 : 0);
    }

    private static OptionalDouble first(String text) {
        List<String> words = words(text);
        if (words.isEmpty()) {
            return OptionalDouble.empty();
        }
        return RIGHT.contains(words.get(0))
                ? OptionalDouble.of(0)
                : WRONG.contains(words.get(0)) ? OptionalDouble.of(1) : OptionalDouble.empty();
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text.substring(0, Math.min(400, text.length())));
        while (matcher.find()) {
            words.add(matcher.group().toLowerCase(Locale.ROOT));
        }
        return words;
    }
}
