package dev.foundrygateway.retrieval.index;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.annotations.RegisterResources;

/** Lucene makes its attributes by name: without these a native image indexes, and fails every query. Most languages' stop words are resources. */
@RegisterResources(globs = "org/apache/lucene/analysis/**/*.txt")
@RegisterForReflection(
        fields = false,
        methods = false,
        classNames = {
            "org.apache.lucene.analysis.tokenattributes.BytesTermAttributeImpl",
            "org.apache.lucene.analysis.tokenattributes.CharTermAttributeImpl",
            "org.apache.lucene.analysis.tokenattributes.FlagsAttributeImpl",
            "org.apache.lucene.analysis.tokenattributes.KeywordAttributeImpl",
            "org.apache.lucene.analysis.tokenattributes.OffsetAttributeImpl",
            "org.apache.lucene.analysis.tokenattributes.PackedTokenAttributeImpl",
            "org.apache.lucene.analysis.tokenattributes.PayloadAttributeImpl",
            "org.apache.lucene.analysis.tokenattributes.PositionIncrementAttributeImpl",
            "org.apache.lucene.analysis.tokenattributes.PositionLengthAttributeImpl",
            "org.apache.lucene.analysis.tokenattributes.SentenceAttributeImpl",
            "org.apache.lucene.analysis.tokenattributes.TermFrequencyAttributeImpl",
            "org.apache.lucene.analysis.tokenattributes.TypeAttributeImpl",
            "org.apache.lucene.search.BoostAttributeImpl",
            "org.apache.lucene.search.FuzzyTermsEnum$AutomatonAttributeImpl",
            "org.apache.lucene.search.MaxNonCompetitiveBoostAttributeImpl"
        })
final class LuceneReflection {
    private LuceneReflection() {}

    /** The one of the stemmers in use whose rules call methods by their names. */
    @RegisterForReflection(classNames = "org.tartarus.snowball.ext.FinnishStemmer", fields = false)
    static final class Stemmers {
        private Stemmers() {}
    }
}
