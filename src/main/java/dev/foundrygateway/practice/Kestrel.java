package dev.foundrygateway.practice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * How the C# generations of Foundry Local, 0.x and 1.x, write: any origin is echoed, quotes and markup are escaped by number, objects carry members
 * in the style of C#, errors have no {@code param}, an empty body is an answer. As core 1.2.4 was recorded.
 */
final class Kestrel {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx");
    private static final long MODELS_CREATED = 1_768_473_000;

    private Kestrel() {}

    static Script json(ReceivedRequest request, int status, String body) {
        return Script.start().json(status, body, headers(request));
    }

    static Script empty(ReceivedRequest request, int status, String... more) {
        List<String> headers = new ArrayList<>(List.of(headers(request)));
        headers.addAll(List.of(more));
        return Script.start().sized(status, "", headers.toArray(String[]::new));
    }

    /** An error. {@code code} is written as null when empty. */
    static Script error(ReceivedRequest request, int status, String type, String code, String message) {
        JsonObject error = new JsonObject().put("message", message).put("type", type);
        error = code.isEmpty() ? error.putNull("code") : error.put("code", code);
        return json(request, status, written(new JsonObject().put("error", error)));
    }

    /** The answer to a browser's question before its request: yes, to all. */
    static Script preflight(ReceivedRequest request) {
        List<String> headers = new ArrayList<>(List.of(headers(request)));
        headers.addAll(List.of("Access-Control-Allow-Methods", request.header("Access-Control-Request-Method")));
        String asked = request.header("Access-Control-Request-Headers");
        if (!asked.isEmpty()) {
            headers.addAll(List.of("Access-Control-Allow-Headers", asked));
        }
        return Script.start().head(204, headers.toArray(String[]::new)).end();
    }

    static boolean isPreflight(ReceivedRequest request) {
        return request.method().equals("OPTIONS")
                && !request.header("Origin").isEmpty()
                && !request.header("Access-Control-Request-Method").isEmpty();
    }

    /** The headers of every reply: any origin is let in. */
    static String[] headers(ReceivedRequest request) {
        String origin = request.header("Origin");
        return origin.isEmpty()
                ? new String[] {"Server", "practice"}
                : new String[] {
                    "Server", "practice",
                    "Access-Control-Allow-Credentials", "true",
                    "Access-Control-Allow-Origin", origin,
                    "Vary", "Origin"
                };
    }

    static String modelList(List<PracticeModel> models) {
        JsonArray data = new JsonArray();
        models.forEach(model -> data.add(modelEntry(model)));
        return written(extras(new JsonObject().put("data", data)).put("object", "list"));
    }

    static JsonObject modelEntry(PracticeModel model) {
        JsonObject entry = new JsonObject()
                .put("id", ModelShelf.unversioned(model.id()))
                .put("owned_by", "practice")
                .put("permission", new JsonArray())
                .put("created", MODELS_CREATED)
                .put("CreatedTime", time(MODELS_CREATED))
                .put("parent", model.alias());
        return extras(entry).put("object", "model");
    }

    static JsonObject extras(JsonObject object) {
        return object.put("IsDelta", false).put("Successful", true).put("HttpStatusCode", 0);
    }

    static String time(long epochSeconds) {
        return TIME.format(Instant.ofEpochSecond(epochSeconds).atOffset(ZoneOffset.UTC));
    }

    /** As .NET's serialiser writes: {@code "}, {@code '}, {@code <}, {@code >}, {@code &}, {@code +}, the backtick and all beyond ASCII by number. */
    static String written(JsonObject object) {
        String json = object.encode();
        StringBuilder text = new StringBuilder(json.length() + 64);
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '\\') {
                char escaped = json.charAt(++i);
                text.append(escaped == '"' ? "\\u0022" : "\\" + escaped);
            } else if (c > '~' || "'<>&+`".indexOf(c) >= 0) {
                text.append(String.format("\\u%04X", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
