package dev.foundrygateway.upstream.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.MergedChoices;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.testing.Recording;
import dev.foundrygateway.upstream.GatheringOpening;
import dev.foundrygateway.upstream.PlainAnswer;
import dev.foundrygateway.upstream.UpstreamCall;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Plain answers of each generation as the client gets them: repaired, gathered from a stream, made a stream. */
class PlainRepairTest {
    private static final String ASK = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"12345678\"}]%s}";
    private static final String TOOLS = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";

    @Test
    void plainAnswersOf2xAndOfPlainServersPassAsTheyCame() {
        Buffer body = Recording.named("runtime-2.2.1/20-chat").body();
        assertEquals(Optional.empty(), PlainRepair.of(body, DialectCalls.chat(Dialect.OPENAI, ASK.formatted(""))));
        assertEquals(
                Optional.empty(),
                PlainRepair.of(
                        body, DialectCalls.chat(Dialect.FOUNDRY_2X, ASK.formatted(""), "always-stream", "false")));
    }

    @Test
    void whatA1xAnswerSaysTwiceIsSaidOnce() {
        Buffer body = Recording.named("runtime-1.2.4/20-chat").body();
        JsonObject came = new JsonObject(body);
        JsonObject answer = repaired(Dialect.FOUNDRY_1X, "", body);
        JsonObject choice = answer.getJsonArray("choices").getJsonObject(0);
        assertFalse(choice.containsKey("delta"));
        assertFalse(answer.containsKey("IsDelta"));
        assertTrue(answer.getString("id").startsWith("chatcmpl-"));
        assertEquals(
                came.getJsonArray("choices")
                        .getJsonObject(0)
                        .getJsonObject("message")
                        .getString("content"),
                choice.getJsonObject("message").getString("content"));
        assertEquals("length", choice.getString("finish_reason"));
        assertEquals(came.getJsonObject("usage"), answer.getJsonObject("usage"));
        assertEquals("chat.completion", answer.getString("object"));
    }

    @Test
    void toolCallsOf1xLoseTheRawTextBesideThem() {
        JsonObject answer = repaired(
                Dialect.FOUNDRY_1X,
                TOOLS,
                Recording.named("runtime-1.2.4/94-tool-call-success").body());
        JsonObject message = answer.getJsonArray("choices").getJsonObject(0).getJsonObject("message");
        assertEquals(2, message.getJsonArray("tool_calls").size());
        assertFalse(message.getJsonArray("tool_calls").getJsonObject(0).containsKey("index"));
        assertTrue(message.containsKey("content") && message.getValue("content") == null);
    }

