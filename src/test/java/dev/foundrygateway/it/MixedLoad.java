package dev.foundrygateway.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** All kinds of requests to a gateway, a few at a time, so that every metric has something to tell; and the load's own measure of first tokens. */
final class MixedLoad implements AutoCloseable {
    private static final int CLIENTS = 4;
    private static final int WARM_UP = 40;
    private static final String QUESTION = "Why is the sky blue?";

    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final HttpCaller caller;
    private final ConcurrentLinkedQueue<Double> firstTokens = new ConcurrentLinkedQueue<>();

    MixedLoad(URI gateway) {
        caller = new HttpCaller(gateway);
    }

    /** Sends one round and waits for its end. */
    void round() {
        List<Runnable> requests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            requests.add(() -> measuredStream("phi-4-mini"));
        }
        requests.add(() -> stream("gpt-oss-20b", ""));
        requests.add(() -> stream("gpt-oss-20b", ""));
        for (int i = 0; i < 3; i++) {
            requests.add(() -> stream("hybrid", ""));
        }
        requests.add(() -> stream("hybrid", ",\"gateway\":{\"escalate\":\"always\"}"));
        requests.add(() -> stream("hybrid", ",\"response_format\":{\"type\":\"json_object\"}"));
        // The practice model hedges: a rejected draft.
        requests.add(() -> post(
                "/v1/chat/completions",
                body("hybrid", ",\"stream\":true").replace(QUESTION, "How many people will live on Mars in 2100?")));
        requests.add(() -> chat("phi-4-mini", ""));
        requests.add(() -> chat(
                "phi-4-mini", ",\"gateway\":{\"documents\":[\"The sky is blue since air scatters blue light.\"]}"));
        requests.add(() -> chat("absent", ""));
        requests.add(() -> chat("nobody-serves-this", ""));
        requests.add(() -> post("/v1/chat/completions", "{"));
        requests.add(() -> post("/v1/embeddings", "{\"model\":\"phi-4-mini\",\"input\":\"sky\"}"));
        requests.add(this::hangUp);
        requests.add(() -> caller.get("/models/unload/gpt-oss-20b"));
        send(requests);
    }

    /** Lets the gateway's and this process's code be compiled, so that the measured streams meet neither; of a model that isn't measured. */
    void warmUp() {
        send(Collections.nCopies(WARM_UP, () -> stream("hybrid", "")));
    }

    private void send(List<Runnable> requests) {
        List<Future<?>> running =
                requests.stream().<Future<?>>map(clients::submit).toList();
        for (Future<?> one : running) {
            try {
                one.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** From sending to the first token's arrival, in seconds, of every stream of phi-4-mini so far. */
    List<Double> firstTokens() {
        return List.copyOf(firstTokens);
    }

    private void measuredStream(String model) {
        long sent = System.nanoTime();
        open(model, (lines, line) -> {
            firstTokens.add((System.nanoTime() - sent) / 1e9);
            return lines.lines().count() > 0;
        });
    }

    /** Leaves after the first token. */
    private void hangUp() {
        open("gpt-oss-20b", (lines, line) -> true);
    }

    private interface AtFirstToken {
        boolean accept(BufferedReader lines, String line);
    }

    private void open(String model, AtFirstToken then) {
        HttpResponse<InputStream> response = caller.open("/v1/chat/completions", body(model, ",\"stream\":true"));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String line = "";
            while (line != null && !line.matches("data:.*\"content\": ?\"[^\"].*")) {
                line = lines.readLine();
            }
            if (line == null || !then.accept(lines, line)) {
                throw new IllegalStateException("no token of " + model + ", status " + response.statusCode());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stream(String model, String more) {
        chat(model, ",\"stream\":true" + more);
    }

    private void chat(String model, String more) {
        post("/v1/chat/completions", body(model, more));
    }

    private void post(String path, String json) {
        caller.post(path, json);
    }

    private static String body(String model, String more) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + QUESTION + "\"}]" + more
                + "}";
    }

    @Override
    public void close() {
        clients.shutdownNow();
    }
}
