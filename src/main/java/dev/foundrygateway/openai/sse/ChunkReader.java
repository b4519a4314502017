package dev.foundrygateway.openai.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.foundrygateway.openai.json.JsonCursor;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.openai.sse.StreamEvent.Output;
import java.util.Arrays;

/**
 * Reads out of one event's data what a {@link StreamEvent} says of it: of chat and completions chunks, and of the events of the responses API. Not
 * thread-safe; reused from event to event.
 */
public final class ChunkReader {
    private static final byte[] CHOICES = name("choices");
    private static final byte[] USAGE = name("usage");
    private static final byte[] ERROR = name("error");
    private static final byte[] TYPE = name("type");
    private static final byte[] OBJECT = name("object");
    private static final byte[] MESSAGE = name("message");
    private static final byte[] DETAIL = name("detail");
    private static final byte[] DELTA = name("delta");
    private static final byte[] RESPONSE = name("response");
    private static final byte[] FINISH_REASON = name("finish_reason");
    private static final byte[] TEXT = name("text");
    private static final byte[] CONTENT = name("content");
    private static final byte[] REASONING_CONTENT = name("reasoning_content");
    private static final byte[] REASONING = name("reasoning");
    private static final byte[] REFUSAL = name("refusal");
    private static final byte[] TOOL_CALLS = name("tool_calls");
    private static final byte[] FUNCTION_CALL = name("function_call");
    private static final byte[] PROMPT_TOKENS = name("prompt_tokens");
    private static final byte[] INPUT_TOKENS = name("input_tokens");
    private static final byte[] COMPLETION_TOKENS = name("completion_tokens");
    private static final byte[] OUTPUT_TOKENS = name("output_tokens");
    private static final byte[] TOTAL_TOKENS = name("total_tokens");
    private static final byte[] PROMPT_DETAILS = name("prompt_tokens_details");
    private static final byte[] INPUT_DETAILS = name("input_tokens_details");
    private static final byte[] COMPLETION_DETAILS = name("completion_tokens_details");
    private static final byte[] OUTPUT_DETAILS = name("output_tokens_details");
    private static final byte[] CACHED_TOKENS = name("cached_tokens");
    private static final byte[] REASONING_TOKENS = name("reasoning_tokens");
    private static final byte[] DONE = name("[DONE]");

    private final JsonCursor json = new JsonCursor();
    private Output output = Output.NONE;
    private boolean choices;
    private boolean error;
    /** Whether it says what an error says that has no {@code error} around it. */
    private boolean complaint;
    /** Whether it has the members of an answer, in which a message is not a complaint. */
    private boolean answering;

    private boolean delta;
    private String type = "";
    private String finishReason = "";
    private Usage usage = Usage.NONE;

    /**
     * Reads an event's data.
     *
     * @param array holds the data from {@code dataFrom} to {@code dataTo}
     * @param from where the event begins in its frame
     * @param to where it ends in its frame
     */
    public StreamEvent read(byte[] array, int dataFrom, int dataTo, int from, int to) {
        clear();
        json.reset(array, dataFrom, dataTo);
        if (!json.enterObject()) {
            return new StreamEvent(
                    isDone(array, dataFrom, dataTo) ? Kind.DONE : Kind.OTHER,
                    Output.NONE,
                    "",
                    Usage.NONE,
                    false,
                    from,
                    to);
        }
        while (json.nextMember()) {
            readMember();
        }
        if (!json.finish()) {
            return new StreamEvent(Kind.OTHER, Output.NONE, "", Usage.NONE, false, from, to);
        }
        if (!type.isEmpty()) {
            applyType();
        }
        error |= complaint && !answering && !type.startsWith("response.");
        return new StreamEvent(error ? Kind.ERROR : Kind.CHUNK, output, finishReason, usage, choices, from, to);
    }

    private void clear() {
        output = Output.NONE;
        choices = false;
        error = false;
        complaint = false;
        answering = false;
        delta = false;
        type = "";
        finishReason = "";
        usage = Usage.NONE;
    }

    private void readMember() {
        if (json.keyIs(CHOICES)) {
            answering = true;
            readChoices();
        } else if (json.keyIs(USAGE)) {
            readUsage();
        } else if (json.keyIs(ERROR)) {
            error |= !json.isNull();
            json.skipValue();
        } else if (json.keyIs(TYPE)) {
            type = json.readString();
        } else if (json.keyIs(OBJECT)) {
            if (json.firstInString() == 'e') {
                complaint |= json.readString().equals("error");
            } else {
                json.skipValue();
            }
        } else if (json.keyIs(MESSAGE)) {
            complaint |= json.readFilledString();
        } else if (json.keyIs(DETAIL)) {
            complaint |= json.readFilled();
        } else if (json.keyIs(DELTA)) {
            delta |= json.readFilledString();
        } else if (json.keyIs(RESPONSE)) {
            readResponse();
        } else {
            json.skipValue();
        }
    }

