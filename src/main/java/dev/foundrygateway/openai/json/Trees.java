package dev.foundrygateway.openai.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/**
 * JSON trees for what is translated and so can't stay the bytes that came, which {@link Json} is for. Numbers keep their digits; those with an exponent may
 * be written another way. Thread-safe.
 */
public final class Trees {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private Trees() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** Plain values by their names as an object. */
    public static ObjectNode of(Map<String, Object> values) {
        return MAPPER.valueToTree(values);
    }

    /** The JSON object in this text; empty if it is none, or has a number that no tree can hold. */
    public static Optional<ObjectNode> object(String json) {
        try {
            return MAPPER.readTree(json) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads any JSON value.
     *
     * @throws IOException when the text is not exactly one, or has a number that no tree can hold
     */
    public static JsonNode read(Buffer json) throws IOException {
        try {
            return MAPPER.readTree(json.getBytes());
        } catch (NumberFormatException e) {
            // Jackson's own, past its checks, for an exponent of more than ten digits.
            throw new IOException("a number has too long an exponent", e);
        }
    }

    public static Buffer bytes(JsonNode node) {
        try {
            return Buffer.buffer(MAPPER.writeValueAsBytes(node));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
