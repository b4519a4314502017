package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.PlainChat;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.testing.Recording;
import dev.foundrygateway.upstream.repair.Dialect;
import dev.foundrygateway.upstream.repair.DialectCalls;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams of each generation as the client gets them. */
class StreamRepairTest {
    private static final String ASK =
            "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"12345678\"}]%s}";
    private static final String WANTS_USAGE = ",\"stream_options\":{\"include_usage\":true}";
    private static final String TOOLS = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";

    @Test
    void streamsOf2xAndOfPlainServersPassByteForByte() {
        for (Recording recording : Recording.streams()) {
            if (recording.name().startsWith("runtime-2")
                    && recording.path().equals("/v1/chat/completions")
                    && recording.ended()) {
                String body = recording.body().toString();
                if (!body.contains("\"error\"")) {
                    assertEquals(body, relayed(Dialect.FOUNDRY_2X, WANTS_USAGE, body), recording.name());
                    assertEquals(body, relayed(Dialect.OPENAI, WANTS_USAGE, body), recording.name());
                    assertEquals(body, relayed(Dialect.FOUNDRY_2X, WANTS_USAGE + TOOLS, body), recording.name());
                }
            }
        }
    }

    @Test
    void extrasOf1xAreDroppedAndUsageComesOnceAndOneIdNamesTheAnswer() {
        Recording recording = Recording.named("runtime-1.2.4/22-chat-stream-include-usage");
        List<JsonObject> chunks =
                chunks(relayed(Dialect.FOUNDRY_1X, WANTS_USAGE, recording.body().toString()));
        Set<String> ids = new HashSet<>();
        for (JsonObject chunk : chunks) {
            ids.add(chunk.getString("id"));
            assertFalse(chunk.containsKey("IsDelta") || chunk.containsKey("Successful"), chunk::encode);
            assertFalse(chunk.containsKey("CreatedAt") || chunk.containsKey("HttpStatusCode"), chunk::encode);
            assertEquals(chunk.getJsonArray("choices").isEmpty(), chunk.containsKey("usage"), chunk::encode);
            for (Object choice : chunk.getJsonArray("choices")) {
                assertFalse(((JsonObject) choice).containsKey("message"), chunk::encode);
            }
        }
        assertEquals(1, ids.size());
        assertTrue(ids.iterator().next().startsWith("chatcmpl-"));
        JsonObject usage = chunks.get(chunks.size() - 1).getJsonObject("usage");
        assertEquals(6, usage.getInteger("completion_tokens"));
        assertEquals(29, usage.getInteger("total_tokens"));
        assertEquals(text(chunks(recording.body().toString())), text(chunks));
    }

    @Test
    void usageOf1xThatNobodyAskedForIsMeasuredAndNotSent() {
        Recording recording = Recording.named("runtime-1.2.4/21-chat-stream");
        Relayed relayed = relay(
                Dialect.FOUNDRY_1X,
                "",
                recording.body().toString(),
                recording.body().length());
        assertFalse(relayed.text.contains("usage"));
        assertEquals(
                1,
                relayed.events.stream().filter(event -> event.usage().known()).count());
    }

    @Test
    void everyWayToCutTheBytesGivesTheSameAnswer() {
        String body = Recording.named("runtime-1.2.4/21-chat-stream").body().toString();
        String whole = text(chunks(relayed(Dialect.FOUNDRY_1X, "", body)));
        for (int size : new int[] {1, 2, 7, 100}) {
            assertEquals(whole, text(chunks(relay(Dialect.FOUNDRY_1X, "", body, size).text)));
        }
    }

    @Test
    void toolCallsOf1xComeOnceAndFinishOnce() {
        String body = Recording.named("runtime-1.2.4/95-tool-call-success-stream")
                .body()
                .toString();
        List<JsonObject> chunks = chunks(relayed(Dialect.FOUNDRY_1X, TOOLS, body));
        assertEquals("", text(chunks));
        assertEquals(List.of("tool_calls"), finishes(chunks));
        assertEquals(List.of("f"), calls(chunks));
    }

