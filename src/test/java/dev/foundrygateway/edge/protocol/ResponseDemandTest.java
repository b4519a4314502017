package dev.foundrygateway.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.openai.ChatRequest;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Responses requests ask for a form that a chat can be held to. */
class ResponseDemandTest {
    private static final String FORM = "\"text\":{\"format\":{\"type\":\"json_object\"}}";
    private static final String TOOL = "{\"type\":\"function\",\"name\":\"add\"}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"input\":\"Hi\" | false",
                "FORM | true",
                "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a\",\"schema\":{}}} | true",
                "\"text\":{\"format\":{\"type\":\"text\"},\"verbosity\":\"low\"} | false",
                "\"tools\":[TOOL] | false",
                "\"tools\":[{\"type\":\"function\",\"name\":\"add\",\"strict\":true}] | true",
                "\"tools\":[{\"type\":\"function\",\"name\":\"add\",\"strict\":false}] | false",
                "\"tools\":[TOOL],\"tool_choice\":\"required\" | true",
                "\"tools\":[TOOL],\"tool_choice\":\"auto\" | false",
                "\"tools\":[TOOL],\"tool_choice\":\"none\" | true",
                "\"tools\":[],\"tool_choice\":\"none\" | false",
                "\"tools\":[{\"type\":\"mcp\",\"server_label\":\"x\"}],\"tool_choice\":\"none\" | false",
                "\"tools\":[TOOL],\"tool_choice\":{\"type\":\"function\",\"name\":\"add\"} | true",
                "\"tools\":[TOOL],\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"required\",\"tools\":[TOOL]} | true",
                "\"tools\":[TOOL],\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":[TOOL]} | false",
                "FORM,\"tools\":[{\"type\":\"mcp\",\"server_label\":\"x\"}] | false",
                "FORM,\"tools\":[{\"type\":\"custom\",\"name\":\"x\",\"format\":{\"type\":\"grammar\",\"syntax\":\"lark\"}}] | false",
                "FORM,\"previous_response_id\":\"resp_1\" | false",
                "FORM,\"previous_response_id\":null | true",
                "FORM,\"conversation\":{\"id\":\"conv_1\"} | false",
                "FORM,\"prompt\":{\"id\":\"p\"} | false",
                "FORM,\"background\":true | false",
                "FORM,\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"}] | false",
            })
    void aFormThatAChatCanBeHeldTo(String members, boolean demanded) {
        String request = "{" + members.replace("FORM", FORM).replace("TOOL", TOOL) + "}";
        assertEquals(demanded, ResponseDemand.isIn(ChatRequest.parse(Buffer.buffer(request))), request);
    }
}
