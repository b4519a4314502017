package dev.foundrygateway.evaluate;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;

/** Asks a gateway, or any other OpenAI-compatible server, and takes the time. One chat at a time. */
final class TimedChat {
    private static final double NANOS = 1e9;

    private final URI url;
    private final boolean streamed;
    private final boolean cost;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * One answer.
     *
     * @param text what the model wrote
     * @param promptTokens tokens read, as the server counted them; 0 if it did not
     * @param completionTokens tokens written, as the server counted them; else the pieces that came
     * @param estimated whether the tokens written are counted by pieces
     * @param firstSeconds from the call to the first piece; 0 if not streamed
     * @param seconds from the call to the end
     * @param cost what the gateway says it cost; empty if it says nothing
     */
    record Answer(
            String text,
            long promptTokens,
            long completionTokens,
            boolean estimated,
            double firstSeconds,
            double seconds,
            OptionalDouble cost) {}

    /**
     * Asks the server at that base URL.
     *
     * @param streamed whether answers are streamed, which shows the first token
     * @param cost whether to ask for the cost, as only a gateway knows it
     */
    TimedChat(URI url, boolean streamed, boolean cost) {
        this.url = url;
        this.streamed = streamed;
        this.cost = cost;
    }

    /**
     * Asks.
     *
     * @throws IOException when the server can't be reached, answers with an error, or breaks off; the message says what it said
     */
    Answer ask(String model, String prompt, int maxTokens, double temperature)
            throws IOException, InterruptedException {
        JsonObject body = new JsonObject()
                .put("model", model)
                .put("temperature", temperature)
                .put("max_tokens", maxTokens)
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", prompt)));
        if (cost) {
            body.put("gateway", new JsonObject().put("report", true));
        }
        if (streamed) {
            body.put("stream", true).put("stream_options", new JsonObject().put("include_usage", true));
        }
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(url.toString().replaceFirst("/+$", "") + "/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build();
        long started = System.nanoTime();
        HttpResponse<InputStream> response = Common.send(client, request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream stream = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("model " + model + " at " + url + " answered " + response.statusCode() + ": "
                        + new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            }
            return streamed ? events(stream, started) : whole(stream, started);
        }
    }

    private static Answer whole(InputStream stream, long started) throws IOException {
        JsonObject reply = parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        Reading reading = new Reading();
        reading.take(reply, started);
        return reading.answer(started, false);
    }

    private static Answer events(InputStream stream, long started) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        Reading reading = new Reading();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String data =
                    line.startsWith("data:") ? line.substring("data:".length()).strip() : "";
            if (data.startsWith("{")) {
                reading.take(parse(data), started);
            }
        }
        return reading.answer(started, true);
    }

    private static JsonObject parse(String json) throws IOException {
        try {
            return new JsonObject(json);
        } catch (DecodeException e) {
            throw new IOException("the server sent no JSON object: " + json, e);
        }
    }

    /** What has come of one answer so far. */
    private static final class Reading {
        private final StringBuilder text = new StringBuilder();
        private long pieces;
        private long firstNanos;
        private JsonObject usage = new JsonObject();
        private OptionalDouble cost = OptionalDouble.empty();

        void take(JsonObject chunk, long started) throws IOException {
            if (chunk.getValue("error") != null) {
                throw new IOException("the server sent an error: " + chunk.getValue("error"));
            }
            usage = chunk.getValue("usage") instanceof JsonObject counts ? counts : usage;
            if (chunk.getValue("gateway") instanceof JsonObject gateway
                    && gateway.getValue("cost") instanceof Number said) {
                cost = OptionalDouble.of(said.doubleValue());
            }
            if (!(chunk.getValue("choices") instanceof JsonArray choices) || choices.isEmpty()) {
                return;
            }
            JsonObject choice = choices.getJsonObject(0);
            JsonObject output = Spent.object(choice, choice.getValue("delta") == null ? "message" : "delta");
            String content = text(output, "content");
            if (!content.isEmpty() || !text(output, "reasoning_content").isEmpty()) {
                firstNanos = pieces == 0 ? System.nanoTime() - started : firstNanos;
                pieces++;
                text.append(content);
            }
        }

        private static String text(JsonObject output, String name) {
            return output.getValue(name) instanceof String content ? content : "";
        }

        Answer answer(long started, boolean streamed) {
            double seconds = (System.nanoTime() - started) / NANOS;
            long counted = Spent.number(usage, "completion_tokens");
            return new Answer(
                    text.toString(),
                    Spent.number(usage, "prompt_tokens"),
                    counted > 0 ? counted : pieces,
                    counted == 0,
                    streamed ? firstNanos / NANOS : 0,
                    seconds,
                    cost);
        }
    }
}
