package dev.foundrygateway.openai.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A member of a request that means one thing where it is null and another where it is not there.
 *
 * @param said whether it is there
 * @param value null where it is null or not there
 */
@RegisterForReflection
@JsonDeserialize(using = Said.Reader.class)
public record Said<T>(boolean said, @Nullable T value) {
    /** A member that is not there. */
    public static <T> Said<T> nothing() {
        return new Said<>(false, null);
    }

    /** Reads the value as its own type. */
    @RegisterForReflection
    public static final class Reader extends JsonDeserializer<Said<?>> implements ContextualDeserializer {
        private final @Nullable JavaType type;

        public Reader() {
            this(null);
        }

        private Reader(@Nullable JavaType type) {
            this.type = type;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            JavaType around = property == null ? context.getContextualType() : property.getType();
            return new Reader(around == null ? null : around.containedType(0));
        }

        @Override
        public Said<?> deserialize(JsonParser json, DeserializationContext context) throws IOException {
            JavaType known = type;
            return new Said<Object>(true, known == null ? json.getText() : context.readValue(json, known));
        }

        @Override
        public Said<?> getNullValue(DeserializationContext context) {
            return new Said<>(true, null);
        }

        @Override
        public Said<?> getAbsentValue(DeserializationContext context) {
            return nothing();
        }
    }
}
