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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** All kinds of requests to a gateway, a few at a time, so that every metric has something to tell; and the load's own measure of first tokens. */
final class MixedLoad implements AutoCloseable {
    private static final int CLIENTS = 4;
    private static final int WARM_UP = 40;
    private static final Pattern COMPLETION =
            Pattern.compile("\"usage\":\\s*\\{[^{}]*\"completion_tokens\":\\s*(\\d+)");
    private static final String QUESTION = "Why is the sky blue?";

    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final HttpCaller caller;
    private final ConcurrentLinkedQueue<Double> firstTokens = new ConcurrentLinkedQueue<>();
    private final Map<String, LongAdder> asked = new ConcurrentHashMap<>();
    private final LongAdder written = new LongAdder();

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
        requests.add(() -> {
            count("hybrid");
            post(
                    "/v1/chat/completions",
                    body("hybrid", ",\"stream\":true").replace(QUESTION, "How many people will live on Mars in 2100?"));
        });
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

    /** How many chats asked each model so far, those that failed and those that were left early too. */
    Map<String, Long> asked() {
        return asked.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().sum()));
    }

    /** How many tokens the answers of phi-4-mini have said that they have. */
    long written() {
        return written.sum();
    }

    private void count(String model) {
        asked.computeIfAbsent(model, key -> new LongAdder()).increment();
    }

    private void addUsage(String answer) {
        Matcher usage = COMPLETION.matcher(answer);
        if (!usage.find()) {
            throw new IllegalStateException("no usage in " + answer);
        }
        written.add(Long.parseLong(usage.group(1)));
    }

    private void measuredStream(String model) {
        long sent = System.nanoTime();
        open(model, ",\"stream_options\":{\"include_usage\":true}", (lines, line) -> {
            firstTokens.add((System.nanoTime() - sent) / 1e9);
            addUsage(lines.lines().collect(Collectors.joining("\n")));
            return true;
        });
    }

    /** Leaves after the first token. */
    private void hangUp() {
        open("gpt-oss-20b", "", (lines, line) -> true);
    }

    private interface AtFirstToken {
        boolean accept(BufferedReader lines, String line);
    }

    private void open(String model, String more, AtFirstToken then) {
        count(model);
        HttpResponse<InputStream> response =
                caller.open("/v1/chat/completions", body(model, ",\"stream\":true" + more));
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
        count(model);
        String answer = post("/v1/chat/completions", body(model, more));
        if (model.equals("phi-4-mini")) {
            addUsage(answer);
        }
    }

    private String post(String path, String json) {
        return caller.post(path, json).body();
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
