package dev.foundrygateway.hybrid;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Whether short answers say the same: compared without case, accents, punctuation, articles, and with numbers and units written one way. Pure. */
public final class Agreement {
    /** Longer answers differ in their words even where they mean the same. */
    private static final int SHORT = 200;

    private static final Pattern THOUSANDS = Pattern.compile("(?<=\\d)[,'’ \u00a0\u202f](?=\\d{3}(?!\\d))");
    private static final Pattern DECIMAL_COMMA = Pattern.compile("(?<=\\d),(?=\\d)");
    private static final Pattern ZEROS =
            Pattern.compile("(\\d)\\.0{1,12}(?!\\d)|(\\d\\.\\d{0,12}?[1-9])0{1,12}(?!\\d)");
    private static final Pattern UNIT_GAP = Pattern.compile("(?<=\\d)(?=\\p{L}|%|°)");
    private static final Pattern SIGNS =
            Pattern.compile("[^\\p{L}\\p{N}.%°$€£+-]{1,40}|\\.(?!\\d)|(?<!\\d)\\.|-(?!\\d)|\\+(?!\\d)");
    private static final Pattern BLANKS = Pattern.compile("\\s{1,40}");
    private static final Pattern LEAD = Pattern.compile("^(?:the |a |an )?(?:final )?answer (?:is |equals )?");
    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("zero", "0"),
            Map.entry("one", "1"),
            Map.entry("two", "2"),
            Map.entry("three", "3"),
            Map.entry("four", "4"),
            Map.entry("five", "5"),
            Map.entry("six", "6"),
            Map.entry("seven", "7"),
            Map.entry("eight", "8"),
            Map.entry("nine", "9"),
            Map.entry("ten", "10"),
            Map.entry("eleven", "11"),
            Map.entry("twelve", "12"),
            Map.entry("percent", "%"),
            Map.entry("degrees", "°"),
            Map.entry("degree", "°"),
            Map.entry("kilometers", "km"),
            Map.entry("kilometres", "km"),
            Map.entry("kilometer", "km"),
            Map.entry("meters", "m"),
            Map.entry("metres", "m"),
            Map.entry("meter", "m"),
            Map.entry("centimeters", "cm"),
            Map.entry("centimetres", "cm"),
            Map.entry("kilograms", "kg"),
            Map.entry("kilogram", "kg"),
            Map.entry("grams", "g"),
            Map.entry("hours", "h"),
            Map.entry("hour", "h"),
            Map.entry("minutes", "min"),
            Map.entry("minute", "min"),
            Map.entry("seconds", "s"),
            Map.entry("second", "s"),
            Map.entry("dollars", "$"),
            Map.entry("euros", "€"),
            Map.entry("the", ""),
            Map.entry("a", ""),
            Map.entry("an", ""),
            Map.entry("der", ""),
            Map.entry("die", ""),
            Map.entry("das", ""),
            Map.entry("le", ""),
            Map.entry("la", ""),
            Map.entry("les", ""));

    private Agreement() {}

    /** Whether an answer is so short that others can be compared with it. */
    public static boolean comparable(String draft) {
        return !draft.isBlank() && draft.length() <= SHORT;
    }

    /** The share of these answers that say something else than the draft; empty if there are none. */
    public static OptionalDouble differing(String draft, List<String> others) {
        if (others.isEmpty()) {
            return OptionalDouble.empty();
        }
        String own = normal(draft);
        long differing =
                others.stream().filter(other -> !normal(other).equals(own)).count();
        return OptionalDouble.of((double) differing / others.size());
    }

    /** A text as it is compared. */
    static String normal(String text) {
        String bounded = text.substring(0, Math.min(4 * SHORT, text.length()));
        String plain = Normalizer.normalize(bounded, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT);
        String numbers =
                DECIMAL_COMMA.matcher(THOUSANDS.matcher(plain).replaceAll("")).replaceAll(".");
        numbers = ZEROS.matcher(numbers).replaceAll("$1$2");
        String words = SIGNS.matcher(UNIT_GAP.matcher(numbers).replaceAll(" ")).replaceAll(" ");
        words = LEAD.matcher(BLANKS.matcher(words).replaceAll(" ").strip()).replaceFirst("");
        StringBuilder all = new StringBuilder();
        for (String word : words.split(" ", -1)) {
            String same = SAME.getOrDefault(word, word).replaceFirst("^[$€£](?=\\d)", "");
            boolean currency = same.length() == 1 && "$€£".contains(same);
            if (!same.isEmpty() && !currency) {
                all.append(all.isEmpty() ? "" : " ").append(same);
            }
        }
        return all.toString();
    }
}
