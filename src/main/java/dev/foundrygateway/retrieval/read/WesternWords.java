package dev.foundrygateway.retrieval.read;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Whether a short text, read as windows-1252, is one of a western language: its letters above ASCII are of one language's alphabet, and stand as they do in its
 * words. The two bytes of a Chinese, Japanese or Korean sign, and the words of Greek and Cyrillic, don't. Pure.
 */
final class WesternWords {
    /** As long as any that is judged by its words; a longer one has few letters above ASCII. */
    static final int MAX_LENGTH = 256;

    /** The small letters above ASCII of French, German, Spanish, Portuguese, Italian, Catalan, Dutch, the Nordic languages and Estonian. */
    private static final List<String> ALPHABETS = List.of(
            "àâæçèéêëîïôœùûüÿ",
            "äöüßéà",
            "áéíóúüñ",
            "àáâãçéêíóôõúü",
            "àèéìíîòóùú",
            "àçèéíïòóúü",
            "äèéêëïöü",
            "åäöæøéü",
            "äöüõ");

    private static final Pattern BLANK = Pattern.compile("[\\s\u00a0]+");

    private static final Pattern ASCII = Pattern.compile("[\\t\\n\\r\\f -~]*");

    /** Signs that stand before a word, and behind one. */
    private static final Pattern AROUND =
            Pattern.compile("^[«“‘„‚¿¡€£§–—•(\\[{<\"'*#-]+|[»”’‘“…€°ºª–—!?.,;:)\\]}>\"'%*-]+$");

    /** Signs that stand between the parts of a word. */
    private static final Pattern WITHIN = Pattern.compile("[-/.,:;&+'’()=_\"@°º]");

    /** Small letters, perhaps behind a large one, or large ones; above ASCII at most two in a row, and two large ones only as in AÇÃO. */
    private static final Pattern WORD = Pattern.compile("(?!.*[À-ÿœŒ]{3})(?!.*[À-ÜŒ][ß-ÿœ])(?=.*[A-Za-z])"
            + "(?:[A-ZÀ-ÖØ-ÜŒ]?[a-zß-öø-üÿœ]+|(?:ÇÃ|ÇÕ|[À-ÖØ-ÜŒ](?![À-ÜŒ])|[A-Z])+)");

    /** Words of one letter. */
    private static final String ALONE = "àáéèêíóòôúåöæøÀÁÉÈÊÍÓÒÔÚÅÖÆØ";

    private WesternWords() {}

    static boolean all(String text) {
        Set<Integer> letters = new TreeSet<>();
        boolean mixed = false;
        for (String token : BLANK.split(text, -1)) {
            for (String word : WITHIN.split(AROUND.matcher(token).replaceAll(""), -1)) {
                if (ASCII.matcher(word).matches()) {
                    continue;
                }
                boolean alone = word.length() == 1 && ALONE.contains(word);
                if (!alone && !WORD.matcher(word).matches()) {
                    return false;
                }
                mixed |= !alone;
                word.chars().filter(c -> c > 0x7f).map(Character::toLowerCase).forEach(letters::add);
            }
        }
        // One letter alone among words of ASCII may be Cyrillic.
        return mixed
                && ALPHABETS.stream().anyMatch(alphabet -> letters.stream().allMatch(c -> alphabet.indexOf(c) >= 0));
    }
}
