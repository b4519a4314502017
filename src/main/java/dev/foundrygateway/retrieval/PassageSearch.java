package dev.foundrygateway.retrieval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
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
    private static final float TITLE_WEIGHT = .25f;
    private static final float HEADING_WEIGHT = .15f;
    /** How deep both lists go that are fused; deeper changes nothing near the top. */
    private static final int FUSION_DEPTH = 100;

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
        int depth = vector.length > 0 ? Math.max(limit, FUSION_DEPTH) : limit;
        List<Ranked> lexical =
                terms.isEmpty() ? List.of() : ranked(lexicalQuery(terms, filter, files.isPresent()), depth);
        List<Ranked> dense = List.of();
        if (vector.length > 0) {
            dense = ranked(new KnnFloatVectorQuery(PassageFields.VECTOR, vector, depth, filter), depth);
        }
        double best = bestPossible(terms);
        List<Ranked> fused = dense.isEmpty()
                ? lexical.stream()
                        .map(entry -> new Ranked(entry.doc(), share(entry.score(), best)))
                        .toList()
                : settings.fusion().fuse(lexical, dense, settings.denseWeight());
        return new Findings(hits(fused, lexical, dense, best, limit), Support.of(lexical, dense, best), false);
    }

    private static Query onlyFiles(Set<String> files) {
        return new TermInSetQuery(
                PassageFields.FILE, files.stream().map(BytesRef::new).toList());
    }

    private static Query lexicalQuery(Map<String, Integer> terms, Query filter, boolean filtered) {
        BooleanQuery.Builder words = new BooleanQuery.Builder();
        terms.forEach((term, count) -> {
            words.add(word(PassageFields.ALL, term, count), Occur.SHOULD);
            words.add(word(PassageFields.TITLE, term, count * TITLE_WEIGHT), Occur.SHOULD);
            words.add(word(PassageFields.HEADING, term, count * HEADING_WEIGHT), Occur.SHOULD);
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
            sum += term.getValue() * Math.log1p((documents - Math.min(documents, frequency) + .5) / (frequency + .5));
        }
        return sum;
    }

    private static double share(double score, double best) {
        return best <= 0 ? 0 : Math.min(1, score / best);
    }

    private List<Hit> hits(List<Ranked> fused, List<Ranked> lexical, List<Ranked> dense, double best, int limit)
            throws IOException {
        Map<Integer, Double> words = scores(lexical);
        Map<Integer, Double> vectors = scores(dense);
        StoredFields stored = searcher.storedFields();
        List<Hit> hits = new ArrayList<>(Math.min(limit, fused.size()));
        for (Ranked entry : fused.subList(0, Math.min(limit, fused.size()))) {
            hits.add(new Hit(
                    PassageFields.read(stored, entry.doc()),
                    entry.score(),
                    share(words.getOrDefault(entry.doc(), 0.0), best),
                    vectors.getOrDefault(entry.doc(), 0.0)));
        }
        return hits;
    }

    private static Map<Integer, Double> scores(List<Ranked> list) {
        Map<Integer, Double> scores = new HashMap<>();
        list.forEach(entry -> scores.put(entry.doc(), entry.score()));
        return scores;
    }
}
