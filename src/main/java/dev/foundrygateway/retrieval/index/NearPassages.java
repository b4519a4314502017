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
public final class NearPassages {
    private NearPassages() {}

    static List<Ranked> among(
            IndexReader reader, String field, float[] vector, List<Ranked> nearest, List<Ranked> lexical)
            throws IOException {
        Set<Integer> there = new HashSet<>();
        nearest.forEach(entry -> there.add(entry.doc()));
        List<Ranked> all = new ArrayList<>(nearest);
        for (Ranked found : lexical) {
            int doc = found.doc();
            if (there.contains(doc)) {
                continue;
            }
            LeafReaderContext leaf = reader.leaves().get(ReaderUtil.subIndex(doc, reader.leaves()));
            FloatVectorValues values = leaf.reader().getFloatVectorValues(field);
            int own = doc - leaf.docBase;
            if (values != null && values.advance(own) == own) {
                all.add(new Ranked(doc, VectorSimilarityFunction.COSINE.compare(vector, values.vectorValue())));
            }
        }
        return withWords(all, lexical);
    }

    /**
     * All that were compared, the nearest first; those that only the words found have no vector, and keep their rank among the words.
     *
     * @param compared in any order
     */
    public static List<Ranked> withWords(List<Ranked> compared, List<Ranked> lexical) {
        List<Ranked> all = new ArrayList<>(compared);
        Set<Integer> there = new HashSet<>();
        all.forEach(entry -> there.add(entry.doc()));
        all.sort(Comparator.comparingDouble(Ranked::score).reversed());
        for (int rank = 0; rank < lexical.size(); rank++) {
            if (there.contains(lexical.get(rank).doc())) {
                continue;
            }
            int at = Math.min(rank, all.size());
            double score =
                    all.isEmpty() ? 0 : all.get(Math.min(at, all.size() - 1)).score();
            all.add(at, new Ranked(lexical.get(rank).doc(), score));
        }
        return all;
    }
}
