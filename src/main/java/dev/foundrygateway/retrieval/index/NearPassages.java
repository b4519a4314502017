package dev.foundrygateway.retrieval.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.VectorSimilarityFunction;

/** The passages near a question, those among them that its words found: compared one by one, and where one has no vector, its words' rank is its rank here. */
final class NearPassages {
    private NearPassages() {}

    static List<Ranked> among(
            IndexReader reader, String field, float[] vector, List<Ranked> nearest, List<Ranked> lexical)
            throws IOException {
        Set<Integer> there = new HashSet<>();
        nearest.forEach(entry -> there.add(entry.doc()));
        List<Ranked> all = new ArrayList<>(nearest);
        List<Integer> lacking = new ArrayList<>();
        for (int rank = 0; rank < lexical.size(); rank++) {
            int doc = lexical.get(rank).doc();
            if (there.contains(doc)) {
                continue;
            }
            LeafReaderContext leaf = reader.leaves().get(ReaderUtil.subIndex(doc, reader.leaves()));
            FloatVectorValues values = leaf.reader().getFloatVectorValues(field);
            int own = doc - leaf.docBase;
            if (values == null || values.advance(own) != own) {
                lacking.add(rank);
            } else {
                all.add(new Ranked(doc, VectorSimilarityFunction.COSINE.compare(vector, values.vectorValue())));
            }
        }
        all.sort(Comparator.comparingDouble(Ranked::score).reversed());
        for (int rank : lacking) {
            int at = Math.min(rank, all.size());
            double score = all.isEmpty() ? 0 : all.get(Math.min(at, all.size() - 1)).score();
            all.add(at, new Ranked(lexical.get(rank).doc(), score));
        }
        return all;
    }
}
