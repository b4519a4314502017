package dev.foundrygateway.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Puts a response together from its events, as OpenAI's SDKs do, and insists on their order and that the last one says the same. */
public final class ResponseEventReader {
    private ResponseEventReader() {}

    /** The events' types, without {@code response.}, with the index of their item. */
    public static List<String> names(String events) {
        return events(events).stream()
                .map(event -> event.getString("type").replaceFirst("^response\\.", "")
                        + (event.containsKey("output_index") ? " " + event.getInteger("output_index") : ""))
                .toList();
    }

    /** All events. */
    public static List<JsonObject> events(String text) {
        List<JsonObject> events = new ArrayList<>();
        for (String block : text.split("\n\n", 0)) {
            if (block.startsWith(":")) {
                continue;
            }
            String[] lines = block.split("\n", -1);
            assertEquals(2, lines.length, block);
            JsonObject data = new JsonObject(lines[1].substring("data: ".length()));
            assertEquals("event: " + data.getString("type"), lines[0]);
            assertEquals(events.size(), data.getInteger("sequence_number"), block);
            events.add(data);
        }
        return events;
    }

    /** The response that they make. */
    public static JsonObject response(String text) {
        JsonArray output = new JsonArray();
        JsonObject last = new JsonObject();
        String open = "";
        List<JsonObject> events = events(text);
        assertEquals("response.created", events.get(0).getString("type"));
        assertEquals("response.in_progress", events.get(1).getString("type"));
        for (JsonObject event : events.subList(2, events.size())) {
            assertTrue(last.isEmpty(), "nothing behind the end");
            String type = event.getString("type");
            if (event.containsKey("output_index")) {
                assertEquals(output.size() - (open.isEmpty() ? 0 : 1), event.getInteger("output_index"), type);
            }
            switch (type) {
                case "response.output_item.added" -> {
                    assertEquals("", open, "one item at a time");
                    open = event.getJsonObject("item").getString("id");
                    assertEquals("in_progress", event.getJsonObject("item").getString("status"));
                    output.add(event.getJsonObject("item").copy());
                }
                case "response.output_item.done" -> {
                    JsonObject done = event.getJsonObject("item").copy();
                    assertEquals(open, done.getString("id"));
                    JsonObject gathered = output.getJsonObject(output.size() - 1);
                    for (String member : List.of("content", "arguments", "input")) {
                        assertEquals(done.getValue(member), gathered.getValue(member));
                    }
                    output.set(output.size() - 1, done);
                    open = "";
                }
                case "response.completed", "response.incomplete", "response.failed" ->
                    last = event.getJsonObject("response");
                default -> {
                    assertEquals(open, event.getString("item_id"), type);
                    fill(output.getJsonObject(output.size() - 1), event);
                }
            }
        }
        assertEquals(output, last.getJsonArray("output"));
        return last;
    }

    private static void fill(JsonObject item, JsonObject event) {
        switch (event.getString("type")) {
            case "response.content_part.added" -> {
                assertEquals(item.getJsonArray("content").size(), event.getInteger("content_index"));
                item.getJsonArray("content").add(event.getJsonObject("part").copy());
            }
            case "response.output_text.delta", "response.reasoning_text.delta" -> {
                add(part(item, event), "text", event);
                if (event.containsKey("logprobs")) {
                    part(item, event).getJsonArray("logprobs").addAll(event.getJsonArray("logprobs"));
                }
            }
            case "response.refusal.delta" -> add(part(item, event), "refusal", event);
            case "response.output_text.done", "response.reasoning_text.done" ->
                assertEquals(event.getString("text"), part(item, event).getString("text"));
            case "response.refusal.done" ->
                assertEquals(event.getString("refusal"), part(item, event).getString("refusal"));
            case "response.output_text.annotation.added" -> {
                JsonArray annotations = part(item, event).getJsonArray("annotations");
                assertEquals(annotations.size(), event.getInteger("annotation_index"));
                annotations.add(event.getJsonObject("annotation"));
            }
            case "response.content_part.done" -> assertEquals(event.getJsonObject("part"), part(item, event));
            case "response.function_call_arguments.delta" -> add(item, "arguments", event);
            case "response.function_call_arguments.done" -> {
                assertEquals(event.getString("arguments"), item.getString("arguments"));
                assertEquals(event.getString("name"), item.getString("name"));
            }
            case "response.custom_tool_call_input.delta" -> add(item, "input", event);
            case "response.custom_tool_call_input.done" ->
                assertEquals(event.getString("input"), item.getString("input"));
            case "response.file_search_call.in_progress",
                    "response.file_search_call.searching",
                    "response.file_search_call.completed" -> assertEquals("file_search_call", item.getString("type"));
            default -> throw new AssertionError(event.encode());
        }
    }

    private static JsonObject part(JsonObject item, JsonObject event) {
        assertEquals(item.getJsonArray("content").size() - 1, event.getInteger("content_index"));
        return item.getJsonArray("content").getJsonObject(event.getInteger("content_index"));
    }

    private static void add(JsonObject target, String member, JsonObject event) {
        target.put(member, target.getString(member) + event.getString("delta"));
    }
}
