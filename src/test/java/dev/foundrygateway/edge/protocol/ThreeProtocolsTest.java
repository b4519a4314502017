package dev.foundrygateway.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.exchange.ChatReply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The same exchange asked in each protocol says the same: text, calls, why it ended, and the counts. */
class ThreeProtocolsTest {
    private static final int EXCHANGES = 200;
    private static final String[] WORDS = {
        "Gr\u00fc\u00dfe", " ", "\uD83D\uDE00", "\n", "\"x\"", "\\", "[1]", "{", "data: "
    };
    private static final String[] ENDS = {"stop", "tool_calls", "length", "content_filter"};

    /**
     * What an exchange says.
     *
     * @param calls each call's id, name and arguments
     * @param end chat's finish reason
     */
    private record Said(String text, String thought, List<String> calls, String end, long in, long out) {}

    @Test
    void twoHundredExchangesAreEqual() {
        MessagesProtocol messages = new MessagesProtocol(Map.of());
        ResponsesProtocol responses = new ResponsesProtocol(() -> 9);
        String message = "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s}";
        String response = "{\"model\":\"m\",\"input\":\"Hi\"%s}";
        for (int seed = 0; seed < EXCHANGES; seed++) {
            Random random = new Random(seed);
            Said said = said(random);
            List<String> chunks = chunks(said, random);
            Buffer stream = ChatAnswers.bytes(chunks);
            int size = 1 + random.nextInt(90);
            String asked = message.formatted("");
            assertEquals(said, ofMessage(ChatAnswers.read(messages, asked, whole(said))), "message " + seed);
            String events =
                    ChatAnswers.read(messages, message.formatted(",\"stream\":true"), ChatAnswers.cut(stream, size));
            assertEquals(said, ofMessage(MessageEventReader.message(events).encode()), "message's events " + seed);
            asked = response.formatted("");
            assertEquals(said, ofResponse(ChatAnswers.read(responses, asked, whole(said))), "response " + seed);
            events = ChatAnswers.read(responses, response.formatted(",\"stream\":true"), ChatAnswers.cut(stream, size));
            assertEquals(said, ofResponse(ResponseEventReader.response(events).encode()), "response's events " + seed);
            assertEquals(
                    stream.toString(),
                    ChatAnswers.read(ChatProtocol.INSTANCE, "{}", ChatAnswers.cut(stream, size)),
                    "chat " + seed);
        }
    }

    private static Said said(Random random) {
        String end = ENDS[random.nextInt(ENDS.length)];
        List<String> calls = new ArrayList<>();
        for (int i = 0; end.equals("tool_calls") && i <= random.nextInt(3); i++) {
            JsonObject arguments = new JsonObject().put("a", random.nextInt(99)).put("b", words(random, 4));
            calls.add("call_" + i + " f" + i + " " + arguments.encode());
        }
        return new Said(
                words(random, end.equals("tool_calls") ? 3 : 20),
                random.nextBoolean() ? words(random, 9) : "",
                calls,
                end,
                random.nextInt(5_000),
                random.nextInt(5_000));
    }

    private static String words(Random random, int most) {
        StringBuilder words = new StringBuilder();
        for (int i = random.nextInt(most); i >= 0; i--) {
            words.append(WORDS[random.nextInt(WORDS.length)]);
        }
        return words.toString();
    }

    private static List<String> chunks(Said said, Random random) {
        List<String> chunks = new ArrayList<>();
        pieces(said.thought(), random).forEach(piece -> chunks.add(delta("reasoning_content", piece)));
        pieces(said.text(), random).forEach(piece -> chunks.add(delta("content", piece)));
        for (int i = 0; i < said.calls().size(); i++) {
            String[] call = said.calls().get(i).split(" ", 3);
            JsonObject first = call(call[0], call[1], "").put("index", i);
            chunks.add(delta("tool_calls", new JsonArray().add(first)));
            for (String piece : pieces(call[2], random)) {
                JsonObject more =
                        new JsonObject().put("index", i).put("function", new JsonObject().put("arguments", piece));
                chunks.add(delta("tool_calls", new JsonArray().add(more)));
            }
        }
        chunks.add(ChatAnswers.finish(said.end()));
        chunks.add(new JsonObject()
                .put("choices", new JsonArray())
                .put("usage", usage(said))
                .encode());
        return chunks;
    }

