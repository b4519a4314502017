package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.VerdictQuestion;
import dev.foundrygateway.openai.ModelOutput;
import dev.foundrygateway.openai.sse.Frame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Asks a model server, one question at a time, at temperature 0. */
final class LiveModel {
    private static final int MAX_TOKENS = 24;
    /** Room for a model that thinks before its word; another ends by itself. */
    private static final int VERDICT_TOKENS = 256;

    private static final double SAMPLE_TEMPERATURE = 0.8;
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
        JsonObject body = body(model, prompt(question), MAX_TOKENS, 0);
        return send(logprobs ? body.put("logprobs", true) : body);
    }

    /** Further answers to the same question, by chance. */
    List<String> askAgain(String model, String question, int times) throws IOException, InterruptedException {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(send(body(model, prompt(question), MAX_TOKENS, SAMPLE_TEMPERATURE))
                    .output()
                    .text());
        }
        return answers;
    }

    /** How likely that draft is wrong by the model's word; empty if that can't be read. */
    OptionalDouble verdict(String model, String question, String draft) throws IOException, InterruptedException {
        String asked = prompt(question) + VerdictQuestion.text(draft, true);
        String said = send(body(model, asked, VERDICT_TOKENS, 0)).output().text();
        return VerdictQuestion.wrong(said, Map.of());
    }

    private static JsonObject body(String model, String text, int tokens, double temperature) {
        return new JsonObject()
                .put("model", model)
                .put("temperature", temperature)
                .put("max_tokens", tokens)
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", text)));
    }

    private Answer send(JsonObject body) throws IOException, InterruptedException {
        String model = body.getString("model");
        long started = System.nanoTime();
        HttpResponse<byte[]> response = Common.send(
                client,
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
                ModelOutput.read(List.of(Frame.answer(Buffer.buffer(response.body())))),
                response.headers().firstValue("X-Gateway-Route").orElse(""),
                (System.nanoTime() - started) / 1_000_000);
    }
}
