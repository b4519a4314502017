package dev.foundrygateway.edge.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.upstream.repair.Dialect;
import dev.foundrygateway.upstream.repair.DialectCalls;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the tables in docs/protocols.md is what the gateway does. */
class ProtocolTableTest {
    private static final Map<String, Protocol> PROTOCOLS = Map.of(
            "messages",
            new MessagesProtocol(Map.of("claude-fixed", "phi-4-mini")),
            "responses",
            new ResponsesProtocol(() -> 0));

    /** Files of text; none is stored. */
    private static final AttachedFiles FILES = new AttachedFiles() {
        @Override
        public String text(String data, String name, String mediaType, String field) {
            return new String(Base64.getDecoder().decode(data.substring(data.indexOf(',') + 1)), UTF_8);
        }

        @Override
        public String stored(String id, String field) {
            throw new GatewayException(ErrorCode.INVALID_REQUEST, field + " names no file that is here", field);
        }
    };

    /** As a plain server gets it. */
    private static final String CHAT =
            "{\"model\":\"" + DialectCalls.MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    private static final Map<String, String> BASE = Map.of(
            "messages",
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
            "responses",
            "{\"model\":\"m\",\"input\":\"Hi\"}",
            "chat",
            CHAT);

    private static final Map<String, String> BASE_CHAT = Map.of(
            "messages",
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
            "responses",
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
            "chat",
            CHAT);

    static Stream<Arguments> rows() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("docs/protocols.md"));
        Stream.Builder<Arguments> rows = Stream.builder();
        String table = "";
        for (String line : lines) {
            if (line.startsWith("<!-- table: ")) {
                table = line.substring("<!-- table: ".length(), line.length() - " -->".length());
            } else if (!line.startsWith("|") && !table.isEmpty()) {
                table = "";
            }
            if (!table.isEmpty() && line.startsWith("| `")) {
                String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
                assertEquals(2, cells.length, line);
                rows.add(Arguments.of(table, cells[0].substring(1, cells[0].length() - 1), cells[1]));
            }
        }
        return rows.build();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aMemberBecomesWhatTheTableSays(String table, String members, String result) {
        String request = with(of(BASE, table), members);
        if (result.startsWith("refused: ")) {
            GatewayException refused = assertThrows(GatewayException.class, () -> chat(table, request));
            String named = result.substring("refused: `".length(), result.length() - 1);
            assertEquals(400, refused.code().status());
            assertEquals(named, refused.body().param());
            assertTrue(refused.body().message().startsWith(named + " "), refused.body()::message);
        } else {
            String expected = result.equals("no effect")
                    ? ""
                    : result.equals("passes") ? members : result.substring(1, result.length() - 1);
            assertEquals(new JsonObject(with(of(BASE_CHAT, table), expected)), new JsonObject(chat(table, request)));
        }
    }

    private static <T> T of(Map<String, T> map, String table) {
        return Objects.requireNonNull(map.get(table), table);
    }

    private static String chat(String table, String request) {
        if (table.equals("chat")) {
            ChatRequest asked = ChatRequest.parse(Buffer.buffer(request));
            String words = ToolWords.concerns(asked)
                    ? ToolWords.of(asked).request().bytes().toString()
                    : request;
            return DialectCalls.chat(Dialect.OPENAI, words).body().toString();
        }
        return of(PROTOCOLS, table)
                .read(Buffer.buffer(request), FILES)
                .request()
                .bytes()
                .toString();
    }

    /** The object with these members in place of its own: put together as text, so that numbers keep their digits. */
    private static String with(String json, String members) {
        Set<String> replaced = new JsonObject("{" + members + "}").fieldNames();
        StringJoiner all = new StringJoiner(",", "{", "}");
        new JsonObject(json).forEach(member -> {
            if (!replaced.contains(member.getKey())) {
                all.add("\"" + member.getKey() + "\":" + Json.encode(member.getValue()));
            }
        });
        return members.isEmpty() ? all.toString() : all.add(members).toString();
    }
}
