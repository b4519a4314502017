package dev.foundrygateway.retrieval.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** A text as the words that are searched for, each with how often it occurs in it. */
final class Terms {
    /** Far more than a question has; a pasted document is searched for by its beginning. */
    static final int MOST = 256;

    private Terms() {}

    static Map<String, Integer> of(Analyzer analyzer, String field, String text) {
        Map<String, Integer> terms = new LinkedHashMap<>();
        try (TokenStream words = analyzer.tokenStream(field, text)) {
            CharTermAttribute word = words.addAttribute(CharTermAttribute.class);
            words.reset();
            while (words.incrementToken() && terms.size() < MOST) {
                terms.merge(word.toString(), 1, Integer::sum);
            }
            return terms;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
