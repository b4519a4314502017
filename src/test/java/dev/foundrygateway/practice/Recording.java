package dev.foundrygateway.practice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A recorded exchange of a real runtime, and the paths of JSON members by which it is compared.
 *
 * @param status the recorded status
 * @param request the recorded request's body, empty if none
 * @param body the recorded body, the chunks' lengths taken out
 */
record Recording(int status, String request, String body) {
    static Recording of(String runtime, String name) {
        String file = text("/recorded/" + runtime + "/" + name + ".txt");
        int head = file.indexOf("HTTP/1.1 ");
        String request = file.lines()
                .filter(line -> line.startsWith("> {"))
                .map(line -> line.substring(2))
                .findFirst()
                .orElse("");
        String reply = file.substring(head).replace("\r\n", "\n");
        String body = reply.substring(reply.indexOf("\n\n") + 2).replaceFirst("\n\\[curl exit[\\s\\S]*$", "");
        int status = Integer.parseInt(reply.substring(9, 12));
        boolean chunked = reply.substring(0, reply.indexOf("\n\n")).contains("chunked");
        return new Recording(status, request, chunked ? body.replaceAll("(?m)^[0-9A-Fa-f]{1,5}\n", "") : body);
    }

    private static String text(String resource) {
        try (InputStream in = Recording.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> shape() {
        return shape(body);
    }

    /** The names and kinds of values of a JSON text, in their order; arrays by their first element. */
    static List<String> shape(String json) {
        List<String> paths = new ArrayList<>();
        walk(json.startsWith("[") ? new JsonArray(json) : new JsonObject(json), "$", paths);
        return paths;
    }

    /** The shapes of the events of a stream, without repetitions of the one before. */
    static List<List<String>> shapes(String stream) {
        List<List<String>> shapes = new ArrayList<>();
        for (String event : events(stream)) {
            List<String> shape = event.startsWith("{") ? shape(event) : List.of(event);
            if (shapes.isEmpty() || !shapes.get(shapes.size() - 1).equals(shape)) {
                shapes.add(shape);
            }
        }
        return shapes;
    }

    /** The data of the events of a stream. */
    static List<String> events(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }

    private static void walk(Object value, String path, List<String> paths) {
        if (value instanceof JsonObject object) {
            object.fieldNames().forEach(name -> walk(object.getValue(name), path + "." + name, paths));
        } else if (value instanceof JsonArray array) {
            paths.add(path + "[]");
            array.stream().limit(1).forEach(element -> walk(element, path + "[]", paths));
        } else {
            paths.add(path + " " + (value instanceof String ? "string" : value instanceof Number ? "number" : value));
        }
    }
}
