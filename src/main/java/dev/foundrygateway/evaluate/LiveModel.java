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

/** Asks a model server, one question at a time, at temperature 0. */
final class LiveModel {
    /** Room for a model that thinks before its word; another ends by itself. */
    private static final int VERDICT_TOKENS = 256;

    private static final double SAMPLE_TEMPERATURE = 0.8;

    private final URI url;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * An answer.
     *
     * @param output its text, and its tokens' log-probabilities if asked for
     * @param route {@code X-Gateway-Route}, empty if the server is no gateway
     * @param model {@code X-Gateway-Model}, who answered; empty if the server is no gateway
     * @param spent what it cost
     * @param deciding what of that went to those who decided who answers; nothing if the server is no gateway
     */
    record Answer(ModelOutput output, String route, String model, Spent spent, Spent deciding) {
        String text() {
            return output.text();
        }
    }

    LiveModel(URI url) {
        this.url = url;
    }

    Answer ask(String model, Question question, boolean logprobs) throws IOException, InterruptedException {
        JsonObject body = body(model, question.prompt(), question.tokens(), 0);
        return send(logprobs ? body.put("logprobs", true) : body);
    }

    /** A virtual model's answer, with what deciding took. */
    Answer askReported(String model, Question question) throws IOException, InterruptedException {
        return send(body(model, question.prompt(), question.tokens(), 0)
                .put("gateway", new JsonObject().put("report", true)));
    }

    /** Further answers to the same question, by chance. */
    List<Answer> askAgain(String model, Question question, int times) throws IOException, InterruptedException {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(send(body(model, question.prompt(), question.tokens(), SAMPLE_TEMPERATURE)));
        }
        return answers;
    }

    /** The model's word on that draft, with what its first token could have been where the server says so. */
    Answer verdict(String model, Question question, String draft) throws IOException, InterruptedException {
        String asked = question.prompt() + VerdictQuestion.text(draft, true);
        return send(body(model, asked, VERDICT_TOKENS, 0).put("logprobs", true).put("top_logprobs", 10));
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
        long millis = (System.nanoTime() - started) / 1_000_000;
        JsonObject reply = new JsonObject(Buffer.buffer(response.body()));
        JsonObject deciding = Spent.object(Spent.object(reply, "gateway"), "deciding");
        return new Answer(
                ModelOutput.read(List.of(Frame.answer(Buffer.buffer(response.body())))),
                response.headers().firstValue("X-Gateway-Route").orElse(""),
                response.headers().firstValue("X-Gateway-Model").orElse(""),
                Spent.read(reply, millis),
                Spent.read(new JsonObject().put("usage", deciding), 0));
    }
}
