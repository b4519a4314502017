package dev.foundrygateway.retrieval.index;

import java.io.IOException;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.TypeAttribute;

/**
 * Words as their runs of four characters, Chinese, Japanese and Korean of two and each alone: what is written in another way, inflected or part of a compound shares most of
 * them, in any language.
 */
final class CharacterGrams extends TokenFilter {
    private static final int LENGTH = 4;
    private static final int MAX_WORD = 64;
    private static final int SCRIPTS =
            CJKBigramFilter.HAN | CJKBigramFilter.HIRAGANA | CJKBigramFilter.KATAKANA | CJKBigramFilter.HANGUL;
    private static final Set<String> WORDS = Set.of(
            StandardTokenizer.TOKEN_TYPES[StandardTokenizer.ALPHANUM],
            StandardTokenizer.TOKEN_TYPES[StandardTokenizer.NUM]);

    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final TypeAttribute type = addAttribute(TypeAttribute.class);
    private String word = "";
    private int next;

    private CharacterGrams(TokenStream words) {
        super(words);
    }

    /** A new analyzer. */
    static Analyzer analyzer() {
        return SoutheastAsianGrams.around(new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                Tokenizer words = new StandardTokenizer();
                TokenStream folded = new ASCIIFoldingFilter(new LowerCaseFilter(words));
                return new TokenStreamComponents(words, new CharacterGrams(new CJKBigramFilter(folded, SCRIPTS, true)));
            }
        });
    }

    @Override
    public boolean incrementToken() throws IOException {
        if (next + LENGTH <= word.length()) {
            gram();
            return true;
        }
        word = "";
        next = 0;
        if (!input.incrementToken()) {
            return false;
        }
        if (WORDS.contains(type.type()) && term.length() > LENGTH && term.length() <= MAX_WORD) {
            word = term.toString();
            gram();
        }
        return true;
    }

    private void gram() {
        term.setEmpty().append(word, next, next + LENGTH);
        next++;
    }

    @Override
    public void reset() throws IOException {
        super.reset();
        word = "";
        next = 0;
    }
}
