package dev.foundrygateway.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Source;
import dev.foundrygateway.responses.ResponseIds;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a response tells of a search, and what is kept of it. */
class ResponsesKeptTest {
    private static final String ID = ResponseIds.of(7_000, "ab".repeat(12));

    private static final String ITEM = ID.substring("resp".length());

    private static final ResponsesProtocol RESPONSES = new ResponsesProtocol(() -> 9);

    private static final String SEARCH =
            "{\"model\":\"m\",\"input\":\"How high?\",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"vs_1\"]}]%s}";

    private static final List<Source> FOUND = List.of(
            new Source(
                    "file-1#0", "file-1", "The tower", "", 0.9, "It is 91 m high.", "tower.txt", Map.of("floors", 9)),
            new Source("doc-0#0", "", "own", "https://x.example/", 0.5, "Own.", "own", Map.of()));

    private static final String CITED =
            "{\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":{\"start_index\":4,\"end_index\":7,\"title\":\"tower.txt\",\"url\":\"urn:gateway:passage:file-1#0\"}},{\"type\":\"url_citation\",\"url_citation\":{\"start_index\":1,\"end_index\":2,\"title\":\"own\",\"url\":\"https://x.example/\"}}]}";

    private static ChatReply found(ChatReply reply) {
        return new ChatReply(
                reply.status(),
                reply.headers(),
                reply.stream(),
                reply.body(),
                reply.served().withSources(List.of("How high is it?", "The tower."), FOUND));
    }

    @Test
    void aSearchIsAnItemAndItsFilesAreCited() {
        Buffer bytes =
                ChatAnswers.bytes(List.of(ChatAnswers.chunk("{\"content\":\"91 m[1]\"}"), ChatAnswers.chunk(CITED)));
        String events =
                ChatAnswers.read(RESPONSES, SEARCH.formatted(""), found(ChatAnswers.cut(bytes, bytes.length())));
        assertEquals(
                List.of(
                        "created",
                        "in_progress",
                        "output_item.added 0",
                        "file_search_call.in_progress 0",
                        "file_search_call.searching 0",
                        "file_search_call.completed 0",
                        "output_item.done 0",
                        "output_item.added 1",
                        "content_part.added 1",
                        "output_text.delta 1",
                        "output_text.annotation.added 1",
                        "output_text.annotation.added 1",
                        "output_text.done 1",
                        "content_part.done 1",
                        "output_item.done 1",
                        "completed"),
                ResponseEventReader.names(events));
        JsonArray output = ResponseEventReader.response(events).getJsonArray("output");
        assertEquals(
                new JsonArray().add("How high is it?").add("The tower."),
                output.getJsonObject(0).getJsonArray("queries"));
        assertEquals(null, output.getJsonObject(0).getValue("results"));
        assertEquals(
                new JsonArray(
                        "[{\"type\":\"file_citation\",\"index\":7,\"file_id\":\"file-1\",\"filename\":\"tower.txt\"},{\"type\":\"url_citation\",\"start_index\":1,\"end_index\":2,\"title\":\"own\",\"url\":\"https://x.example/\"}]"),
                output.getJsonObject(1).getJsonArray("content").getJsonObject(0).getJsonArray("annotations"));
    }

    @Test
    void whereNothingWasSearchedNoItemSaysSo() {
        String response =
                ChatAnswers.read(RESPONSES, SEARCH.formatted(""), ChatAnswers.plain(200, ChatAnswers.EVERYTHING_WHOLE));
        assertFalse(response.contains("file_search_call"), response);
        assertTrue(response.contains("\"status\":\"completed\""), response);
    }

    @Test
    void theResultsOfASearchComeWhereTheyAreAskedFor() {
        String asked = SEARCH.formatted(",\"include\":[\"file_search_call.results\"]");
        JsonObject item = new JsonObject(
                        ChatAnswers.read(RESPONSES, asked, found(ChatAnswers.plain(200, ChatAnswers.EVERYTHING_WHOLE))))
                .getJsonArray("output")
                .getJsonObject(0);
        assertEquals(
                new JsonObject(
                        "{\"file_id\":\"file-1\",\"filename\":\"tower.txt\",\"score\":0.9,\"text\":\"It is 91 m high.\",\"attributes\":{\"floors\":9}}"),
                item.getJsonArray("results").getJsonObject(0));
    }

    @Test
    void citationsBehindACallStandInTheWholeResponse() {
        Buffer bytes = ChatAnswers.bytes(List.of(
                ChatAnswers.chunk("{\"content\":\"91 m[1]\"}"),
                tool(0, ",\"id\":\"a\"", "\"name\":\"one\",\"arguments\":\"{}\""),
                ChatAnswers.chunk(CITED)));
        String events =
                ChatAnswers.read(RESPONSES, SEARCH.formatted(""), found(ChatAnswers.cut(bytes, bytes.length())));
        List<JsonObject> all = ResponseEventReader.events(events);
        JsonObject response = all.get(all.size() - 1).getJsonObject("response");
        assertTrue(response.encode().contains("\"file_citation\""), response::encode);
        assertEquals(3, response.getJsonArray("output").size());
    }

    @Test
    void whatIsKeptCarriesTheNextTurn() {
        List<Buffer> kept = new ArrayList<>();
        String first = "{\"model\":\"m\",\"instructions\":\"Be brief.\",\"input\":\"Hi\"}";
        keeping(first, Earlier.NONE, ID, kept)
                .reply(ChatAnswers.plain(200, ChatAnswers.EVERYTHING_WHOLE), "r")
                .whole()
                .await()
                .indefinitely();
        assertEquals(1, kept.size());
        assertTrue(new JsonObject(kept.get(0)).getJsonObject("response").getBoolean("store"));
        Earlier earlier = new Earlier(Map.of(ID, kept.get(0)));
        String outputs =
                "{\"type\":\"function_call_output\",\"call_id\":\"call_a\",\"output\":\"3\"},{\"type\":\"function_call_output\",\"call_id\":\"call_b\",\"output\":\"no\"}";
        String expected =
                "[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Gr\u00fc\u00dfe \uD83D\uDE00 \\\"x\\\"\\n\",\"tool_calls\":[{\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":1.50}\"}},{\"id\":\"call_b\",\"type\":\"function\",\"function\":{\"name\":\"now\",\"arguments\":\"{}\"}}],\"reasoning_content\":\"Let me see.\"},{\"role\":\"tool\",\"tool_call_id\":\"call_a\",\"content\":\"3\"},{\"role\":\"tool\",\"tool_call_id\":\"call_b\",\"content\":\"no\"}]";
        String second = "{\"model\":\"m\",\"previous_response_id\":\"" + ID + "\",\"input\":[" + outputs + "]}";
        assertEquals(Set.of(ID), ResponsesProtocol.references(Buffer.buffer(second)));
        String next = ResponseIds.of(8_000, "cd".repeat(12));
        assertEquals(new JsonArray(expected), messages(keeping(second, earlier, next, kept)));
        // Other clients name each item instead.
        StringBuilder items = new StringBuilder("{\"role\":\"user\",\"content\":\"Hi\"}");
        for (String item : List.of("rs" + ITEM + "_0", "msg" + ITEM + "_1", "fc" + ITEM + "_2", "fc" + ITEM + "_3")) {
            items.append(",{\"type\":\"item_reference\",\"id\":\"").append(item).append("\"}");
        }
        String referring = "{\"model\":\"m\",\"input\":[" + items + "," + outputs + "]}";
        assertEquals(Set.of(ID), ResponsesProtocol.references(Buffer.buffer(referring)));
        assertEquals(new JsonArray(expected), messages(keeping(referring, earlier, next, kept)));
        // An item that is named a thousand times would be a thousand of it.
        String twice = "{\"type\":\"item_reference\",\"id\":\"msg" + ITEM + "_1\"}";
        String repeated = "{\"model\":\"m\",\"input\":[" + twice + "," + twice + "]}";
        assertEquals(
                "input[1].id",
                assertThrows(GatewayException.class, () -> keeping(repeated, earlier, next, kept))
                        .body()
                        .param());
    }

