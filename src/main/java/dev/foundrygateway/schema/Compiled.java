package dev.foundrygateway.schema;

import dev.foundrygateway.openai.schema.AnswerSchema;
import dev.foundrygateway.openai.schema.InvalidSchemaException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The schemas that were compiled last: programs send the same few again and again. Thread-safe. */
final class Compiled implements Terms.Compiler {
    private static final int KEPT = 128;
    /** Longer ones are compiled each time, so that what is kept is at most a few megabytes. */
    private static final int MAX_KEPT_LENGTH = 16 << 10;

    private final Map<String, AnswerSchema> schemas =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, AnswerSchema> eldest) {
                    return size() > KEPT;
                }
            });

    @Override
    public AnswerSchema compile(String json) throws InvalidSchemaException {
        Optional<AnswerSchema> known = Optional.ofNullable(schemas.get(json));
        if (known.isPresent()) {
            return known.get();
        }
        AnswerSchema made = AnswerSchema.compile(json);
        if (json.length() <= MAX_KEPT_LENGTH) {
            schemas.put(json, made);
        }
        return made;
    }
}
