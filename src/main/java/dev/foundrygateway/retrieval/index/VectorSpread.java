package dev.foundrygateway.retrieval.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.VectorSimilarityFunction;

/**
 * How near texts are in the eyes of a model of which nothing is known: of some, two that have nothing to do with each other have a cosine of 0.75. Some passages
 * of the index, evenly picked, are compared with each other; the least near of their pairs are as good as unrelated.
 */
final class VectorSpread {
    private static final int PICKED = 24;
    /** Fewer say more about themselves than about the model. */
    private static final int FEWEST = 6;

    private static final double LEAST_NEAR = .1;
    /** Nearer than that all of them are one text. */
    private static final double MOST = .9;

    private VectorSpread() {}

    /** The cosine of the tenth of the pairs that are least near; 0 where too few have vectors. */
    static double of(IndexReader reader, String field) throws IOException {
        List<float[]> picked = new ArrayList<>();
        int step = Math.max(1, reader.maxDoc() / PICKED);
        for (LeafReaderContext leaf : reader.leaves()) {
            FloatVectorValues values = leaf.reader().getFloatVectorValues(field);
            int first = (step - leaf.docBase % step) % step;
            for (int doc = first; values != null && picked.size() < PICKED; doc += step) {
                doc = doc > values.docID() ? values.advance(doc) : values.docID();
                if (doc == FloatVectorValues.NO_MORE_DOCS) {
                    break;
                }
                picked.add(values.vectorValue().clone());
            }
        }
        if (picked.size() < FEWEST) {
            return 0;
        }
        List<Double> cosines = new ArrayList<>();
        for (int one = 0; one < picked.size(); one++) {
            for (int other = 0; other < one; other++) {
                cosines.add(2.0 * VectorSimilarityFunction.COSINE.compare(picked.get(one), picked.get(other)) - 1);
            }
        }
        double least = cosines.stream()
                .sorted()
                .skip((long) (LEAST_NEAR * cosines.size()))
                .findFirst()
                .orElse(0.0);
        return least > MOST ? 0 : Math.max(0, least);
    }
}
