package dev.foundrygateway.upstream;

import dev.foundrygateway.upstream.repair.Dialect;
import dev.foundrygateway.upstream.repair.DialectCalls;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Streams of a model server, and what a client of the gateway makes of them. */
final class RawStream {
    static final String ASK =
            "{\"model\":\"m\",\"stream\":true,\"messages\":[],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"add\"}},{\"type\":\"function\",\"function\":{\"name\":\"now\"}}]%s}";
    static final String DONE = "data: [DONE]\n\n";

    private RawStream() {}

    /** A stream as a client puts it together. */
    record Answer(String text, String calls, String numbered, Map<Integer, String> ids, String finish) {}

    static Answer answer(Dialect dialect, String members, List<String> pieces) {
        StringBuilder body = new StringBuilder();
        pieces.forEach(piece -> body.append(chunk(piece)));
        return read(relayed(
                dialect, members, body.append(finish("stop")).append(DONE).toString()));
    }

    static Answer read(String stream) {
        StringBuilder text = new StringBuilder();
        String finish = "";
        Map<Integer, String> names = new TreeMap<>();
        Map<Integer, String> arguments = new TreeMap<>();
        Map<Integer, String> ids = new TreeMap<>();
        for (String line :
                stream.lines().filter(one -> one.startsWith("data: {")).toList()) {
            for (Object each : new JsonObject(line.substring(6)).getJsonArray("choices")) {
                JsonObject choice = (JsonObject) each;
                text.append(choice.getJsonObject("delta").getString("content", ""));
                finish = choice.getString("finish_reason") == null ? finish : choice.getString("finish_reason");
                for (Object one : choice.getJsonObject("delta").getJsonArray("tool_calls", new JsonArray())) {
                    JsonObject call = (JsonObject) one;
                    int index = call.getInteger("index");
                    JsonObject function = call.getJsonObject("function");
                    names.merge(
                            index, function.getString("name", ""), (old, more) -> old.equals(more) ? old : old + more);
                    arguments.merge(index, function.getString("arguments", ""), String::concat);
                    if (call.containsKey("id")) {
                        ids.put(index, call.getString("id"));
                    }
                }
            }
        }
        StringBuilder calls = new StringBuilder();
        StringBuilder numbered = new StringBuilder();
        names.forEach((index, name) -> {
            calls.append(name).append(' ').append(arguments.get(index)).append(' ');
            numbered.append(index)
                    .append(':')
                    .append(name)
                    .append(' ')
                    .append(arguments.get(index))
                    .append(' ');
        });
        return new Answer(
                text.toString(), calls.toString().strip(), numbered.toString().strip(), ids, finish);
    }

    static String relayed(Dialect dialect, String members, String body) {
        StreamOpening opening = new StreamOpening(DialectCalls.chat(dialect, ASK.formatted(members)));
        opening.read(Buffer.buffer(body));
        opening.end();
        return opening.held().bytes().toString();
    }

    static String chunk(String text) {
        return event(new JsonObject().put("content", text));
    }

    static String event(JsonObject delta) {
        return "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" + delta.encode() + "}]}\n\n";
    }

    static String finish(String reason) {
        return "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
                + reason + "\"}]}\n\n";
    }
}
