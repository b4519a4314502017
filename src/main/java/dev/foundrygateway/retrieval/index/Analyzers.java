package dev.foundrygateway.retrieval.index;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;

/** The analyzers by language: Lucene's own with stop words and stemming, and {@code none} for all other languages: folded words, nothing else. */
public final class Analyzers {
    private static final Map<String, Supplier<Analyzer>> BY_LANGUAGE = new TreeMap<>(Map.ofEntries(
            Map.entry("none", Analyzers::folding),
            Map.entry("arabic", ArabicAnalyzer::new),
            Map.entry("cjk", CJKAnalyzer::new),
            Map.entry("czech", CzechAnalyzer::new),
            Map.entry("danish", DanishAnalyzer::new),
            Map.entry("dutch", DutchAnalyzer::new),
            Map.entry("english", EnglishAnalyzer::new),
            Map.entry("finnish", FinnishAnalyzer::new),
            Map.entry("french", FrenchAnalyzer::new),
            Map.entry("german", GermanAnalyzer::new),
            Map.entry("hindi", HindiAnalyzer::new),
            Map.entry("hungarian", HungarianAnalyzer::new),
            Map.entry("italian", ItalianAnalyzer::new),
            Map.entry("norwegian", NorwegianAnalyzer::new),
            Map.entry("portuguese", PortugueseAnalyzer::new),
            Map.entry("romanian", RomanianAnalyzer::new),
            Map.entry("russian", RussianAnalyzer::new),
            Map.entry("spanish", SpanishAnalyzer::new),
            Map.entry("swedish", SwedishAnalyzer::new),
            Map.entry("turkish", TurkishAnalyzer::new)));

    /** What else a language is called. */
    private static final Map<String, String> CODES = Map.ofEntries(
            Map.entry("ar", "arabic"),
            Map.entry("zh", "cjk"),
            Map.entry("ja", "cjk"),
            Map.entry("ko", "cjk"),
            Map.entry("chinese", "cjk"),
            Map.entry("japanese", "cjk"),
            Map.entry("korean", "cjk"),
            Map.entry("cs", "czech"),
            Map.entry("da", "danish"),
            Map.entry("nl", "dutch"),
            Map.entry("en", "english"),
            Map.entry("fi", "finnish"),
            Map.entry("fr", "french"),
            Map.entry("de", "german"),
            Map.entry("hi", "hindi"),
            Map.entry("hu", "hungarian"),
            Map.entry("it", "italian"),
            Map.entry("no", "norwegian"),
            Map.entry("nb", "norwegian"),
            Map.entry("nn", "norwegian"),
            Map.entry("pt", "portuguese"),
            Map.entry("ro", "romanian"),
            Map.entry("ru", "russian"),
            Map.entry("es", "spanish"),
            Map.entry("sv", "swedish"),
            Map.entry("tr", "turkish"));

    /** Those that have no analyzer here: English endings are not theirs. */
    private static final Set<String> WITHOUT =
            Set.of(("pl polish uk ukrainian sk slovak sl slovene slovenian hr croatian"
                            + " sr serbian bg bulgarian el greek he hebrew fa persian th thai lo lao km khmer vi vietnamese id"
                            + " indonesian et estonian lv latvian lt lithuanian is icelandic ca catalan eu basque ga irish")
                    .split(" "));

    private Analyzers() {}

    /** The analyzers' own names, in alphabetical order. */
    public static Set<String> names() {
        return Collections.unmodifiableSet(BY_LANGUAGE.keySet());
    }

    /** The analyzer's name for a language as people write it, such as {@code German}, {@code de} or {@code de-AT}; empty where it is no known language. */
    public static Optional<String> named(String language) {
        String name = language.strip().toLowerCase(Locale.ROOT);
        String code = name.split("[-_]", 2)[0];
        if (BY_LANGUAGE.containsKey(name)) {
            return Optional.of(name);
        }
        return WITHOUT.contains(code) ? Optional.of("none") : Optional.ofNullable(CODES.get(code));
    }

    /**
     * A new analyzer.
     *
     * @throws IllegalArgumentException when the language is unknown; the message names those there are
     */
    public static Analyzer of(String language) {
        Supplier<Analyzer> known = BY_LANGUAGE.get(language.toLowerCase(Locale.ROOT));
        if (known == null) {
            throw new IllegalArgumentException(
                    "gateway.retrieval.language is " + language + "; there are " + BY_LANGUAGE.keySet());
        }
        return SoutheastAsianGrams.around(known.get());
    }

    private static Analyzer folding() {
        return new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                Tokenizer words = new StandardTokenizer();
                TokenStream folded = new ASCIIFoldingFilter(new LowerCaseFilter(words));
                return new TokenStreamComponents(words, folded);
            }
        };
    }
}
