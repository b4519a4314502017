package dev.foundrygateway.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Puts a message together from its events, as Anthropic's SDKs do, and insists on their order. */
public final class MessageEventReader {
    private MessageEventReader() {}

    /** The events' types, with the index of their block. */
    public static List<String> names(String events) {
        return events(events).stream()
                .map(event ->
                        event.getString("type") + (event.containsKey("index") ? " " + event.getInteger("index") : ""))
                .toList();
    }

    private static List<JsonObject> events(String text) {
        List<JsonObject> events = new ArrayList<>();
        for (String block : text.split("\n\n", 0)) {
            String[] lines = block.split("\n", -1);
            assertEquals(2, lines.length, block);
            JsonObject data = new JsonObject(lines[1].substring("data: ".length()));
            assertEquals("event: " + data.getString("type"), lines[0]);
            events.add(data);
        }
        return events;
    }

    /** The message that they make. */
    public static JsonObject message(String text) {
        JsonObject message = new JsonObject();
        int open = -1;
        StringBuilder input = new StringBuilder();
        for (JsonObject event : events(text)) {
            switch (event.getString("type")) {
                case "message_start" -> message = event.getJsonObject("message").copy();
                case "content_block_start" -> {
                    assertEquals(-1, open, "one block at a time");
                    open = event.getInteger("index");
                    assertEquals(message.getJsonArray("content").size(), open);
                    message.getJsonArray("content")
                            .add(event.getJsonObject("content_block").copy());
                    input = new StringBuilder();
                }
                case "content_block_delta" -> {
                    assertEquals(open, event.getInteger("index"));
                    add(message.getJsonArray("content").getJsonObject(open), event.getJsonObject("delta"), input);
                }
                case "content_block_stop" -> {
                    assertEquals(open, event.getInteger("index"));
                    JsonObject block = message.getJsonArray("content").getJsonObject(open);
                    if (!input.isEmpty()) {
                        block.put("input", new JsonObject(input.toString()));
                    }
                    open = -1;
                }
                case "message_delta" -> {
                    message.mergeIn(event.getJsonObject("delta"));
                    message.getJsonObject("usage").mergeIn(event.getJsonObject("usage"));
                    if (event.containsKey("gateway")) {
                        message.put("gateway", event.getJsonObject("gateway"));
                    }
                }
                case "message_stop", "ping" -> assertEquals(-1, open);
                default -> throw new AssertionError(event.encode());
            }
        }
        return message;
    }

    private static void add(JsonObject block, JsonObject delta, StringBuilder input) {
        switch (delta.getString("type")) {
            case "text_delta" -> block.put("text", block.getString("text") + delta.getString("text"));
            case "thinking_delta" -> block.put("thinking", block.getString("thinking") + delta.getString("thinking"));
            case "input_json_delta" -> input.append(delta.getString("partial_json"));
            case "citations_delta" -> {
                if (!block.containsKey("citations")) {
                    block.put("citations", new JsonArray());
                }
                block.getJsonArray("citations").add(delta.getJsonObject("citation"));
            }
            default -> throw new AssertionError(delta.encode());
        }
    }
}
