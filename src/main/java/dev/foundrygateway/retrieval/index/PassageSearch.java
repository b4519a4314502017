package dev.foundrygateway.retrieval.index;

import dev.foundrygateway.retrieval.Findings;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/**
 * One search in one state of an index: a bag of words over the whole passage, words in its title and headings counting a little more; the same with words of
 * its first hits; and the nearest vectors where the question has one.
 *
 * @see <a href="https://doi.org/10.1561/1500000019">Robertson, Zaragoza: The probabilistic relevance framework: BM25 and beyond (2009)</a>
 */
final class PassageSearch {
    private static final Analyzer RUNS = CharacterGrams.analyzer();

    private final IndexSearcher searcher;
    private final Analyzer analyzer;
    private final IndexSettings settings;

    PassageSearch(IndexSearcher searcher, Analyzer analyzer, IndexSettings settings) {
        this.searcher = searcher;
        this.analyzer = analyzer;
        this.settings = settings;
    }

    Findings search(Question question, float[] vector, int limit, Optional<Set<String>> files) throws IOException {
        Query filter = files.<Query>map(PassageSearch::onlyFiles).orElseGet(MatchAllDocsQuery::new);
        QuestionWords words =
                QuestionWords.of(question, analyzer, RUNS, settings, word -> frequency(PassageFields.ALL, word) > 0);
        double weight = settings.denseWeight(question);
        String field = settings.vectors().field(vector.length);
        double share = vector.length > 0 && weight > 0 ? shareWith(field) : 0;
        boolean near = share >= Ranking.ENOUGH_VECTORS;
        int depth = near ? Math.max(limit, Ranking.FUSION_DEPTH) : limit;
        List<Ranked> plain = List.of();
        List<Ranked> lexical = List.of();
        if (!words.words().isEmpty()) {
            Query query = query(words, filter, files.isPresent());
            plain = ranked(query, Math.max(depth, Ranking.FUSION_DEPTH));
            lexical = expanded(query, words, plain, depth);
        }
        List<Ranked> dense = List.of();
        IndexSettings ranking = settings;
        if (near) {
            if (!settings.vectors().known()) {
                ranking = settings.with(settings.vectors().above(VectorSpread.of(searcher.getIndexReader(), field)));
            }
            dense = NearPassages.among(
                    searcher.getIndexReader(),
                    field,
                    vector,
                    ranked(new KnnFloatVectorQuery(field, vector, depth, filter), depth),
                    lexical);
        }
        StoredFields stored = searcher.storedFields();
        Findings found = new Ranking(lexical, plain, dense, bestPossible(words))
                .findings(ranking, weight, limit, doc -> PassageFields.read(stored, doc));
        return vector.length > 0 && weight > 0 ? found.withVectors(share) : found;
    }

    /** In which share of all passages a vector is that can be compared with the question's. */
    private double shareWith(String field) throws IOException {
        IndexReader reader = searcher.getIndexReader();
        return reader.numDocs() == 0 ? 1 : (double) searcher.count(new FieldExistsQuery(field)) / reader.numDocs();
    }

    private static Query onlyFiles(Set<String> files) {
        return new TermInSetQuery(
                PassageFields.FILE, files.stream().map(BytesRef::new).toList());
    }

    private static Query query(QuestionWords question, Query filter, boolean filtered) {
        BooleanQuery.Builder words = new BooleanQuery.Builder();
        question.words().forEach((term, weight) -> {
            words.add(word(PassageFields.ALL, term, weight), Occur.SHOULD);
            words.add(word(PassageFields.TITLE, term, weight * Ranking.TITLE_WEIGHT), Occur.SHOULD);
            words.add(word(PassageFields.HEADING, term, weight * Ranking.HEADING_WEIGHT), Occur.SHOULD);
        });
        question.grams().forEach((gram, weight) -> words.add(word(PassageFields.GRAMS, gram, weight), Occur.SHOULD));
        if (!filtered) {
            return words.build();
        }
        return new BooleanQuery.Builder()
                .add(words.build(), Occur.MUST)
                .add(filter, Occur.FILTER)
                .build();
    }

    /** The passages that have a word of the question, by these and by words of the first hits. */
    private List<Ranked> expanded(Query query, QuestionWords words, List<Ranked> plain, int depth) throws IOException {
        int feedback = Expansion.hits(searcher.getIndexReader().numDocs(), plain.size());
        if (!settings.words().expansion() || feedback == 0) {
            return plain.subList(0, Math.min(depth, plain.size()));
        }
        StoredFields stored = searcher.storedFields();
        List<Expansion.Feedback> hits = new ArrayList<>(feedback);
        for (Ranked hit : plain.subList(0, feedback)) {
            hits.add(
                    new Expansion.Feedback(PassageFields.read(stored, hit.doc()).context(), hit.score()));
        }
        double documents = searcher.getIndexReader().numDocs();
        Map<String, Double> added =
                Expansion.of(analyzer, hits, word -> frequency(PassageFields.ALL, word) / documents);
        double own =
                words.words().values().stream().mapToDouble(Double::doubleValue).sum();
        BooleanQuery.Builder both = new BooleanQuery.Builder().add(query, Occur.MUST);
        added.forEach((term, weight) ->
                both.add(word(PassageFields.ALL, term, weight * own * Expansion.WEIGHT), Occur.SHOULD));
        return ranked(both.build(), depth);
    }

    private static Query word(String field, String term, double weight) {
        Query query = new TermQuery(new Term(field, term));
        return weight == 1 ? query : new BoostQuery(query, (float) weight);
    }

    private List<Ranked> ranked(Query query, int depth) throws IOException {
        List<Ranked> list = new ArrayList<>();
        for (ScoreDoc hit : searcher.search(query, depth).scoreDocs) {
            list.add(new Ranked(hit.doc, hit.score));
        }
        return list;
    }

    private int frequency(String field, String term) {
        try {
            return searcher.getIndexReader().docFreq(new Term(field, term));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a passage would score that had every word of the question so often that one more would not count: the sum of their rarities. */
    private double bestPossible(QuestionWords question) {
        IndexReader reader = searcher.getIndexReader();
        double documents = reader.numDocs();
        double sum = 0;
        for (Map.Entry<String, Double> term : question.words().entrySet()) {
            sum += term.getValue() * Ranking.rarity(documents, frequency(PassageFields.ALL, term.getKey()));
        }
        for (Map.Entry<String, Double> gram : question.grams().entrySet()) {
            sum += gram.getValue() * Ranking.rarity(documents, frequency(PassageFields.GRAMS, gram.getKey()));
        }
        return sum;
    }
}
