package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A client's call of {@code /v1/embeddings} that the gateway answers itself.
 *
 * @param texts 1 to 2,048, none of them empty
 * @param base64 whether vectors are written as base64 of their 32-bit values, little end first, and not as numbers
 * @see <a href="https://platform.openai.com/docs/api-reference/embeddings/create">Create embeddings</a>
 */
public record EmbeddingRequest(List<String> texts, boolean base64) {
    private static final int MOST_TEXTS = 2_048;
    private static final int MOST_CHARACTERS = 4_000_000;

    /**
     * Reads it.
     *
     * @param dimensions those that its vectors have
     * @throws IllegalArgumentException when it is none; the message begins with the member that is wrong
     */
    public static EmbeddingRequest of(ChatRequest request, int dimensions) {
        Json input = member(request, "input");
        List<String> texts = new ArrayList<>();
        long characters = 0;
        for (Json text : input.isArray() ? input.elements() : List.of(input)) {
            if (text.isNumber() || text.isArray()) {
                throw new IllegalArgumentException("input must be a string or a list of strings: this model takes no"
                        + " token numbers, which are another model's");
            }
            if (!text.isString() || text.text().isEmpty()) {
                throw new IllegalArgumentException("input must be a string or a list of strings, none of them empty");
            }
            texts.add(text.text());
            characters += text.text().length();
        }
        if (texts.isEmpty() || texts.size() > MOST_TEXTS || characters > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "input must have 1 to 2048 texts, of 4000000 characters together at most");
        }
        Json format = member(request, "encoding_format");
        boolean base64 = format.isString() && format.text().equals("base64");
        if (!base64 && !isAbsent(format) && !(format.isString() && format.text().equals("float"))) {
            throw new IllegalArgumentException("encoding_format must be float or base64");
        }
        Json wanted = member(request, "dimensions");
        if (!isAbsent(wanted) && !(wanted.isNumber() && wanted.number() == dimensions)) {
            throw new IllegalArgumentException(
                    "dimensions cannot be chosen: this model's vectors have " + dimensions + "; leave it out");
        }
        return new EmbeddingRequest(List.copyOf(texts), base64);
    }

    private static Json member(ChatRequest request, String name) {
        Optional<Json> value = request.member(name).flatMap(Json::parse);
        return value.orElseGet(() -> Json.object().get(name));
    }

    private static boolean isAbsent(Json value) {
        return value.isMissing() || value.isNull();
    }

    /** The reply's body. */
    public Buffer reply(String model, List<float[]> vectors, long tokens) {
        StringBuilder json = new StringBuilder("{\"object\":\"list\",\"data\":[");
        for (int i = 0; i < vectors.size(); i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"object\":\"embedding\",\"index\":")
                    .append(i);
            append(json.append(",\"embedding\":"), vectors.get(i));
            json.append('}');
        }
        json.append("],\"model\":").append(Json.text(model)).append(",\"usage\":{\"prompt_tokens\":");
        return Buffer.buffer(json.append(tokens)
                .append(",\"total_tokens\":")
                .append(tokens)
                .append("}}")
                .toString());
    }

    private void append(StringBuilder json, float[] vector) {
        if (base64) {
            ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            json.append('"')
                    .append(Base64.getEncoder().encodeToString(bytes.array()))
                    .append('"');
            return;
        }
        for (int i = 0; i < vector.length; i++) {
            json.append(i == 0 ? '[' : ',').append(vector[i]);
        }
        json.append(']');
    }
}
