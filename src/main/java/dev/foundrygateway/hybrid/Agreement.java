package dev.foundrygateway.hybrid;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether short answers say the same: compared without case, accents, quotes, closing punctuation and articles, with numbers, units and currencies written one way.
 * Signs and operators count: where it can't be told whether two answers mean the same they differ, which costs money alone. Pure.
 */
public final class Agreement {
    /** Longer answers differ in their words even where they mean the same. */
    private static final int SHORT = 200;

    private static final Pattern QUOTED =
            Pattern.compile("(?<![\\p{L}\\p{N}])([\"'])\\s?([^\"']{0,400}?)\\s?\\1(?![\\p{L}\\p{N}])");
    private static final Pattern EMPHASIS =
            Pattern.compile("(?<![\\p{L}\\p{N}*])(\\*{1,3})(?=\\S)([^*]{1,400}?)(?<=\\S)\\1(?![\\p{L}\\p{N}*])");
    private static final Pattern LIST_ITEM = Pattern.compile("^\\s{0,9}(?:[-•*]|#{1,6}) (?=\\p{L}{2})");
    private static final Pattern DOLLAR_OF = Pattern.compile("(?i)(?<!\\p{L})us\\$");
    private static final Pattern MINUS = Pattern.compile("[−﹣]|–(?=[\\d.])");
    private static final Pattern MINUS_MONEY = Pattern.compile("-(\\p{Sc}) ?(?=\\d)");
    private static final Pattern PRICE = Pattern.compile("(?<![\\p{L}\\p{Sc}])(\\p{Sc})(?=[-\\d.])");
    private static final Pattern UNIT_GAP = Pattern.compile("(?<=\\d)(?=\\p{L}|%|°|\\p{Sc})");
    private static final Pattern PERCENT =
            Pattern.compile("(?i)(?<=\\d) ?(?:per cent|pour cent|por ciento|por cento|per cento)(?!\\p{L})");
    /** An exclamation mark behind a digit may be a factorial. */
    private static final Pattern CLOSING =
            Pattern.compile("(?<=\\S)(?:(?<!\\d)!|[.,;:?…]){1,20}(?=\\s|$)|(?<=\\p{L})\\s[!?.:;]{1,5}$");

    private static final Pattern OPEN_COMMA = Pattern.compile("(?<=\\p{L}),(?=\\p{L})|[。、「」『』《》¿¡`]");
    private static final Pattern BLANKS = Pattern.compile("\\s{1,400}");
    private static final Pattern LEAD = Pattern.compile("(?i)^(?:(?:the |a |an )?(?:final )?answer (?:is |equals )?"
            + "|(?:die |la |a )?(?:antwort|reponse|respuesta|risposta|resposta) (?:(?:ist|lautet|est|es|e) )?)(?=\\S)");
    private static final Pattern HYPHEN = Pattern.compile("(?<=\\p{L}{2})[-‐‑](?=\\p{L}{2})");
    private static final Pattern OPERATOR =
            Pattern.compile("(?<=[\\p{L}\\p{M}\\p{N})\\]]) ?([+*/=<>≤≥≠×÷^|&!]{1,3}) ?(?=[\\p{L}\\p{N}(.\\[-])");
    private static final Pattern DIGIT_FIRST = Pattern.compile("^-?\\.?\\d");
    private static final Pattern WORD = Pattern.compile("\\p{L}{2}.*");
    private static final Set<String> ARTICLES =
            Set.of("the", "a", "an", "der", "die", "das", "den", "dem", "le", "la", "les", "el", "los", "las", "il");
    private static final Set<String> JOINING = Set.of("and", "or", "und", "oder", "et", "ou", "nor");
    private static final Map<String, String> NUMBERS = words(
            "0 zero cero",
            "1 one eins uno",
            "2 two zwei deux dos due dois duas",
            "3 three drei trois tres tre",
            "4 four vier quatre cuatro quattro quatro",
            "5 five funf cinq cinco cinque",
            "6 six sechs seis sei",
            "7 seven sieben sept siete sette sete",
            "8 eight acht huit ocho otto oito",
            "9 nine neun neuf nueve nove",
            "10 ten zehn dix diez dieci dez",
            "11 eleven elf onze once undici",
            "12 twelve zwolf douze doce dodici doze",
            "13 thirteen dreizehn treize trece tredici treze",
            "14 fourteen vierzehn quatorze catorce quattordici catorze",
            "15 fifteen funfzehn quinze quince quindici",
            "16 sixteen sechzehn seize dieciseis sedici dezesseis dezasseis",
            "17 seventeen siebzehn dix-sept diecisiete diciassette dezessete dezassete",
            "18 eighteen achtzehn dix-huit dieciocho diciotto dezoito",
            "19 nineteen neunzehn dix-neuf diecinueve diciannove dezenove dezanove",
            "20 twenty zwanzig vingt veinte venti vinte");
    private static final Map<String, String> UNITS = words(
            "% % percent prozent pourcent procent",
            "° ° degrees degree grad grados gradi graus degres degre",
            "°c °c",
            "°f °f",
            "km km kilometers kilometres kilometer kilometre kilometros chilometri quilometros",
            "m m meters metres meter metre metros metri",
            "cm cm centimeters centimetres centimeter zentimeter",
            "kg kg kilograms kilogram kilogramm kilo kilos",
            "g g grams gram gramm",
            "l l liter liters litre litres litros litri",
            "h h hours hour stunden stunde heures heure horas hora ore",
            "min min minutes minute minuten minutos minuti",
            "s s seconds second sekunden sekunde segundos secondi secondes");
    private static final Map<String, String> CURRENCIES =
            words("$ $ dollars dollar usd", "€ € euros euro eur", "£ £ gbp", "¥ ¥ yen jpy");
    private static final Map<String, String> SCALES = words("°c c celsius centigrade", "°f f fahrenheit");

