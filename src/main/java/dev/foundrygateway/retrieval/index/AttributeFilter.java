package dev.foundrygateway.retrieval.index;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a file's attributes, in OpenAI's form: a comparison of one attribute, or several conditions joined.
 *
 * @param type {@code eq}, {@code ne}, {@code gt}, {@code gte}, {@code lt}, {@code lte}, {@code in}, {@code nin}, or {@code and}, {@code or}
 * @param key the attribute of a comparison
 * @param value what it is compared with
 * @param filters what {@code and} and {@code or} join
 * @param others members that there are not
 * @see <a href="https://platform.openai.com/docs/api-reference/vector-stores/search">Search of a vector store</a>
 */
@RegisterForReflection
public record AttributeFilter(
        @JsonProperty("type") @Nullable String type,
        @JsonProperty("key") @Nullable String key,
        @JsonProperty("value") @Nullable Object value,
        @JsonProperty("filters") @Nullable List<AttributeFilter> filters,
        @JsonAnySetter @Nullable Map<String, Object> others) {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_SIZE = 1_000;

    /** Whether it says nothing: {@code {}}. */
    public boolean saysNothing() {
        return type == null && key == null && value == null && filters == null && (others == null || others.isEmpty());
    }

    /**
     * Whether a file with these attributes is meant. One without the attribute only by {@code ne} and {@code nin}.
     *
     * @throws GatewayException when the condition is none of OpenAI's
     */
    public boolean matches(Map<String, Object> attributes) {
        if (size(0) > MAX_SIZE) {
            throw wrong("filters have more than " + MAX_SIZE + " conditions and values");
        }
        return test(attributes);
    }

    /** How many conditions and values there are; no further counted than needed. */
    private int size(int depth) {
        if (depth > MAX_DEPTH) {
            throw wrong("filters are nested more than " + MAX_DEPTH + " deep");
        }
        int size = 1 + (value instanceof Collection<?> values ? values.size() : 0);
        if (filters != null) {
            for (AttributeFilter filter : filters) {
                if (filter == null) {
                    throw wrong("filters.filters has an entry that is null");
                }
                size += filter.size(depth + 1);
                if (size > MAX_SIZE) {
                    return size;
                }
            }
        }
        return size;
    }

    private boolean test(Map<String, Object> attributes) {
        String kind = type == null ? "" : type;
        if (kind.equals("and") || kind.equals("or")) {
            if (filters == null || filters.isEmpty()) {
                throw wrong("filters.filters must list at least one filter");
            }
            // Each is evaluated, so that a wrong one is told whatever the data.
            List<Boolean> answers =
                    filters.stream().map(filter -> filter.test(attributes)).toList();
            return kind.equals("and") ? !answers.contains(false) : answers.contains(true);
        }
        if (key == null || key.isEmpty() || value == null) {
            throw wrong("filters of type " + kind + " need a key and a value");
        }
        Object own = attributes.get(key);
        return switch (kind) {
            case "eq" -> own != null && equal(own, value);
            case "ne" -> own == null || !equal(own, value);
            case "in" -> own != null && list(value).stream().anyMatch(one -> equal(own, one));
            case "nin" -> own == null || list(value).stream().noneMatch(one -> equal(own, one));
            case "gt" -> own instanceof Number number && compare(number, value) > 0;
            case "gte" -> own instanceof Number number && compare(number, value) >= 0;
            case "lt" -> own instanceof Number number && compare(number, value) < 0;
            case "lte" -> own instanceof Number number && compare(number, value) <= 0;
            default -> throw wrong("filters.type must be one of eq, ne, gt, gte, lt, lte, in, nin, and, or");
        };
    }

    private static boolean equal(Object own, Object other) {
        if (own instanceof Number a && other instanceof Number b) {
            return number(a).compareTo(number(b)) == 0;
        }
        return own.equals(other);
    }

    private static int compare(Number own, Object other) {
        if (!(other instanceof Number limit)) {
            throw wrong("filters.value must be a number where sizes are compared");
        }
        return number(own).compareTo(number(limit));
    }

    private static BigDecimal number(Number number) {
        return new BigDecimal(number.toString());
    }

    private static Collection<?> list(Object value) {
        if (value instanceof Collection<?> values) {
            return values;
        }
        throw wrong("filters.value must be a list for in and nin");
    }

    private static GatewayException wrong(String message) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, message, "filters");
    }
}
