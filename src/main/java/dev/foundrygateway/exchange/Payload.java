package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.ChatRequest;
import io.vertx.core.buffer.Buffer;

/** What a call carries beside its headers. Immutable as long as nobody changes the buffers. */
public sealed interface Payload {
    /** Nothing, of nothing in particular. */
    None NONE = new None("", "");

    /** The model that it names; empty if it names none. */
    String model();

    /** Whether a stream of events is asked for. */
    boolean streaming();

    /** A JSON object, which stages read and edit. */
    record Json(ChatRequest request) implements Payload {
        @Override
        public String model() {
            return request.model();
        }

        @Override
        public boolean streaming() {
            return request.streaming();
        }
    }

    /**
     * A form, such as an audio file with its fields, of which no stage sees more than its model.
     *
     * @param contentType its media type, boundary included
     * @param bytes all of it, as it came
     * @param model the value of its field {@code model}; empty if it has none
     * @param modelFrom where that value begins in the bytes
     * @param modelTo one past its end; the same as the beginning if there is none
     */
    record Form(String contentType, Buffer bytes, String model, int modelFrom, int modelTo) implements Payload {
        @Override
        public boolean streaming() {
            return false;
        }

        /** The bytes with this model's name in place of the one that came; as they came where that is the same, or none came. */
        public Buffer bytesFor(String otherModel) {
            if (modelFrom == modelTo || otherModel.isEmpty() || otherModel.equals(model)) {
                return bytes;
            }
            return Buffer.buffer(bytes.length() + otherModel.length())
                    .appendBuffer(bytes.slice(0, modelFrom))
                    .appendString(otherModel)
                    .appendBuffer(bytes.slice(modelTo, bytes.length()));
        }
    }

    /**
     * No body.
     *
     * @param id what the path names, decoded and checked: a model or a stored response; empty if the operation's path names nothing
     * @param query what goes along behind the path, encoded anew, without the question mark; empty for nothing
     */
    record None(String id, String query) implements Payload {
        @Override
        public String model() {
            return "";
        }

        @Override
        public boolean streaming() {
            return false;
        }
    }
}
