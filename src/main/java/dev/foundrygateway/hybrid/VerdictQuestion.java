package dev.foundrygateway.hybrid;

import java.text.Normalizer;
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
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}]{1,20}");
    private static final Set<String> RIGHT =
            Set.of(("yes y yep yeah yup true correct right ja richtig wahr korrekt oui vrai sí si sì sim"
                            + " correcto corretto correto vero verdadero da да так tak ano áno igen evet doğru ναι kyllä jah jo"
                            + " 是 是的 对 对的 對 正确 正确的 正確 はい 正しい 正しいです 正解 네 예 맞습니다 نعم صحيح हाँ हां सही כן")
                    .split(" ", -1));
    private static final Set<String> WRONG =
            Set.of(("no n nope nah not false incorrect wrong nein falsch non faux não nao nie"
                            + " nee nej nei ne nem нет ні falso incorrecto sbagliato errato errado hayır hayir yanlış όχι ei"
                            + " 不 否 不是 不是的 不对 不對 不正确 不正確 错 错误 錯誤 いいえ 正しくない 正しくありません 違います 間違い 不正解"
                            + " 아니요 아니오 아닙니다 لا خطأ नहीं गलत לא")
                    .split(" ", -1));
    /** Words that begin as a no does, and say something else. */
    private static final Pattern UNREAD = Pattern.compile(
            "^[^\\p{L}]{0,20}(?:n/a|not (?:sure|certain|applicable|enough|clear|known|possible|able)"
                    + "|no (?:idea|errors?|mistakes?|problems?|issues?|doubt|answer|information|clue|opinion|objections?|lo sé|sé"
                    + "|hay|tengo|estoy segur[oa])|non (?:lo so|so|sono sicur[oa]|saprei)|não (?:sei|tenho certeza)|nie (?:wiem|jestem)"
                    + "|ne (?:sais|vem|znam)|nem (?:tudom|sei))(?!\\p{L})",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

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
        if (UNREAD.matcher(answer).find()) {
            return OptionalDouble.empty();
        }
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
        Matcher matcher = WORD.matcher(
                Normalizer.normalize(text.substring(0, Math.min(400, text.length())), Normalizer.Form.NFC));
        while (matcher.find()) {
            words.add(matcher.group().toLowerCase(Locale.ROOT));
        }
        return words;
    }
}