    private static List<String> pieces(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + 1 + random.nextInt(6));
            // No server cuts a character in two.
            to += to < text.length() && Character.isLowSurrogate(text.charAt(to)) ? 1 : 0;
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    private static String delta(String member, Object value) {
        return ChatAnswers.chunk(new JsonObject().put(member, value).encode());
    }

    private static JsonObject call(String id, String name, String arguments) {
        return new JsonObject()
                .put("id", id)
                .put("type", "function")
                .put("function", new JsonObject().put("name", name).put("arguments", arguments));
    }

    private static JsonObject usage(Said said) {
        return new JsonObject()
                .put("prompt_tokens", said.in())
                .put("completion_tokens", said.out())
                .put("total_tokens", said.in() + said.out())
                .put("prompt_tokens_details", new JsonObject().put("cached_tokens", said.in() / 3));
    }

    private static ChatReply whole(Said said) {
        JsonObject message = new JsonObject().put("role", "assistant").put("content", said.text());
        if (!said.thought().isEmpty()) {
            message.put("reasoning_content", said.thought());
        }
        if (!said.calls().isEmpty()) {
            JsonArray calls = new JsonArray();
            for (String each : said.calls()) {
                String[] call = each.split(" ", 3);
                calls.add(call(call[0], call[1], call[2]));
            }
            message.put("tool_calls", calls);
        }
        JsonObject choice = new JsonObject().put("message", message).put("finish_reason", said.end());
        return ChatAnswers.plain(
                200,
                new JsonObject()
                        .put("choices", new JsonArray().add(choice))
                        .put("usage", usage(said))
                        .encode());
    }

    private static Said ofMessage(String json) {
        JsonObject message = new JsonObject(json);
        StringBuilder text = new StringBuilder();
        StringBuilder thought = new StringBuilder();
        List<String> calls = new ArrayList<>();
        for (Object each : message.getJsonArray("content")) {
            JsonObject block = (JsonObject) each;
            switch (block.getString("type")) {
                case "text" -> text.append(block.getString("text"));
                case "thinking" -> thought.append(block.getString("thinking"));
                default ->
                    calls.add(block.getString("id") + " " + block.getString("name") + " "
                            + block.getJsonObject("input").encode());
            }
        }
        String end =
                switch (message.getString("stop_reason")) {
                    case "end_turn" -> "stop";
                    case "tool_use" -> "tool_calls";
                    case "max_tokens" -> "length";
                    default -> "content_filter";
                };
        JsonObject usage = message.getJsonObject("usage");
        long in = usage.getLong("input_tokens") + usage.getLong("cache_read_input_tokens");
        return new Said(text.toString(), thought.toString(), calls, end, in, usage.getLong("output_tokens"));
    }

    private static Said ofResponse(String json) {
        JsonObject response = new JsonObject(json);
        StringBuilder text = new StringBuilder();
        StringBuilder thought = new StringBuilder();
        List<String> calls = new ArrayList<>();
        for (Object each : response.getJsonArray("output")) {
            JsonObject item = (JsonObject) each;
            switch (item.getString("type")) {
                case "message" ->
                    text.append(item.getJsonArray("content").getJsonObject(0).getString("text"));
                case "reasoning" ->
                    thought.append(item.getJsonArray("content").getJsonObject(0).getString("text"));
                default ->
                    calls.add(item.getString("call_id") + " " + item.getString("name") + " "
                            + item.getString("arguments"));
            }
        }
        String why = response.getJsonObject("incomplete_details", new JsonObject()) == null
                ? ""
                : response.getJsonObject("incomplete_details").getString("reason");
        String end =
                switch (why) {
                    case "" -> calls.isEmpty() ? "stop" : "tool_calls";
                    case "max_output_tokens" -> "length";
                    default -> why;
                };
        JsonObject usage = response.getJsonObject("usage");
        return new Said(
                text.toString(),
                thought.toString(),
                calls,
                end,
                usage.getLong("input_tokens"),
                usage.getLong("output_tokens"));
    }
}
