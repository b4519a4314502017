package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.retrieval.store.opensearch.OpenSearchClient.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * How the vectors of one index are kept and searched: by the k-NN plugin's Lucene engine, or, where the plugin is missing, as bytes that a script reads one by
 * one. Found out when the first vector comes, and not changed afterwards. Thread-safe.
 *
 * @see <a href="https://docs.opensearch.org/latest/vector-search/">Vector search</a>
 */
final class VectorField {
    static final String NAME = "vector";

    /** The cosine as Lucene scores it, (1 + cos) / 2, of big-endian floats. */
    private static final String COSINE = """
            def r = doc['vector'].value; byte[] b = r.bytes; int o = r.offset;
            if (r.length != 4 * params.q.length) { return 0 }
            double dot = 0; double n = 0; double m = 0;
            for (int i = 0; i < params.q.length; i++) {
              float f = Float.intBitsToFloat(((b[o] & 255) << 24) | ((b[o + 1] & 255) << 16) | ((b[o + 2] & 255) << 8) | (b[o + 3] & 255));
              o += 4; dot += f * params.q[i]; n += f * f; m += params.q[i] * params.q[i];
            }
            return n == 0 || m == 0 ? 0 : Math.max(0, (1 + dot / Math.sqrt(n * m)) / 2);
            """;

    private final OpenSearchClient client;
    private final String index;
    private volatile Kind kind = Kind.NONE;

    /** What there is. */
    enum Kind {
        NONE,
        KNN,
        BYTES
    }

    VectorField(OpenSearchClient client, String index) {
        this.client = client;
        this.index = index;
    }

    /** What there is now. */
    Kind kind() {
        if (kind == Kind.NONE) {
            String mapping = client.get(index + "/_mapping/field/" + NAME).body();
            if (mapping.contains("\"knn_vector\"")) {
                kind = Kind.KNN;
            } else if (mapping.contains("\"binary\"")) {
                kind = Kind.BYTES;
            }
        }
        return kind;
    }

    /**
     * Makes the field, if there is none.
     *
     * @throws IOException when there is one of another length
     */
    void ensure(int dimension) throws IOException {
        if (kind() == Kind.BYTES) {
            return;
        }
        Reply reply = map(Map.of(
                "type",
                "knn_vector",
                "dimension",
                dimension,
                "method",
                Map.of("name", "hnsw", "engine", "lucene", "space_type", "cosinesimil")));
        if (!reply.ok() && reply.body().contains("No handler for type [knn_vector]")) {
            reply = map(Map.of("type", "binary", "doc_values", true));
        }
        if (!reply.ok()) {
            throw new IOException("OpenSearch does not take these vectors: " + Indices.reason(reply));
        }
        kind();
    }

    private Reply map(Map<String, Object> field) {
        return client.put(index + "/_mapping", Map.of("properties", Map.of(NAME, field)));
    }

    /** A vector as it is written. */
    Object value(float[] vector) {
        if (kind != Kind.BYTES) {
            return vector;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** The query for the nearest ones. */
    Map<String, Object> nearest(float[] vector, int depth, Map<String, Object> filter) {
        if (kind == Kind.KNN) {
            return Map.of("knn", Map.of(NAME, Map.of("vector", vector, "k", depth, "filter", filter)));
        }
        Map<String, Object> candidates =
                Map.of("bool", Map.of("filter", List.of(filter, Map.of("exists", Map.of("field", NAME)))));
        Map<String, Object> script = Map.of("source", COSINE, "params", Map.of("q", vector));
        return Map.of("script_score", Map.of("query", candidates, "script", script));
    }
}