    /** The type may come after what it says how to read. */
    private void applyType() {
        switch (type) {
            case "error", "response.failed" -> error = true;
            case "response.completed" -> finishReason = "stop";
            case "response.incomplete" -> finishReason = "length";
            default -> {
                if (delta && type.startsWith("response.") && type.endsWith(".delta")) {
                    carries(type.startsWith("response.reasoning") ? Output.THINKING : Output.ANSWER);
                }
            }
        }
    }

    private void readResponse() {
        if (!json.enterObject()) {
            json.skipValue();
            return;
        }
        while (json.nextMember()) {
            if (json.keyIs(USAGE)) {
                readUsage();
            } else {
                json.skipValue();
            }
        }
    }

    private void readChoices() {
        if (!json.enterArray()) {
            json.skipValue();
            return;
        }
        while (json.nextElement()) {
            if (json.enterObject()) {
                choices = true;
                while (json.nextMember()) {
                    readChoiceMember();
                }
            } else {
                json.skipValue();
            }
        }
    }

    /** Of 0.x and 1.x chunks, which have the text twice, in {@code delta} and {@code message}, only {@code delta} counts. */
    private void readChoiceMember() {
        if (json.keyIs(DELTA)) {
            readDelta();
        } else if (json.keyIs(TEXT)) {
            if (json.readFilledString()) {
                carries(Output.ANSWER);
            }
        } else if (finishReason.isEmpty() && json.keyIs(FINISH_REASON)) {
            finishReason = json.readString();
        } else {
            json.skipValue();
        }
    }

    private void readDelta() {
        if (!json.enterObject()) {
            json.skipValue();
            return;
        }
        while (json.nextMember()) {
            if (json.keyIs(CONTENT)) {
                readContent();
            } else if (json.keyIs(TOOL_CALLS) || json.keyIs(REFUSAL) || json.keyIs(FUNCTION_CALL)) {
                if (json.readFilled()) {
                    carries(Output.ANSWER);
                }
            } else if (json.keyIs(REASONING_CONTENT) || json.keyIs(REASONING)) {
                if (json.readFilled()) {
                    carries(Output.THINKING);
                }
            } else {
                json.skipValue();
            }
        }
    }

    private void readContent() {
        int first = json.firstInString();
        if (json.readFilled()) {
            carries(first == '<' || first == '\\' || first == ' ' ? Output.MARKED : Output.ANSWER);
        }
    }

    /** Of several outputs in one event the one that says most. */
    private void carries(Output more) {
        if (more.compareTo(output) > 0) {
            output = more;
        }
    }

    private void readUsage() {
        if (!json.enterObject()) {
            json.skipValue();
            return;
        }
        long prompt = 0;
        long completion = 0;
        long total = 0;
        long cached = 0;
        long reasoning = 0;
        while (json.nextMember()) {
            if (json.keyIs(PROMPT_TOKENS) || json.keyIs(INPUT_TOKENS)) {
                prompt = Math.max(0, json.readCount());
            } else if (json.keyIs(COMPLETION_TOKENS) || json.keyIs(OUTPUT_TOKENS)) {
                completion = Math.max(0, json.readCount());
            } else if (json.keyIs(TOTAL_TOKENS)) {
                total = Math.max(0, json.readCount());
            } else if (json.keyIs(PROMPT_DETAILS) || json.keyIs(INPUT_DETAILS)) {
                cached = readDetail(CACHED_TOKENS);
            } else if (json.keyIs(COMPLETION_DETAILS) || json.keyIs(OUTPUT_DETAILS)) {
                reasoning = readDetail(REASONING_TOKENS);
            } else {
                json.skipValue();
            }
        }
        // What ranks or embeds writes nothing, and some say only what it read in all.
        prompt = prompt == 0 && completion == 0 ? total : prompt;
        usage = prompt == 0 && completion == 0 ? Usage.NONE : new Usage(prompt, completion, cached, reasoning);
    }

    private long readDetail(byte[] name) {
        long count = 0;
        if (!json.enterObject()) {
            json.skipValue();
            return count;
        }
        while (json.nextMember()) {
            if (json.keyIs(name)) {
                count = Math.max(0, json.readCount());
            } else {
                json.skipValue();
            }
        }
        return count;
    }

    private static boolean isDone(byte[] array, int dataFrom, int dataTo) {
        int from = dataFrom;
        int to = dataTo;
        while (from < to && array[from] == ' ') {
            from++;
        }
        while (from < to && array[to - 1] == ' ') {
            to--;
        }
        return Arrays.equals(array, from, to, DONE, 0, DONE.length);
    }

    private static byte[] name(String text) {
        return text.getBytes(UTF_8);
    }
}
