package dev.foundrygateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.OptionalDouble;

/**
 * A decision model's one question, whether an answer is right, and its reply: a probability, and no text. Two shapes are spoken: System One's, which llama.cpp's
 * server has at {@code /v1/systemone}, and that of OpenAI's {@code /v1/decisions}.
 *
 * @see <a href="https://huggingface.co/blog/ggml-org/decision-models-in-llamacpp">Decision models in llama.cpp</a>
 */
public enum DecisionQuestion {
    /** A state and a map of questions; a yes or no is a {@code noul}. */
    SYSTEM_ONE {
        @Override
        ObjectNode body(String text, String instructions) {
            ObjectNode root = MAPPER.createObjectNode().put("state", text);
            root.putObject("questions").putObject(NAME).put("type", "noul").put("instructions", instructions);
            return root;
        }

        @Override
        JsonNode probability(JsonNode answers) {
            return answers.path(NAME).path("noul");
        }
    },
    /** An input and a list of questions; a yes or no is a {@code predicate}, and may be refused. */
    DECISIONS {
        @Override
        ObjectNode body(String text, String instructions) {
            ObjectNode root = MAPPER.createObjectNode().put("input", text);
            root.putArray("questions")
                    .addObject()
                    .put("type", "predicate")
                    .put("name", NAME)
                    .put("instructions", instructions);
            return root;
        }

        @Override
        JsonNode probability(JsonNode answers) {
            return answers.path(0).path("probability");
        }
    };

    /** A reply of more bytes is none: it has one number. */
    public static final int MOST_BYTES = 64 << 10;

    /** Of the question and of the answer, in characters: these models read 512 tokens to some thousands, and what is longer they refuse or cut. */
    static final int MOST_CHARACTERS = 4_000;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String NAME = "right";

    abstract ObjectNode body(String text, String instructions);

    abstract JsonNode probability(JsonNode answers);

    /**
     * The request. Of a long question its end is sent, of a long answer its beginning.
     *
     * @param whole whether the answer has ended
     */
    public ChatRequest request(String model, String question, String answer, boolean whole) {
        ObjectNode body = body(
                "Question: " + end(question) + "\n\nProposed answer: " + beginning(answer),
                whole
                        ? "Is the proposed answer to the question correct?"
                        : "The proposed answer has not ended yet. Is it correct so far?");
        return ChatRequest.parse(Buffer.buffer(body.put("model", model).toString()));
    }

    /** How likely the answer is wrong by that reply, from 0 to 1; empty if it does not say. */
    public OptionalDouble wrong(Buffer reply) {
        if (reply.length() > MOST_BYTES) {
            return OptionalDouble.empty();
        }
        try {
            JsonNode right = probability(MAPPER.readTree(reply.getBytes()).path("answers"));
            double value = right.asDouble(-1);
            return right.isNumber() && value >= 0 && value <= 1 ? OptionalDouble.of(1 - value) : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }

    private static String end(String text) {
        int from = Math.max(0, text.length() - MOST_CHARACTERS);
        return text.substring(from > 0 && Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from);
    }

    private static String beginning(String text) {
        int to = Math.min(MOST_CHARACTERS, text.length());
        return text.substring(0, to > 0 && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to);
    }
}
