package dev.foundrygateway.schema;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.schema.AnswerSchema;
import dev.foundrygateway.openai.schema.Demand;
import dev.foundrygateway.openai.schema.InvalidSchemaException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A demand with its schemas ready to check.
 *
 * @param demand what is asked for
 * @param format the schema of the text; empty if none is asked for
 * @param arguments the schemas of tools' arguments, by the tools' names: of strict ones, and of all where a tool has to be called
 */
record Terms(Demand demand, Optional<AnswerSchema> format, Map<String, AnswerSchema> arguments) {
    /** As many functions as OpenAI takes in a request; each schema costs memory of its own. */
    private static final int MOST_STRICT = 128;

    /** Compiles schemas, or finds them compiled. */
    @FunctionalInterface
    interface Compiler {
        AnswerSchema compile(String json) throws InvalidSchemaException;
    }

    /**
     * Compiles a demand's schemas.
     *
     * @throws GatewayException {@code invalid_schema}, naming the place
     */
    static Terms of(Demand demand, Compiler compiler) {
        Optional<AnswerSchema> format = demand.schema().isEmpty()
                ? Optional.empty()
                : Optional.of(compile(demand.schema(), "response_format.json_schema.schema", compiler));
        Map<String, AnswerSchema> arguments = new LinkedHashMap<>();
        int strict = 0;
        int index = 0;
        for (Map.Entry<String, Demand.Tool> tool : demand.tools().entrySet()) {
            String parameters = tool.getValue().parameters();
            if (parameters.isEmpty()) {
                index++;
                continue;
            }
            if (tool.getValue().strict()) {
                if (strict++ == MOST_STRICT) {
                    throw new GatewayException(
                            ErrorCode.INVALID_SCHEMA,
                            "tools has more than " + MOST_STRICT + " strict functions",
                            "tools");
                }
                String param = "tools[" + index + "].function.parameters";
                arguments.put(tool.getKey(), compile(parameters, param, compiler));
            } else if (demand.mustCall() && arguments.size() < MOST_STRICT) {
                // Such an answer is held anyway. Nobody asked for what can't be checked to be kept.
                compiled(parameters, compiler).ifPresent(schema -> arguments.put(tool.getKey(), schema));
            }
            index++;
        }
        return new Terms(demand, format, arguments);
    }

    private static Optional<AnswerSchema> compiled(String json, Compiler compiler) {
        try {
            return Optional.of(compiler.compile(json));
        } catch (InvalidSchemaException invalid) {
            return Optional.empty();
        }
    }

    private static AnswerSchema compile(String json, String param, Compiler compiler) {
        try {
            return compiler.compile(json);
        } catch (InvalidSchemaException invalid) {
            String place = invalid.place().isEmpty() ? "" : " at " + invalid.place();
            throw new GatewayException(
                    ErrorCode.INVALID_SCHEMA,
                    param + " is not a schema that can be kept" + place + ": " + invalid.getMessage(),
                    param);
        }
    }
}
