package dev.foundrygateway.practice;

import io.vertx.core.json.JsonArray;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * The practice upstream's embeddings: each word adds to one of 64 dimensions, chosen by its hash, and the whole has length one. So texts that share
 * words are near to each other, and the same text always has the same vector.
 */
final class Embedding {
    private static final int DIMENSIONS = 64;

    private Embedding() {}

    static JsonArray of(String text) {
        double[] vector = new double[DIMENSIONS];
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
            if (!word.isEmpty()) {
                int hash = word.hashCode() * 0x9E3779B9;
                vector[hash >>> 26] += 1;
            }
        }
        return new JsonArray(DoubleStream.of(normalised(vector)).boxed().toList());
    }

    private static double[] normalised(double... vector) {
        double squares = 0;
        for (double value : vector) {
            squares += value * value;
        }
        if (squares == 0) {
            // A text without words still needs a direction, or its cosine to anything would be no number.
            vector[0] = 1;
            return vector;
        }
        double length = Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = vector[i] / length;
        }
        return vector;
    }
}
