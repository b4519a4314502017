package dev.foundrygateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.json.Trees;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.testing.Corpus;
import dev.foundrygateway.testing.RandomJson;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Random replies of a model server, whole and broken. The seed is fixed: what fails once fails again. */
class ReplyFuzzTest {
    private static final int ROUNDS = 1_500;
    private static final JsonMapper TREES = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Random random = new Random(20_261_128);
    private final RandomJson texts = new RandomJson(
            random,
            "id",
            "model",
            "choices",
            "delta",
            "message",
            "content",
            "reasoning_content",
            "tool_calls",
            "function",
            "arguments",
            "index",
            "finish_reason",
            "usage",
            "prompt_tokens",
            "logprobs",
            "gateway",
            "error",
            "code",
            "data",
            "text");

    /** A chunk of random members whose choice has random members. */
    private String chunk() {
        String choice = "[" + texts.object(3) + (random.nextInt(4) == 0 ? "," + texts.value(2) : "") + "]";
        String members = texts.object(2).strip();
        String inner = members.substring(1, members.length() - 1).strip();
        return random.nextInt(5) == 0
                ? texts.object(4)
                : "{\"choices\":" + choice + (inner.isEmpty() || inner.contains("\"choices\"") ? "" : "," + inner)
                        + "}";
    }

