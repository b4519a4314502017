package dev.foundrygateway.retrieval.index;

import dev.foundrygateway.retrieval.Findings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/**
 * One search in one state of an index: a bag of words over the whole passage, words in its title and headings counting a little more, and the nearest vectors
 * where the question has one.
 *
 * @see <a href="https://doi.org/10.1561/1500000019">Robertson, Zaragoza: The probabilistic relevance framework: BM25 and beyond (2009)</a>
 */
final class PassageSearch {

    private final IndexSearcher searcher;
    private final Analyzer analyzer;
    private final IndexSettings settings;

    PassageSearch(IndexSearcher searcher, Analyzer analyzer, IndexSettings settings) {
        this.searcher = searcher;
        this.analyzer = analyzer;
        this.settings = settings;
    }

    Findings search(String question, float[] vector, int limit, Optional<Set<String>> files) throws IOException {
        Query filter = files.<Query>map(PassageSearch::onlyFiles).orElseGet(MatchAllDocsQuery::new);
        Map<String, Integer> terms = Terms.of(analyzer, PassageFields.ALL, question);
        int depth = vector.length > 0 ? Math.max(limit, Ranking.FUSION_DEPTH) : limit;
        List<Ranked> lexical =
                terms.isEmpty() ? List.of() : ranked(lexicalQuery(terms, filter, files.isPresent()), depth);
        List<Ranked> dense = List.of();
        if (vector.length > 0) {
            dense = ranked(new KnnFloatVectorQuery(PassageFields.VECTOR, vector, depth, filter), depth);
        }
        StoredFields stored = searcher.storedFields();
        return new Ranking(lexical, dense, bestPossible(terms))
                .findings(settings, limit, doc -> PassageFields.read(stored, doc));
    }

    private static Query onlyFiles(Set<String> files) {
        return new TermInSetQuery(
                PassageFields.FILE, files.stream().map(BytesRef::new).toList());
    }

    private static Query lexicalQuery(Map<String, Integer> terms, Query filter, boolean filtered) {
        BooleanQuery.Builder words = new BooleanQuery.Builder();
        terms.forEach((term, count) -> {
            words.add(word(PassageFields.ALL, term, count), Occur.SHOULD);
            words.add(word(PassageFields.TITLE, term, count * Ranking.TITLE_WEIGHT), Occur.SHOULD);
            words.add(word(PassageFields.HEADING, term, count * Ranking.HEADING_WEIGHT), Occur.SHOULD);
        });
        if (!filtered) {
            return words.build();
        }
        return new BooleanQuery.Builder()
                .add(words.build(), Occur.MUST)
                .add(filter, Occur.FILTER)
                .build();
    }

    private static Query word(String field, String term, float weight) {
        Query query = new TermQuery(new Term(field, term));
        return weight == 1 ? query : new BoostQuery(query, weight);
    }

    private List<Ranked> ranked(Query query, int depth) throws IOException {
        List<Ranked> list = new ArrayList<>();
        for (ScoreDoc hit : searcher.search(query, depth).scoreDocs) {
            list.add(new Ranked(hit.doc, hit.score));
        }
        return list;
    }

    /** What a passage would score that had every word of the question so often that one more would not count: the sum of their rarities. */
    private double bestPossible(Map<String, Integer> terms) throws IOException {
        IndexReader reader = searcher.getIndexReader();
        double documents = reader.numDocs();
        double sum = 0;
        for (Map.Entry<String, Integer> term : terms.entrySet()) {
            double frequency = reader.docFreq(new Term(PassageFields.ALL, term.getKey()));
            sum += term.getValue() * Ranking.rarity(documents, frequency);
        }
        return sum;
    }
}
