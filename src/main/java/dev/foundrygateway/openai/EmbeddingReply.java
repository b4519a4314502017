package dev.foundrygateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A call of {@code /v1/embeddings} that the gateway makes for itself. */
public final class EmbeddingReply {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private EmbeddingReply() {}

    /** The request's body. */
    public static Buffer request(String model, List<String> texts) {
        ObjectNode root = MAPPER.createObjectNode().put("model", model);
        texts.forEach(root.putArray("input")::add);
        return Buffer.buffer(root.toString());
    }

    /**
     * The vectors of a reply, in the order of the texts.
     *
     * @throws IllegalArgumentException when it is no list of embeddings
     */
    public static List<float[]> vectors(Buffer body) {
        try {
            JsonNode entries = MAPPER.readTree(body.getBytes()).path("data");
            float[][] vectors = new float[entries.size()][];
            for (int i = 0; i < vectors.length; i++) {
                JsonNode entry = entries.get(i);
                JsonNode values = entry.path("embedding");
                float[] vector = new float[values.size()];
                for (int k = 0; k < vector.length; k++) {
                    vector[k] = (float) values.get(k).asDouble();
                }
                vectors[Math.floorMod(entry.path("index").asInt(i), vectors.length)] = vector;
            }
            List<float[]> all = new ArrayList<>();
            for (float[] vector : vectors) {
                if (vector == null) {
                    throw new IllegalArgumentException("the list of embeddings has a gap");
                }
                all.add(vector);
            }
            return all;
        } catch (IOException e) {
            throw new IllegalArgumentException("the reply is not a list of embeddings", e);
        }
    }
}