    @Test
    void anEditChangesWhatItSaysAndNothingElse() throws JsonProcessingException {
        int edited = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String json = chunk();
            Optional<ReplyDocument> read = ReplyDocument.of(Buffer.buffer(json));
            assertTrue(read.isPresent(), json);
            ReplyDocument document = read.get();
            assertFalse(document.changed());
            assertEquals(json.strip(), document.json().toString().strip(), "untouched");
            document.setId("other id");
            document.setModel("other model");
            JsonNode expected = TREES.readTree(json);
            ((ObjectNode) expected).put("id", "other id").put("model", "other model");
            JsonNode got = TREES.readTree(document.json().toString());
            assertEquals(expected, got, json);
            edited += document.changed() ? 1 : 0;
        }
        assertTrue(edited > ROUNDS / 2);
    }

    @Test
    void everythingThatMayBeDoneToAReplyLeavesItJson() throws JsonProcessingException {
        for (int round = 0; round < ROUNDS; round++) {
            String json = chunk();
            ReplyDocument document = ReplyDocument.of(Buffer.buffer(json)).orElseThrow();
            document.dropExtras();
            document.dropLogprobs();
            document.setIndex(random.nextInt(3));
            document.setText("text \"" + round);
            document.setFinishReason("stop");
            document.addGateway("{\"route\":\"direct\"}");
            document.setToolCalls(List.of());
            document.setUsage(document.usage());
            assertTrue(TREES.readTree(document.json().toString()).isObject(), json);
            assertTrue(TREES.readTree(document.emptyChunk().json().toString()).isObject(), json);
            assertTrue(
                    TREES.readTree(document.usageChunk(document.usage()).json().toString())
                            .isObject(),
                    json);
        }
    }

    @Test
    void brokenRepliesAreReadAsWhatTheyAreAndNeverFail() {
        for (int round = 0; round < ROUNDS; round++) {
            String json = chunk();
            for (int i = random.nextInt(4); i >= 0 && !json.isEmpty(); i--) {
                json = texts.mutate(json);
            }
            readEveryWay(json);
        }
    }

    private void readEveryWay(String broken) {
        Buffer body = Buffer.buffer(broken);
        boolean object = isObject(broken);
        assertEquals(object, quietly(broken, () -> ReplyDocument.of(body)).isPresent(), broken);
        quietly(broken, () -> UpstreamError.read(body));
        quietly(broken, () -> UpstreamError.isComplete(body));
        quietly(broken, () -> Frame.answer(body));
        if (quietly(broken, () -> ModelList.isReadable(body))) {
            quietly(broken, () -> ModelList.repaired(body));
        }
        quietly(broken, () -> ModelOutput.read(List.of(Frame.answer(body))));
        String event = "data: " + broken.replace('\n', ' ').replace('\r', ' ') + "\n\n";
        Frame frame = new EventScanner(1 << 20).feed(Buffer.buffer(event));
        MergedChoices.Streamed choices = new MergedChoices.Streamed(2);
        quietly(broken, () -> choices.take(frame));
        GatheredChat chat = new GatheredChat(random.nextBoolean());
        for (StreamEvent one : frame.events()) {
            if (one.kind() == Kind.CHUNK) {
                quietly(broken, () -> {
                    ReplyDocument.of(frame, one).ifPresent(chat::add);
                    return chat.answer();
                });
            }
        }
    }

    /** Replies and requests; a request that is one can be edited and is one then. */
    @Test
    void everyKeptBodyIsReadAndEditedOrRefusedInWords() {
        Corpus.of("bodies").forEach((name, bytes) -> {
            readEveryWay(new String(bytes, UTF_8));
            Buffer body = Buffer.buffer(bytes);
            ChatRequest request;
            try {
                request = ChatRequest.parse(body);
            } catch (IllegalArgumentException told) {
                assertFalse(String.valueOf(told.getMessage()).isBlank(), name);
                return;
            }
            assertEquals(
                    "other",
                    ChatRequest.parse(request.withModel("other").bytes()).model(),
                    name);
            quietly(name, request::conversation);
            quietly(name, request::lastUserText);
            quietly(name, () -> request.texts("models"));
        });
        Corpus.of("forms").forEach((name, bytes) -> {
            String text = new String(bytes, UTF_8);
            String type = "multipart/form-data; boundary="
                    + text.lines().findFirst().orElse("--b").replaceFirst("^--", "");
            try {
                MultipartForm.parse(type, Buffer.buffer(bytes), "model");
            } catch (IllegalArgumentException told) {
                assertFalse(String.valueOf(told.getMessage()).isBlank(), name);
            }
        });
    }

    private static boolean isObject(String json) {
        return Json.parse(json).filter(Json::isObject).isPresent();
    }

    /** Found by fuzzing: Jackson lets a number's own exception through. */
    @Test
    void aNumberThatNoTreeCanHoldIsNoFaultOfTheProgram() {
        String json = "{\"a\":1e23456789012345678901234567890}";
        assertEquals(Optional.empty(), Trees.object(json));
        assertThrows(IOException.class, () -> Trees.read(Buffer.buffer(json)));
        assertFalse(ModelList.isReadable(Buffer.buffer(json)));
        assertEquals(502, UpstreamError.read(Buffer.buffer(json)).status());
        assertTrue(ReplyDocument.of(Buffer.buffer(json)).isPresent());
    }

    private static <T> T quietly(String json, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (RuntimeException e) {
            throw new AssertionError(json, e);
        }
    }

    @Test
    void aFormIsReadWholeAndBrokenOnesAreRefusedInWords() {
        for (int round = 0; round < ROUNDS; round++) {
            String boundary = "b" + Integer.toHexString(random.nextInt());
            String value = "model-" + random.nextInt(1_000);
            String file = part(boundary, "name=\"file\"; filename=\"a.wav\"", texts.value(2));
            String model = part(boundary, "name=\"model\"", value);
            String form = (random.nextBoolean() ? file + model : model + file) + "--" + boundary + "--\r\n";
            String type = "multipart/form-data; boundary=" + boundary;
            MultipartForm read = MultipartForm.parse(type, Buffer.buffer(form), "model");
            assertEquals(value, read.value());
            assertEquals(value, Buffer.buffer(form).getString(read.from(), read.to()));
            Buffer nameless = Buffer.buffer(file + "--" + boundary + "--\r\n");
            Buffer named =
                    MultipartForm.parse(type, nameless, "model").with("other").bytes();
            assertEquals("other", MultipartForm.parse(type, named, "model").value());
            byte[] broken = form.getBytes(UTF_8);
            for (int i = random.nextInt(4); i >= 0; i--) {
                broken[random.nextInt(broken.length)] = (byte) "-\r\n\";=: b".charAt(random.nextInt(9));
            }
            try {
                MultipartForm.parse(type, Buffer.buffer(broken), "model");
            } catch (IllegalArgumentException told) {
                assertFalse(String.valueOf(told.getMessage()).isBlank());
            }
        }
    }

    private static String part(String boundary, String disposition, String value) {
        return "--" + boundary + "\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + value + "\r\n";
    }
}
