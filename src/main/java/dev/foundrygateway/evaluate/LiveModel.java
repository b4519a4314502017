package dev.foundrygateway.evaluate;

import dev.foundrygateway.openai.ModelOutput;
import dev.foundrygateway.openai.PlainReply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Asks a model server, one question at a time, at temperature 0. */
final class LiveModel {
    private static final int MAX_TOKENS = 24;
    private static final String SHORT = " Answer with the bare answer only, no sentence.";

    private final URI url;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * An answer.
     *
     * @param output its text, and its tokens' log-probabilities if asked for
     * @param route {@code X-Gateway-Route}, empty if the server is no gateway
     * @param millis how long it took
     */
    record Answer(ModelOutput output, String route, long millis) {}

    LiveModel(URI url) {
        this.url = url;
    }

    /** A question as it is asked: what a score is fitted to must be what it will see. */
    static String prompt(String question) {
        return question + SHORT;
    }

    Answer ask(String model, String question, boolean logprobs) throws IOException, InterruptedException {
        JsonObject body = new JsonObject()
                .put("model", model)
                .put("temperature", 0)
                .put("max_tokens", MAX_TOKENS)
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", prompt(question))));
        if (logprobs) {
            body.put("logprobs", true);
        }
        long started = System.nanoTime();
        HttpResponse<byte[]> response = Sending.send(client,
                HttpRequest.newBuilder(URI.create(url.toString().replaceFirst("/+$", "") + "/chat/completions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("model " + model + " at " + url + " answered " + response.statusCode() + ": "
                    + Buffer.buffer(response.body()));
        }
        return new Answer(
                ModelOutput.read(List.of(PlainReply.frame(Buffer.buffer(response.body())))),
                response.headers().firstValue("X-Gateway-Route").orElse(""),
                (System.nanoTime() - started) / 1_000_000);
    }
}
