package dev.foundrygateway.openai.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import dev.foundrygateway.openai.schema.Effort.TooMuchException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A client's JSON Schema, ready to check answers: draft 2020-12 unless it names another. Nothing is fetched for it; its size, its depth and the work of a check are bounded. Compiling
 * and checking take up to some ten milliseconds for large ones, so they belong on a worker. Thread-safe.
 *
 * @see <a href="https://json-schema.org/draft/2020-12">JSON Schema, draft 2020-12</a>
 */
public final class AnswerSchema {
    private static final String META = "https://json-schema.org/draft/2020-12/schema";
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final Schema schema;

    private AnswerSchema(Schema schema) {
        this.schema = schema;
    }

    /** The drafts' own schemas, which the library brings along. */
    private static final class Drafts {
        private static final Schema META_SCHEMA = registry().getSchema(SchemaLocation.of(META));

        private Drafts() {}
    }

    /** Reads and compiles a schema. */
    public static AnswerSchema compile(String json) throws InvalidSchemaException {
        SchemaLimits.check(json);
        try {
            JsonNode node = MAPPER.readTree(json);
            SchemaLimits.check(node);
            if (!node.has("$schema")) {
                List<Error> wrong = errors(Drafts.META_SCHEMA, node);
                if (!wrong.isEmpty()) {
                    throw new InvalidSchemaException(
                            wrong.get(0).getInstanceLocation().toString(), wrong.get(0).getMessage());
                }
            }
            if (node instanceof ObjectNode object) {
                // A name of its own would only be something to resolve references by.
                object.remove("$id");
            }
            Schema compiled = registry().getSchema(node);
            compiled.initializeValidators();
            // References are found, and circles without an end, when something is checked.
            for (String any : List.of("{}", "[]", "\"\"", "0")) {
                errors(compiled, MAPPER.readTree(any));
            }
            return new AnswerSchema(compiled);
        } catch (JsonProcessingException broken) {
            throw new InvalidSchemaException("", "it is not JSON, or names a member twice");
        } catch (TooMuchException much) {
            throw new InvalidSchemaException("", "it branches too often to be checked");
        } catch (SchemaException broken) {
            throw new InvalidSchemaException("", String.valueOf(broken.getMessage()).lines().findFirst().orElse("it can't be read"));
        } catch (StackOverflowError circle) {
            throw new InvalidSchemaException("", "a reference leads back to itself");
        } catch (IllegalArgumentException broken) {
            throw new InvalidSchemaException("", "it can't be read");
        }
    }

    /** One for each schema: it keeps what it has read under the names that a schema gives itself. */
    private static SchemaRegistry registry() {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .regularExpressionFactory(Effort.patterns())
                .formatAssertionsEnabled(true)
                .locale(Locale.ENGLISH)
                .pathType(PathType.JSON_POINTER)
                .build();
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config));
    }

    private static List<Error> errors(Schema schema, JsonNode value) {
        Effort effort = new Effort();
        schema.validate(effort, value, com.networknt.schema.OutputFormat.RESULT);
        return effort.getErrors();
    }

    /** Checks a text; empty if it is JSON that keeps the schema. */
    public Optional<Violation> check(String text) {
        JsonNode value;
        try {
            value = MAPPER.readTree(text);
        } catch (JsonProcessingException broken) {
            return Optional.of(Violation.json("the text is not one JSON value"));
        }
        if (value.isMissingNode()) {
            return Optional.of(Violation.json("the text is empty"));
        }
        if (SchemaLimits.hasHugeNumber(value)) {
            return Optional.of(Violation.json("a number has too many digits"));
        }
        try {
            return errors(schema, value).stream().findFirst().map(AnswerSchema::violation);
        } catch (TooMuchException much) {
            return Optional.of(new Violation("", "schema", "checking the answer takes too long"));
        } catch (StackOverflowError deep) {
            return Optional.of(new Violation("", "schema", "the answer is nested too deeply"));
        }
    }

    private static Violation violation(Error error) {
        String keyword = error.getKeyword() == null ? "schema" : error.getKeyword();
        return new Violation(error.getInstanceLocation().toString(), keyword, error.getMessage());
    }
}
