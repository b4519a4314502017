package dev.foundrygateway.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.GatewayOptions;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallTest {
    @Test
    void optionsComeFromTheHeadersAndTheBodyWins() {
        GatewayOptions headers = Calls.chat(
                        "{}", "X-Gateway-Rag", " OFF ", "X-Gateway-Escalate", "Always", "X-Gateway-Priority", "high")
                .options();
        assertEquals("off", headers.rag());
        assertEquals("always", headers.escalate());
        assertEquals("high", headers.priority());
        GatewayOptions both = Calls.chat(
                        "{\"gateway\":{\"escalate\":\"never\",\"report\":true}}",
                        "X-Gateway-Escalate",
                        "always",
                        "X-Gateway-Priority",
                        "")
                .options();
        assertEquals("never", both.escalate());
        assertEquals("", both.priority());
        assertTrue(both.report());
        assertSame(GatewayOptions.NONE, Calls.chat("{\"model\":\"m\"}").options());
    }

    @Test
    void anOptionWithoutSuchAValueIsRefusedByItsName() {
        GatewayException header =
                assertThrows(GatewayException.class, () -> Calls.chat("{}", "X-Gateway-Escalate", "maybe"));
        assertEquals("x-gateway-escalate must be one of always, auto, never", header.getMessage());
        assertEquals("x-gateway-escalate", header.body().param());
        GatewayException body =
                assertThrows(GatewayException.class, () -> Calls.chat("{\"gateway\":{\"escalate\":\"maybe\"}}"));
        assertEquals("gateway.escalate", body.body().param());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "5                    | gateway must be an object",
                "{\"foo\":1}          | gateway.foo is unknown; there are documents, escalate, max_num_results, priority, rag, report, sources, vector_store_ids",
                "{\"sources\":5}      | gateway.sources must be a list of annotations, chunks, text",
                "{\"sources\":{\"a\":\"text\"}} | gateway.sources must be a list of annotations, chunks, text",
                "{\"sources\":[\"x\"]} | gateway.sources must be a list of annotations, chunks, text",
                "{\"vector_store_ids\":true} | gateway.vector_store_ids must be a list of strings",
                "{\"vector_store_ids\":[5]}  | gateway.vector_store_ids must be a list of strings",
                "{\"documents\":\"x\"}  | gateway.documents must be a list",
                "{\"rag\":5}          | gateway.rag must be one of auto, off, on",
                "{\"max_num_results\":1.5} | gateway.max_num_results must be a whole number from 1 to 50",
                "{\"report\":1}       | gateway.report must be true or false"
            })
    void anOptionOfAnotherKindIsRefusedByItsName(String options, String message) {
        assertEquals(
                message,
                assertThrows(GatewayException.class, () -> Calls.chat("{\"gateway\":" + options + "}"))
                        .getMessage());
    }

    @Test
    void aFormIsSentWithTheModelsRealNameAndElseAsItCame() {
        String text = "--b\r\nmodel\r\n\r\nwhisper\r\n--b--";
        int from = text.indexOf("whisper");
        Payload.Form form = new Payload.Form(
                "multipart/form-data; boundary=b", Buffer.buffer(text), "whisper", from, from + "whisper".length());
        assertEquals(
                text.replace("whisper", "whisper-tiny:1"),
                form.bytesFor("whisper-tiny:1").toString());
        assertSame(form.bytes(), form.bytesFor("whisper"));
        Payload.Form nameless = new Payload.Form("multipart/form-data; boundary=b", Buffer.buffer(text), "", 0, 0);
        assertSame(nameless.bytes(), nameless.bytesFor("whisper-tiny:1"));
    }

    @Test
    void aCallWithoutJsonHasNoRequestToRead() {
        Call call = Call.of(
                Operation.RESPONSE_READ,
                new Payload.None("resp_1", ""),
                MultiMap.caseInsensitiveMultiMap(),
                Timeline.arrivedAt(0),
                Caller.program("req_1"));
        assertEquals("", call.model());
        assertThrows(IllegalStateException.class, call::request);
    }

    @Test
    void whatIsNotKnownOfATimelineIsAbsent() {
        Timeline arrived = Timeline.arrivedAt(1_000);
        assertEquals(OptionalLong.empty(), arrived.queue());
        assertEquals(OptionalLong.empty(), arrived.prep());
        assertEquals(OptionalLong.empty(), arrived.firstToken());
        assertTrue(arrived.parts().isEmpty());
        Timeline sent = arrived.retrieved(100).queued(20).queued(30).sentAt(1_500);
        assertEquals(OptionalLong.of(50), sent.queue());
        assertEquals(OptionalLong.of(350), sent.prep());
        assertEquals(OptionalLong.empty(), sent.send());
        Timeline released = sent.headAt(1_600).tokenAt(1_700).held(300, 300);
        assertEquals(OptionalLong.of(100), released.send());
        assertEquals(OptionalLong.of(700), released.firstToken());
        assertEquals(OptionalLong.of(50), released.prep());
        assertEquals(OptionalLong.empty(), released.held(0, 0).hold());
        assertEquals(OptionalLong.of(0), arrived.sentAt(1_200).queue());
    }
}
