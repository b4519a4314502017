package dev.foundrygateway.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read of a server that writes null for what it does not know. */
class TimedChatTest {
    private HttpServer server;
    private String answer = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private TimedChat.Answer ask(boolean streamed) throws IOException, InterruptedException {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
        return new TimedChat(url, streamed, false).ask("phi-4-mini", "Why?", 8, 0);
    }

    @Test
    void nullIsReadAsMissing() throws IOException, InterruptedException {
        answer = """
                {"error":null,"choices":[{"delta":null,"message":{"content":"So.","reasoning_content":null}}],
                 "usage":{"prompt_tokens":7,"completion_tokens":null,"prompt_tokens_details":null}}
                """;
        TimedChat.Answer whole = ask(false);
        assertEquals("So.", whole.text());
        assertEquals(7, whole.promptTokens());
        assertEquals(1, whole.completionTokens());
        assertTrue(whole.estimated());

        answer = """
                data: {"error":null,"choices":[{"delta":{"content":null}}],"usage":null}

                data: {"choices":[{"delta":{"content":"So."}}],"usage":null}

                data: {"choices":[{"delta":null,"finish_reason":"stop"}],"usage":null}

                data: {"choices":null,"usage":{"prompt_tokens":null,"completion_tokens":2}}

                data: [DONE]

                """;
        TimedChat.Answer streamed = ask(true);
        assertEquals("So.", streamed.text());
        assertEquals(0, streamed.promptTokens());
        assertEquals(2, streamed.completionTokens());
    }
}