    /** A text as it is compared; its currencies apart, since one side may leave them out. */
    record Said(String words, List<String> currencies) {
        boolean agrees(Said other) {
            return words.equals(other.words)
                    && (currencies.isEmpty() || other.currencies.isEmpty() || currencies.equals(other.currencies));
        }
    }

    private Agreement() {}

    /** Each line is what a word is written as, and the words that mean it. */
    private static Map<String, String> words(String... lines) {
        Map<String, String> all = new HashMap<>();
        for (String line : lines) {
            List<String> same = List.of(line.split(" ", -1));
            same.subList(1, same.size()).forEach(word -> all.put(word, same.get(0)));
        }
        return Map.copyOf(all);
    }

    /** Whether an answer is so short that others can be compared with it. */
    public static boolean comparable(String draft) {
        return !draft.isBlank() && draft.length() <= SHORT;
    }

    /** The share of these answers that say something else than the draft; empty if there are none. */
    public static OptionalDouble differing(String draft, List<String> others) {
        if (others.isEmpty()) {
            return OptionalDouble.empty();
        }
        Said own = normal(draft);
        long differing =
                others.stream().filter(other -> !normal(other).agrees(own)).count();
        return OptionalDouble.of((double) differing / others.size());
    }

    /** A text as it is compared. */
    static Said normal(String text) {
        String plain = MINUS.matcher(PlainText.of(text.substring(0, Math.min(4 * SHORT, text.length()))))
                .replaceAll("-");
        plain = QUOTED.matcher(plain).replaceAll("$2");
        plain = EMPHASIS.matcher(plain).replaceAll("$2");
        plain = DOLLAR_OF.matcher(LIST_ITEM.matcher(plain).replaceFirst("")).replaceAll("\\$");
        plain = PERCENT.matcher(MINUS_MONEY.matcher(plain).replaceAll("$1 -")).replaceAll(" %");
        plain = PlainText.numbers(plain, Agreement::isMoney, Agreement::isMeasure);
        plain = UNIT_GAP.matcher(PRICE.matcher(plain).replaceAll("$1 ")).replaceAll(" ");
        plain = CLOSING.matcher(OPEN_COMMA.matcher(plain).replaceAll(" ")).replaceAll("");
        plain = LEAD.matcher(BLANKS.matcher(plain).replaceAll(" ").strip()).replaceFirst("");
        return joined(List.of(plain.split(" ", -1)));
    }

    private static boolean isMoney(String word) {
        return CURRENCIES.containsKey(word.toLowerCase(Locale.ROOT)) || sign(word);
    }

    private static boolean isMeasure(String word) {
        return isMoney(word) || UNITS.containsKey(word.toLowerCase(Locale.ROOT));
    }

    private static boolean sign(String word) {
        return word.length() == 1 && Character.getType(word.charAt(0)) == Character.CURRENCY_SYMBOL;
    }

    private static Said joined(List<String> words) {
        List<String> all = new ArrayList<>();
        List<String> currencies = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String lower = word.toLowerCase(Locale.ROOT);
            String next = i + 1 < words.size() ? words.get(i + 1) : "";
            boolean counted = !all.isEmpty() && endsInDigit(all.get(all.size() - 1));
            if (isMoney(word) && (counted || beginsWithDigit(next))) {
                currencies.add(CURRENCIES.getOrDefault(lower, lower));
            } else if (counted && UNITS.containsKey(lower)) {
                String scale = SCALES.getOrDefault(next.toLowerCase(Locale.ROOT), "");
                boolean degrees = "°".equals(UNITS.get(lower)) && !scale.isEmpty();
                all.add(degrees ? scale : word.equals("M") ? word : UNITS.getOrDefault(lower, lower));
                i += degrees ? 1 : 0;
            } else if (!isArticle(word, lower, next, i == 0)) {
                // Of units a great M is a million of what a small one is a thousandth of.
                boolean mega = counted && word.matches("M\\p{L}{0,2}") && !lower.equals("min");
                all.add(mega ? word : NUMBERS.getOrDefault(lower, lower));
            }
        }
        String text = HYPHEN.matcher(String.join(" ", all)).replaceAll(" ");
        return new Said(OPERATOR.matcher(text).replaceAll("$1"), List.copyOf(currencies));
    }

    /** A letter that is an answer, or one of several, is no article. */
    private static boolean isArticle(String word, String lower, String next, boolean first) {
        return ARTICLES.contains(lower)
                && WORD.matcher(next).matches()
                && !JOINING.contains(next.toLowerCase(Locale.ROOT))
                && (first || !word.equals("A"));
    }

    private static boolean endsInDigit(String word) {
        return Character.isDigit(word.charAt(word.length() - 1));
    }

    private static boolean beginsWithDigit(String word) {
        return DIGIT_FIRST.matcher(word).find() || NUMBERS.containsKey(word.toLowerCase(Locale.ROOT));
    }
}
