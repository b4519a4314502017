package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.upstream.repair.Dialect;
import dev.foundrygateway.upstream.repair.DialectCalls;
import dev.foundrygateway.upstream.repair.PlainRepair;
import dev.foundrygateway.upstream.repair.RepairedStream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** gpt-oss' marks of servers of every dialect, in streams and plain answers. */
class HarmonyStreamTest {
    private static final String ASK =
            "{\"model\":\"m\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}";
    private static final String TEXT =
            "<|channel|>analysis<|message|>I think.<|end|><|start|>assistant<|channel|>final<|message|>Paris.";

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void marksOfAStreamBecomeReasoningAndContent(Dialect dialect) {
        for (int size = 1; size < 30; size++) {
            StringBuilder body = new StringBuilder();
            for (int i = 0; i < TEXT.length(); i += size) {
                body.append(chunk(TEXT.substring(i, Math.min(TEXT.length(), i + size))));
            }
            String repaired = repaired(dialect, body + finish("stop") + "data: [DONE]\n\n");
            assertEquals("Paris.", joined(repaired, "content"), repaired);
            assertEquals("I think.", joined(repaired, "reasoning_content"));
            assertTrue(repaired.endsWith("data: [DONE]\n\n"));
        }
    }

    @Test
    void aMarkedCallIsAToolCall() {
        String body = chunk("<|channel|>commentary to=functions.f <|constr") + chunk("ain|>json<|message|>{\"a\"")
                + chunk(":1.0}<|call|>") + finish("stop") + "data: [DONE]\n\n";
        String repaired = repaired(Dialect.OPENAI, body);
        assertTrue(repaired.contains("\"finish_reason\":\"tool_calls\""), repaired);
        assertTrue(repaired.contains("\"name\":\"f\""));
        assertTrue(repaired.contains("{\\\"a\\\""));
        assertEquals("", joined(repaired, "content"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Paris <|channel|>final", "\n\nParis", "<b>", "<|im_start|>", "<|", " ", "<|start|>me"})
    void aStreamThatBeginsOtherwisePassesAsItCame(String text) {
        for (String cut : new String[] {text, text.substring(0, 1)}) {
            String body =
                    "data:  {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\r\n\r\n"
                            + chunk(cut) + chunk("more < " + text) + finish("stop") + "data: [DONE]\n\n";
            assertEquals(body, repaired(Dialect.OPENAI, body));
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void marksOfAPlainAnswerBecomeReasoningAndContent(Dialect dialect) {
        Buffer body = Buffer.buffer(
                "{\"id\":\"i\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                        + TEXT.replace("<", "\\u003c").replace(">", "\\u003E")
                        + "\"},\"finish_reason\":\"stop\"}],\"x\":100.0}");
        JsonObject answer = new JsonObject(PlainRepair.of(body, DialectCalls.chat(dialect, ASK.formatted("false")))
                .orElseThrow()
                .frame()
                .bytes());
        JsonObject message = answer.getJsonArray("choices").getJsonObject(0).getJsonObject("message");
        assertEquals("Paris.", message.getString("content"));
        assertEquals("I think.", message.getString("reasoning_content"));
    }

    @Test
    void aPlainAnswerThatOnlySpeaksOfMarksPassesAsItCame() {
        Buffer body = Buffer.buffer(
                "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"It is <|channel|>final\"},\"finish_reason\":\"stop\"}]}");
        assertEquals(Optional.empty(), PlainRepair.of(body, DialectCalls.chat(Dialect.OPENAI, ASK.formatted("false"))));
    }

    private static String repaired(Dialect dialect, String body) {
        RepairedStream stream = new RepairedStream(DialectCalls.chat(dialect, ASK.formatted("true")));
        Buffer out = Buffer.buffer();
        EventScanner scanner = new EventScanner(9_999);
        for (String event : body.split("(?<=\n\r?\n)", -1)) {
            Frame frame = scanner.feed(Buffer.buffer(event));
            out.appendBuffer(
                    frame.events().isEmpty()
                            ? Buffer.buffer()
                            : stream.repair(frame).bytes());
        }
        return out.appendBuffer(stream.end().bytes()).toString();
    }

    private static String joined(String stream, String name) {
        StringBuilder text = new StringBuilder();
        for (String line : stream.split("\n", -1)) {
            if (line.startsWith("data: {")) {
                JsonObject chunk = new JsonObject(line.substring(6));
                if (!chunk.getJsonArray("choices").isEmpty()) {
                    JsonObject delta =
                            chunk.getJsonArray("choices").getJsonObject(0).getJsonObject("delta");
                    text.append(delta.getString(name, ""));
                }
            }
        }
        return text.toString();
    }

    private static String chunk(String text) {
        return "data: {\"id\":\"i\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
                + new JsonObject().put("c", text).encode().substring(5).replaceAll("}$", "")
                + "},\"finish_reason\":null}]}\n\n";
    }

    private static String finish(String reason) {
        return "data: {\"id\":\"i\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
                + reason + "\"}]}\n\n";
    }
}
