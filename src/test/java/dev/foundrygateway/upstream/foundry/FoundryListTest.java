package dev.foundrygateway.upstream.foundry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of the bodies of management calls, also where a member is null or not what it should be. */
class FoundryListTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"model":{"Name":"phi","name":"other"}} | phi
            {"model":{"Name":null,"name":"other"}}  | other
            {"model":{"name":7}}                    | ''
            {"model":null}                          | ''
            {"model":"phi"}                         | ''
            {}                                      | ''
            """)
    void theNameOfADownload(String body, String name) {
        assertEquals(name, FoundryList.downloadName(Buffer.buffer(body)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"messages":[{"content":"12345678"}]}                          | 6
            {"messages":[{"content":[{"text":"12345678"},{"text":null}]}]} | 6
            {"messages":[{"content":null},7]}                              | 4
            {"messages":null}                                              | 0
            {"messages":"hello"}                                           | 0
            """)
    void theEstimateOfTokens(String body, int count) {
        assertEquals(
                new JsonObject().put("tokenCount", count).put("estimated", true),
                FoundryList.estimate(Buffer.buffer(body)).toJsonObject());
    }
}
