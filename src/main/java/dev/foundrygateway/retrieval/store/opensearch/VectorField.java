package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.retrieval.index.VectorScale;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearchClient.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the vectors of one index are kept and searched: by the k-NN plugin's Lucene engine, or, where the plugin is missing, as bytes that a script reads one by
 * one. Found out when the first vector of a model comes, and not changed afterwards. Each model's vectors have a field of their own, see {@link VectorScale}.
 * Thread-safe.
 *
 * @see <a href="https://docs.opensearch.org/latest/vector-search/">Vector search</a>
 */
final class VectorField {
    /** All of them, whichever model's they are. */
    static final String NAMES = "vector*";

    /** The cosine as Lucene scores it, (1 + cos) / 2, of big-endian floats. */
    private static final String COSINE = """
            def r = doc[params.f].value; byte[] b = r.bytes; int o = r.offset;
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
    private final VectorScale scale;
    private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

    /** What there is. */
    private enum Kind {
        NONE,
        KNN,
        BYTES
    }

    VectorField(OpenSearchClient client, String index, VectorScale scale) {
        this.client = client;
        this.index = index;
        this.scale = scale;
    }

    /** The field for vectors of so many dimensions. */
    String name(int dimensions) {
        return scale.field(dimensions);
    }

    /** What that field is now. */
    private Kind kind(String field) {
        Kind known = kinds.getOrDefault(field, Kind.NONE);
        if (known != Kind.NONE) {
            return known;
        }
        String mapping = client.get(index + "/_mapping/field/" + field).body();
        if (mapping.contains("\"knn_vector\"")) {
            kinds.put(field, Kind.KNN);
        } else if (mapping.contains("\"binary\"")) {
            kinds.put(field, Kind.BYTES);
        }
        return kinds.getOrDefault(field, Kind.NONE);
    }

    /**
     * Makes the field for vectors of so many dimensions, if there is none.
     *
     * @throws IOException when OpenSearch takes no such vectors
     */
    void ensure(int dimensions) throws IOException {
        String field = name(dimensions);
        if (kind(field) != Kind.NONE) {
            return;
        }
        Reply reply = map(
                field,
                Map.of(
                        "type",
                        "knn_vector",
                        "dimension",
                        dimensions,
                        "method",
                        Map.of("name", "hnsw", "engine", "lucene", "space_type", "cosinesimil")));
        if (!reply.ok() && reply.body().contains("No handler for type [knn_vector]")) {
            reply = map(field, Map.of("type", "binary", "doc_values", true));
        }
        if (!reply.ok()) {
            throw new IOException("OpenSearch does not take these vectors: " + Indices.reason(reply));
        }
    }

    private Reply map(String field, Map<String, Object> mapping) {
        return client.put(index + "/_mapping", Map.of("properties", Map.of(field, mapping)));
    }

    /** A vector as it is written. */
    Object value(float[] vector) {
        if (kind(name(vector.length)) != Kind.BYTES) {
            return vector;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** The query for passages that have a vector there. */
    static Map<String, Object> exists(String field) {
        return Map.of("exists", Map.of("field", field));
    }

    /** The query for the nearest ones. */
    Map<String, Object> nearest(float[] vector, int depth, Map<String, Object> filter) {
        String field = name(vector.length);
        if (kind(field) == Kind.KNN) {
            return Map.of("knn", Map.of(field, Map.of("vector", vector, "k", depth, "filter", filter)));
        }
        Map<String, Object> candidates = Map.of("bool", Map.of("filter", List.of(filter, exists(field))));
        Map<String, Object> script = Map.of("source", COSINE, "params", Map.of("q", vector, "f", field));
        return Map.of("script_score", Map.of("query", candidates, "script", script));
    }
}
