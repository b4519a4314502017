package dev.foundrygateway.openai;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The language of a text, as far as its script or its commonest words tell. Says nothing where it cannot be sure. */
public enum Language {
    ENGLISH("the of and to is are was that with for this what how does which from have not you can"),
    GERMAN("der die das und ist sind war nicht mit ein eine den dem was wie wird auf für auch von"),
    FRENCH("le la les des et est sont une dans que qui pour pas avec sur comment vous quel cette du"),
    SPANISH("el los las es son una que para con por como qué cuál cómo está del más pero sus"),
    ITALIAN("il gli è sono una che per con come della del non più nel cosa quale anche sul alla"),
    PORTUGUESE("os uma é são que para com como não mais qual você dos das em também pelo está ao"),
    CHINESE_OR_JAPANESE(""),
    KOREAN(""),
    CYRILLIC(""),
    ARABIC("");

    private static final String SPACED =
            "[\\p{L}\\p{N}&&[^\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}ー\\p{IsThai}\\p{IsLao}\\p{IsKhmer}]]";
    private static final int SURE = 3;
    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}]+");
    private static final Pattern OTHER_LANGUAGE_WANTED = Pattern.compile(
            "translat|übersetz|tradu[ciz]|\\b(?:in|auf|en|em|into) (?:english|german|french|spanish|italian|portuguese|chinese|japanese|korean|russian"
                    + "|arabic|englisch|deutsch|französisch|spanisch|italienisch|anglais|allemand|français|espagnol|inglés|alemán|francés|español)",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    /** Its words, each between spaces. */
    private final String words;

    Language(String words) {
        this.words = " " + words + " ";
    }

    /** Whether an answer is surely in another language than its question, and nobody asked for that. */
    public static boolean differ(String question, String answer) {
        Optional<Language> asked = of(question);
        Optional<Language> answered = of(answer);
        return asked.isPresent()
                && answered.isPresent()
                && asked.get() != answered.get()
                && !OTHER_LANGUAGE_WANTED.matcher(question).find();
    }

    /** The text's language; empty if it is not sure. */
    public static Optional<Language> of(String text) {
        Optional<Language> byScript = byScript(text);
        if (byScript.isPresent()) {
            return byScript;
        }
        Map<Language, Integer> hits = new EnumMap<>(Language.class);
        for (String word : NO_LETTERS.split(text.toLowerCase(Locale.ROOT), -1)) {
            for (Language language : values()) {
                if (!word.isEmpty() && language.words.contains(" " + word + " ")) {
                    hits.merge(language, 1, Integer::sum);
                }
            }
        }
        Optional<Language> best = Optional.empty();
        int most = 0;
        int second = 0;
        for (Map.Entry<Language, Integer> hit : hits.entrySet()) {
            if (hit.getValue() > most) {
                second = most;
                most = hit.getValue();
                best = Optional.of(hit.getKey());
            } else {
                second = Math.max(second, hit.getValue());
            }
        }
        return most >= SURE && most >= 2 * second ? best : Optional.empty();
    }

    /**
     * Whether a word that begins or ends with this letter or digit has an edge there: not in scripts that are written without blanks, as Chinese, Japanese,
     * Thai, Lao and Khmer are.
     */
    public static boolean isSpaced(int letter) {
        return switch (Character.UnicodeScript.of(letter)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER -> false;
            // The long vowel of Japanese is in no script of its own.
            default -> Character.isLetterOrDigit(letter) && letter != 'ー';
        };
    }

    /** A pattern of a word or phrase as it stands in a text, in any case. */
    public static Pattern word(String word) {
        String before = isSpaced(word.codePointAt(0)) ? "(?<!" + SPACED + ")" : "";
        String behind = isSpaced(word.codePointBefore(word.length())) ? "(?!" + SPACED + ")" : "";
        return Pattern.compile(before + Pattern.quote(word) + behind, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    private static Optional<Language> byScript(String text) {
        int letters = 0;
        Map<Language, Integer> counts = new EnumMap<>(Language.class);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isLetter(c)) {
                letters++;
                switch (Character.UnicodeScript.of(c)) {
                    case HAN, HIRAGANA, KATAKANA -> counts.merge(CHINESE_OR_JAPANESE, 1, Integer::sum);
                    case HANGUL -> counts.merge(KOREAN, 1, Integer::sum);
                    case CYRILLIC -> counts.merge(CYRILLIC, 1, Integer::sum);
                    case ARABIC -> counts.merge(ARABIC, 1, Integer::sum);
                    default -> {
                        // Latin and the rest: the words tell.
                    }
                }
            }
        }
        for (Language language : values()) {
            if (counts.getOrDefault(language, 0) * 2 > letters) {
                return Optional.of(language);
            }
        }
        return Optional.empty();
    }
}