    @Test
    void rawToolCallTextBecomesToolCalls() {
        String body = chunk("Sure. <to")
                + chunk("ol_call>{\"name\": \"f\", \"arg")
                + chunk("uments\": {\"x\": 1.50}}</tool_call>")
                + finish("stop")
                + DONE;
        List<JsonObject> chunks = chunks(relayed(Dialect.FOUNDRY_1X, TOOLS, body));
        assertEquals("Sure. ", text(chunks));
        assertEquals(List.of("tool_calls"), finishes(chunks));
        assertEquals(List.of("f"), calls(chunks));
        assertTrue(relayed(Dialect.FOUNDRY_2X, TOOLS, body).contains("{\\\"x\\\":1.50}"));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aTextThatIsACallBecomesOneBeforeEveryServer(Dialect dialect) {
        String marked = chunk("<tool")
                + chunk("_call>{\"name\": \"f\", \"arguments\": {\"x\": 1.50}}</tool_call>")
                + finish("stop")
                + DONE;
        String bare = chunk("")
                + chunk(" {\"na")
                + chunk("me\": \"f\", \"arguments\": {\"x\": 1.50}}")
                + finish("stop")
                + DONE;
        String harmony = chunk("<|channel|>commentary to=functions.f <|constrain|>json<|mess")
                + chunk("age|>{\"x\":1.50}")
                + finish("stop")
                + DONE;
        for (String body : List.of(marked, bare, harmony)) {
            List<JsonObject> chunks = chunks(relayed(dialect, TOOLS, body));
            assertEquals("", text(chunks).strip(), body);
            assertEquals(List.of("tool_calls"), finishes(chunks), body);
            assertEquals(List.of("f"), calls(chunks), body);
        }
    }

    @Test
    void whatWorksBeforeAPlainServerPassesByteForByteWithToolsToo() {
        String spaced = "data: { \"choices\" : [ {\"index\":0, \"delta\":{\"content\":\"1 <\"}} ] }\n\n";
        String call =
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[ {\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}} ]}}]}\n\n";
        for (String body : List.of(
                chunk("Sure. ") + spaced + chunk("<tool_call>") + finish("stop") + DONE,
                chunk("") + call + finish("tool_calls") + DONE,
                spaced + finish("stop") + DONE)) {
            assertEquals(body, relayed(Dialect.OPENAI, TOOLS, body));
        }
        String other = chunk("{\"name\": \"unknown\", \"arguments\": {}}") + finish("stop") + DONE;
        assertEquals("{\"name\": \"unknown\", \"arguments\": {}}", text(chunks(relayed(Dialect.OPENAI, TOOLS, other))));
    }

    @Test
    void textThatOnlyLooksLikeAToolCallLeavesAsText() {
        String body = chunk("a <tool_call>no JSON</tool_call> b") + finish("stop") + DONE;
        assertEquals("a <tool_call>no JSON</tool_call> b", text(chunks(relayed(Dialect.FOUNDRY_1X, TOOLS, body))));
        String beginning = chunk("1 <") + chunk(" 2 <tool") + finish("length") + DONE;
        assertEquals("1 < 2 <tool", text(chunks(relayed(Dialect.FOUNDRY_1X, TOOLS, beginning))));
    }

    @Test
    void withoutToolsInTheRequestTheMarkerIsText() {
        String body = chunk("<tool_call>{\"name\":\"f\"}</tool_call>") + finish("stop") + DONE;
        assertEquals("<tool_call>{\"name\":\"f\"}</tool_call>", text(chunks(relayed(Dialect.FOUNDRY_1X, "", body))));
    }

    @Test
    void aStopStringCutAcrossChunksEndsTheAnswer() {
        String body = chunk("one E") + chunk("N") + chunk("D two") + chunk("three") + finish("length") + DONE;
        Relayed relayed = relay(Dialect.FOUNDRY_1X, ",\"stop\":[\"END\"]", body, 90);
        assertEquals("one ", text(chunks(relayed.text)));
        assertEquals(List.of("stop"), finishes(chunks(relayed.text)));
        assertTrue(relayed.text.endsWith(DONE));
        assertTrue(relayed.text.contains("\"stop_reason\":\"END\""), "as vLLM tells it");
        assertTrue(relayed.complete, "the upstream may be told to stop");
    }

    @Test
    void aHalfStopStringAtTheEndIsText() {
        String body = chunk("one E") + chunk("N") + finish("length") + DONE;
        assertEquals("one EN", text(chunks(relayed(Dialect.FOUNDRY_1X, ",\"stop\":\"END\"", body))));
    }

    @Test
    void finishReasonDoneIdAndEstimatedUsageAreSuppliedFor0x() {
        String body = old("abcd") + old("efghi");
        Relayed relayed = relay(Dialect.FOUNDRY_0X, WANTS_USAGE, body, body.length());
        List<JsonObject> chunks = chunks(relayed.text);
        assertEquals("abcdefghi", text(chunks));
        assertEquals(List.of("stop"), finishes(chunks));
        assertTrue(relayed.text.endsWith(DONE));
        JsonObject last = chunks.get(chunks.size() - 1);
        assertEquals(2, last.getJsonObject("usage").getInteger("prompt_tokens"));
        assertEquals(3, last.getJsonObject("usage").getInteger("completion_tokens"));
        assertTrue(last.getJsonObject("gateway").getBoolean("usage_estimated"));
        assertEquals(DialectCalls.MODEL, last.getString("model"));
        assertTrue(relayed.events.stream().noneMatch(event -> event.usage().known()), "estimates are not measured");
    }

    @Test
    void usageIsNotEstimatedFor0xWhereNobodyAsksForIt() {
        assertFalse(relayed(Dialect.FOUNDRY_0X, "", old("abcd")).contains("usage"));
    }

    @Test
    void aStreamOf1xWithoutAFinishReasonIsCutShort() {
        UpstreamCall call = DialectCalls.chat(Dialect.FOUNDRY_1X, ASK.formatted(""));
        StreamOpening opening = new StreamOpening(call);
        opening.read(Buffer.buffer(chunk("half an ")));
        opening.end();
        assertTrue(opening.cutShort());
    }

    @Test
    void eachChoiceOfAnEventIsRepairedAndKeepsWhatItSays() {
        String call = "{\"index\":%d,\"id\":\"%s\",\"function\":{\"name\":\"%s\",\"arguments\":\"{}\"}}";
        String event = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[%s]}},"
                + "{\"index\":1,\"delta\":{\"content\":\"Hi\",\"tool_calls\":[%s]}}],\"usage\":{\"prompt_tokens\":2}}\n\n";
        String body = event.formatted(
                        call.formatted(0, "a", "f"), call.formatted(0, "b", "F") + "," + call.formatted(1, "c", "now"))
                + event.formatted(call.formatted(1, "d", "now"), call.formatted(1, "e", "now"))
                + DONE;
        List<String> said = new ArrayList<>();
        for (String line : relayed(Dialect.OPENAI, TOOLS + ",\"parallel_tool_calls\":false", body)
                .lines()
                .filter(one -> one.startsWith("data: {"))
                .toList()) {
            JsonObject chunk = new JsonObject(line.substring(6));
            JsonObject choice = chunk.getJsonArray("choices").getJsonObject(0);
            JsonObject delta = choice.getJsonObject("delta");
            StringBuilder names = new StringBuilder();
            delta.getJsonArray("tool_calls", new JsonArray())
                    .forEach(one -> names.append(
                            ((JsonObject) one).getJsonObject("function").getString("name")));
            said.add(choice.getInteger("index")
                    + names.toString()
                    + delta.getString("content", "")
                    + (chunk.containsKey("usage") ? "+" : ""));
        }
        assertEquals(List.of("0f", "1fHi+", "1Hi+"), said);
    }

    @Test
    void anEventOfMoreChoicesThanAnyoneMayAskForPassesByteForByte() {
        String choice = "{\"index\": %d,\"delta\":{\"content\":\"Hi\"}}";
        String event = IntStream.rangeClosed(0, PlainChat.MAX_CHOICES)
                .mapToObj(choice::formatted)
                .collect(Collectors.joining(",", "data: {\"choices\":[", "],\"usage\":{\"prompt_tokens\":2}}\n\n"));
        assertEquals(event + DONE, relayed(Dialect.OPENAI, TOOLS, event + DONE));
    }

    private static final String DONE = "data: [DONE]\n\n";

    private static String chunk(String text) {
        return "data: "
                + new JsonObject()
                        .put("id", "chat.id.1")
                        .put("model", "m")
                        .put(
                                "choices",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("index", 0)
                                                .put(
                                                        "delta",
                                                        new JsonObject()
                                                                .put("role", "assistant")
                                                                .put("content", text))))
                + "\n\n";
    }

    private static String old(String text) {
        JsonObject says = new JsonObject().put("role", "assistant").put("content", text);
        JsonObject choice = new JsonObject()
                .put("index", 0)
                .put("delta", says)
                .put("message", says)
                .putNull("finish_reason");
        return "data: "
                + new JsonObject()
                        .put("id", "chat.id.1")
                        .putNull("model")
                        .put("IsDelta", true)
                        .put("choices", new JsonArray().add(choice))
                + "\n\n";
    }

    private static String finish(String reason) {
        return "data: {\"id\":\"chat.id.1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
                + reason + "\"}]}\n\n";
    }

    private record Relayed(String text, List<StreamEvent> events, boolean complete) {}

    private static String relayed(Dialect dialect, String members, String body) {
        return relay(dialect, members, body, Math.max(1, body.length())).text;
    }

    private static Relayed relay(Dialect dialect, String members, String body, int size) {
        StreamOpening opening = new StreamOpening(DialectCalls.chat(dialect, ASK.formatted(members)));
        Buffer bytes = Buffer.buffer(body);
        for (int from = 0; from < bytes.length() && !opening.complete(); from += size) {
            opening.read(bytes.getBuffer(from, Math.min(bytes.length(), from + size)));
        }
        boolean complete = opening.complete();
        if (!complete) {
            opening.end();
        }
        return new Relayed(opening.held().bytes().toString(), opening.held().events(), complete);
    }

    private static List<JsonObject> chunks(String stream) {
        List<JsonObject> chunks = new ArrayList<>();
        stream.lines()
                .filter(line -> line.startsWith("data: {"))
                .forEach(line -> chunks.add(new JsonObject(line.substring(6))));
        return chunks;
    }

    private static String text(List<JsonObject> chunks) {
        StringBuilder text = new StringBuilder();
        choices(chunks)
                .forEach(choice -> text.append(choice.getJsonObject("delta").getString("content", "")));
        return text.toString();
    }

    private static List<String> finishes(List<JsonObject> chunks) {
        return choices(chunks).stream()
                .map(choice -> choice.getString("finish_reason", ""))
                .filter(reason -> reason != null && !reason.isEmpty())
                .toList();
    }

    private static List<String> calls(List<JsonObject> chunks) {
        List<String> names = new ArrayList<>();
        for (JsonObject choice : choices(chunks)) {
            for (Object call : choice.getJsonObject("delta").getJsonArray("tool_calls", new JsonArray())) {
                names.add(((JsonObject) call).getJsonObject("function").getString("name"));
            }
        }
        return names;
    }

    private static List<JsonObject> choices(List<JsonObject> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.getJsonArray("choices").stream())
                .map(JsonObject.class::cast)
                .toList();
    }
}
