package dev.foundrygateway.retrieval.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;

/** Tells a question's language by its small words, and takes those out that only make it a question. Pure. */
public final class Languages {
    static final String ENGLISH = "english";
    private static final String OTHER = "other";
    /** A pasted document tells its language by its beginning. */
    private static final int MAX_CHARACTERS = 4_000;

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}_.'’-]+");
    private static final String ENGLISH_WORDS = "a about after again all also am an and any are as at be because been"
            + " before being between both but by can could describe did do does doing done during each explain find for"
            + " from further get gets give given had has have having he her here hers him his how i if in interested"
            + " into is it its just know like looking many may me mean means might more most much must my need no nor"
            + " not of off on one ones only or other our out over own please same shall she should show so some such"
            + " tell than that the their them then there these they this those to too under until up us very want was"
            + " we were what when where whether which while who whom whose why will with without would you your";
    private static final String POLISH_WORDS = "a aby ale bez bo był była było były być co czy czym dla do gdy gdzie"
            + " go i ich ile im iż ja jak jaka jaki jakie jako je jego jej jest już kiedy kogo który która które kto ku lub"
            + " ma mają mi mnie może na nad nie niej niego niż o od on ona one oni oraz po pod przed przez przy są się"
            + " skąd ta tak także tam te tego tej ten to tu tym tylko u w we więc z za ze że";

    private static final Map<String, CharArraySet> SMALL_WORDS = new LinkedHashMap<>();

    static {
        SMALL_WORDS.put(ENGLISH, words(ENGLISH_WORDS));
        SMALL_WORDS.put("german", GermanAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("french", FrenchAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("spanish", SpanishAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("italian", ItalianAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("portuguese", PortugueseAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("dutch", DutchAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("swedish", SwedishAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("danish", DanishAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("norwegian", NorwegianAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("finnish", FinnishAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("turkish", TurkishAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("czech", CzechAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("hungarian", HungarianAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("romanian", RomanianAnalyzer.getDefaultStopSet());
        SMALL_WORDS.put("polish", words(POLISH_WORDS));
    }

    private Languages() {}

    /** The language whose small words the text has most of: English where none has more, {@code other} where letters of other kinds than a to z prevail. */
    static String of(String text) {
        List<String> words = words(text, MAX_CHARACTERS);
        String best = ENGLISH;
        long most = -1;
        for (Map.Entry<String, CharArraySet> language : SMALL_WORDS.entrySet()) {
            long count = words.stream().filter(language.getValue()::contains).count();
            if (count > most) {
                best = language.getKey();
                most = count;
            }
        }
        return most <= 0 && !isPlain(text) ? OTHER : best;
    }

    /**
     * The text without its language's small words; all of it where nothing else is in it. Questions are full of such words that say nothing about what is
     * asked for and stand in every third passage.
     */
    public static String withoutSmallWords(String text) {
        CharArraySet small = SMALL_WORDS.getOrDefault(of(text), CharArraySet.EMPTY_SET);
        List<String> left = Arrays.stream(BETWEEN_WORDS.split(text))
                .filter(word -> !small.contains(bare(word)))
                .toList();
        String joined = String.join(" ", left);
        return joined.isBlank() ? text : joined;
    }

    /** Whether all its letters are a to z, as good as all English ones are. */
    static boolean isPlain(String text) {
        return text.chars().limit(MAX_CHARACTERS).noneMatch(c -> c > 127 && Character.isLetter(c));
    }

    /** Whether most of its letters are Latin ones. */
    static boolean isLatin(String text) {
        long letters = text.chars().limit(MAX_CHARACTERS).filter(Character::isLetter).count();
        return 2 * text.chars().limit(MAX_CHARACTERS).filter(c -> c < 0x250 && Character.isLetter(c)).count() >= letters;
    }

    private static List<String> words(String text, int limit) {
        String beginning = text.substring(0, Math.min(limit, text.length()));
        List<String> words = new ArrayList<>();
        for (String word : BETWEEN_WORDS.split(beginning, -1)) {
            words.add(bare(word));
        }
        return words;
    }

    private static String bare(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        int end = lower.length();
        while (end > 0 && !Character.isLetterOrDigit(lower.charAt(end - 1))) {
            end--;
        }
        String bare = lower.substring(0, end);
        return bare.endsWith("'s") || bare.endsWith("’s") ? bare.substring(0, end - 2) : bare;
    }

    private static CharArraySet words(String list) {
        return CharArraySet.unmodifiableSet(new CharArraySet(List.of(list.split(" ")), false));
    }
}
