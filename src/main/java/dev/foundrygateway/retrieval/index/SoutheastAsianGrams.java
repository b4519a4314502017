package dev.foundrygateway.retrieval.index;

import java.io.IOException;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.TypeAttribute;

/**
 * Thai, Lao, Khmer and Burmese have no spaces between words, so that a sentence is one word to the tokenizer: it is cut into all runs of three characters and of two, by
 * which any word in it is found. Words of other scripts go by untouched.
 */
final class SoutheastAsianGrams extends TokenFilter {
    private static final int LENGTH = 3;
    /** Many words have two. */
    private static final int SHORT = 2;

    private static final String TYPE = StandardTokenizer.TOKEN_TYPES[StandardTokenizer.SOUTHEAST_ASIAN];

    private final CharTermAttribute word = addAttribute(CharTermAttribute.class);
    private final TypeAttribute type = addAttribute(TypeAttribute.class);
    private final PositionIncrementAttribute position = addAttribute(PositionIncrementAttribute.class);
    private final OffsetAttribute offset = addAttribute(OffsetAttribute.class);
    private String sentence = "";
    private int start;
    private int next;
    private int length = SHORT;

    private SoutheastAsianGrams(TokenStream words) {
        super(words);
    }

    /** The analyzer, with such sentences cut. */
    static Analyzer around(Analyzer analyzer) {
        return new AnalyzerWrapper(Analyzer.PER_FIELD_REUSE_STRATEGY) {
            @Override
            protected Analyzer getWrappedAnalyzer(String field) {
                return analyzer;
            }

            @Override
            protected TokenStreamComponents wrapComponents(String field, TokenStreamComponents components) {
                return new TokenStreamComponents(
                        components.getSource(), new SoutheastAsianGrams(components.getTokenStream()));
            }
        };
    }

    @Override
    public boolean incrementToken() throws IOException {
        if (!sentence.isEmpty()) {
            boolean longer = length == SHORT && next + LENGTH <= sentence.length();
            next += longer ? 0 : 1;
            length = longer ? LENGTH : SHORT;
            if (next + length <= sentence.length()) {
                clearAttributes();
                gram();
                return true;
            }
        }
        sentence = "";
        if (!input.incrementToken()) {
            return false;
        }
        if (type.type().equals(TYPE) && word.length() > LENGTH) {
            sentence = word.toString();
            start = offset.startOffset();
            next = 0;
            length = SHORT;
            int increment = position.getPositionIncrement();
            clearAttributes();
            gram();
            position.setPositionIncrement(increment);
        }
        return true;
    }

    private void gram() {
        word.append(sentence, next, next + length);
        type.setType(TYPE);
        offset.setOffset(start + next, start + next + length);
    }

    @Override
    public void reset() throws IOException {
        super.reset();
        sentence = "";
    }
}