    @Test
    void rawToolCallTextInAPlainAnswerBecomesToolCalls() {
        Buffer body = Buffer.buffer(
                "{\"id\":\"chat.id.1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"<tool_call>[{\\\"name\\\":\\\"f\\\",\\\"parameters\\\":{\\\"a\\\":[1]}}]</tool_call>\",\"tool_calls\":[]},\"finish_reason\":\"stop\"}]}");
        JsonObject choice = repaired(Dialect.FOUNDRY_0X, TOOLS, body)
                .getJsonArray("choices")
                .getJsonObject(0);
        assertEquals("tool_calls", choice.getString("finish_reason"));
        JsonObject call =
                choice.getJsonObject("message").getJsonArray("tool_calls").getJsonObject(0);
        assertEquals("{\"a\":[1]}", call.getJsonObject("function").getString("arguments"));
    }

    @Test
    void aPlainAnswerHasOneCallWhereOneIsAllowed() {
        String one = TOOLS + ",\"parallel_tool_calls\":false";
        String call = "{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}";
        String answer =
                "{ \"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[%s]},\"finish_reason\":\"tool_calls\"}]}";
        Buffer two = Buffer.buffer(answer.formatted(call + "," + call.replace("\"c\"", "\"d\"")));
        for (Dialect dialect : Dialect.values()) {
            JsonObject choice =
                    repaired(dialect, one, two).getJsonArray("choices").getJsonObject(0);
            assertEquals("tool_calls", choice.getString("finish_reason"), dialect.name());
            assertEquals(
                    1,
                    choice.getJsonObject("message").getJsonArray("tool_calls").size(),
                    dialect.name());
        }
        Buffer single = Buffer.buffer(answer.formatted(call));
        UpstreamCall asked = DialectCalls.chat(Dialect.OPENAI, ASK.formatted(one));
        assertEquals(Optional.empty(), PlainRepair.of(single, asked), "what is right passes as it came");
    }

    @Test
    void argumentsThatAreNoTextBecomeText() {
        Buffer body = Buffer.buffer(
                "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]},\"finish_reason\":\"tool_calls\"}]}");
        UpstreamCall call = DialectCalls.chat(Dialect.FOUNDRY_2X, ASK.formatted(TOOLS), "always-stream", "false");
        String answer = PlainRepair.of(body, call).orElseThrow().frame().bytes().toString();
        assertTrue(answer.contains("\"arguments\":\"{\\\"a\\\":1}\""), answer);
    }

    @Test
    void a0xAnswerGetsModelFinishReasonAndAnEstimateThatIsNotMeasured() {
        Buffer body = Buffer.buffer(
                "{\"id\":\"chat.id.1\",\"model\":null,\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"abcde\"}}],\"usage\":null}");
        Frame frame = PlainRepair.of(body, DialectCalls.chat(Dialect.FOUNDRY_0X, ASK.formatted("")))
                .orElseThrow()
                .frame();
        JsonObject answer = new JsonObject(frame.bytes());
        assertEquals(DialectCalls.MODEL, answer.getString("model"));
        assertEquals("stop", answer.getJsonArray("choices").getJsonObject(0).getString("finish_reason"));
        assertEquals(2, answer.getJsonObject("usage").getInteger("completion_tokens"));
        assertTrue(answer.getJsonObject("gateway").getBoolean("usage_estimated"));
        assertFalse(frame.events().get(0).usage().known());
    }

    @Test
    void aStreamOf2xGathersIntoTheMembersOfItsPlainAnswer() {
        JsonObject plain =
                new JsonObject(Recording.named("runtime-2.2.1/20-chat").body());
        Frame frame = gathered(
                Dialect.FOUNDRY_2X,
                "",
                Recording.named("runtime-2.2.1/22-chat-stream-include-usage").body());
        JsonObject answer = new JsonObject(frame.bytes());
        assertEquals(plain.fieldNames(), answer.fieldNames());
        JsonObject choice = answer.getJsonArray("choices").getJsonObject(0);
        JsonObject plainChoice = plain.getJsonArray("choices").getJsonObject(0);
        assertEquals(plainChoice.fieldNames(), choice.fieldNames());
        assertEquals(
                plainChoice.getJsonObject("message").fieldNames(),
                choice.getJsonObject("message").fieldNames());
        assertEquals("ist C reshuloft", choice.getJsonObject("message").getString("content"));
        assertEquals("length", choice.getString("finish_reason"));
        assertEquals(6, frame.events().get(0).usage().completionTokens());
    }

    @Test
    void secondAnswersAreGatheredLikeFirstOnes() {
        Buffer body =
                Recording.named("runtime-2.2.1/22-chat-stream-include-usage").body();
        assertEquals(
                gathered(Dialect.FOUNDRY_2X, "", body).bytes(),
                gathered(Dialect.FOUNDRY_2X, "", body).bytes());
    }

    @Test
    void anUnstreamed1xCallWithStopIsAskedForAsAStreamAndCut() {
        Buffer body = Recording.named("runtime-1.2.4/21-chat-stream").body();
        JsonObject choice = new JsonObject(
                        gathered(Dialect.FOUNDRY_1X, ",\"stop\":\"ss\"", body).bytes())
                .getJsonArray("choices")
                .getJsonObject(0);
        assertEquals("4ce", choice.getJsonObject("message").getString("content"));
        assertEquals("stop", choice.getString("finish_reason"));
        assertEquals("ss", choice.getString("stop_reason"));
    }

    @Test
    void anErrorEventOrAnEndBeforeTheAnswerIsAStatus() {
        GatheringOpening failed = new GatheringOpening(DialectCalls.chat(Dialect.FOUNDRY_2X, ASK.formatted("")));
        failed.read(
                Recording.named("runtime-2.2.1/52-chat-prompt-too-long-stream").body());
        PlainAnswer error = failed.instead().orElseThrow();
        assertEquals(400, error.status());
        assertTrue(error.frame().bytes().toString().contains("\"code\":\"context_length_exceeded\""));
        GatheringOpening cut = new GatheringOpening(DialectCalls.chat(Dialect.FOUNDRY_2X, ASK.formatted("")));
        cut.read(Buffer.buffer("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n"));
        cut.end();
        assertEquals(502, cut.instead().orElseThrow().status());
    }

    @Test
    void aPlainAnswerToAStreamedCallBecomesAStream() {
        Buffer body = Recording.named("runtime-2.2.1/20-chat").body();
        PlainAnswer answer = PlainRepair.of(body, DialectCalls.chat(Dialect.OPENAI, ASK.formatted(",\"stream\":true")))
                .orElseThrow();
        assertTrue(answer.stream());
        String stream = answer.frame().bytes().toString();
        assertTrue(stream.startsWith("data: {"));
        assertTrue(stream.contains("\"finish_reason\":\"length\""));
        assertTrue(stream.endsWith("data: [DONE]\n\n"));
        assertFalse(stream.contains("usage"), "nobody asked for it");
        assertTrue(answer.frame().hasToken());
    }

    @Test
    void severalAnswersBecomeChoicesWithSummedUsage() {
        Frame one = Frame.answer(Recording.named("runtime-2.2.1/37-chat-n2").body());
        JsonObject merged =
                new JsonObject(MergedChoices.of(List.of(one, one, one)).bytes());
        JsonArray choices = merged.getJsonArray("choices");
        assertEquals(3, choices.size());
        assertEquals(2, choices.getJsonObject(2).getInteger("index"));
        assertEquals(12, merged.getJsonObject("usage").getInteger("completion_tokens"));
        assertEquals(81, merged.getJsonObject("usage").getInteger("total_tokens"));
    }

    private static JsonObject repaired(Dialect dialect, String members, Buffer body) {
        return new JsonObject(PlainRepair.of(body, DialectCalls.chat(dialect, ASK.formatted(members)))
                .orElseThrow()
                .frame()
                .bytes());
    }

    private static Frame gathered(Dialect dialect, String members, Buffer body) {
        UpstreamCall call = DialectCalls.chat(dialect, ASK.formatted(members));
        assertTrue(call.repairs().gathered());
        GatheringOpening opening = new GatheringOpening(call);
        opening.read(body);
        PlainAnswer answer = opening.instead().orElseThrow();
        assertEquals(200, answer.status());
        return answer.frame();
    }
}