    @Test
    void aRequestBuildsOnABoundedNumberOfResponses() {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < 257; i++) {
            String id = ResponseIds.of(i, "ab".repeat(12)).substring("resp".length());
            items.append(i == 0 ? "" : ",")
                    .append("{\"type\":\"item_reference\",\"id\":\"msg")
                    .append(id)
                    .append("_0\"}");
        }
        Buffer body = Buffer.buffer("{\"model\":\"m\",\"input\":[" + items + "]}");
        GatewayException refused = assertThrows(GatewayException.class, () -> ResponsesProtocol.references(body));
        assertEquals("input", refused.body().param());
    }

    @Test
    void whatIsNotToBeKeptIsNot() {
        List<Buffer> kept = new ArrayList<>();
        String body = keeping("{\"model\":\"m\",\"input\":\"Hi\",\"store\":false}", Earlier.NONE, ID, kept)
                .reply(ChatAnswers.plain(200, ChatAnswers.EVERYTHING_WHOLE), "r")
                .whole()
                .await()
                .indefinitely()
                .toString();
        assertEquals(List.of(), kept);
        assertEquals(false, new JsonObject(body).getBoolean("store"));
    }

    @Test
    void whatIsNotThereCanNotBeBuiltOn() {
        String foreign = "{\"model\":\"m\",\"previous_response_id\":\"resp_other\",\"input\":\"Hi\"}";
        GatewayException refused =
                assertThrows(GatewayException.class, () -> keeping(foreign, Earlier.NONE, ID, List.of()));
        assertEquals("previous_response_not_found", refused.body().code());
        assertEquals("previous_response_id", refused.body().param());
        String item = "{\"model\":\"m\",\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"}]}";
        assertEquals(
                "input[0].id",
                assertThrows(GatewayException.class, () -> keeping(item, Earlier.NONE, ID, List.of()))
                        .body()
                        .param());
    }

    private static Translation keeping(String request, Earlier earlier, String id, List<Buffer> kept) {
        return RESPONSES.read(
                Buffer.buffer(request),
                earlier,
                AttachedFiles.UNREAD,
                new ResponseKeeping(id, Optional.of(kept::add), Optional.empty()));
    }

    private static JsonArray messages(Translation translation) {
        return new JsonObject(translation.request().bytes()).getJsonArray("messages");
    }

    private static String tool(int index, String id, String function) {
        return ChatAnswers.chunk("{\"tool_calls\":[{\"index\":" + index + id + ",\"function\":{" + function + "}}]}");
    }
}
