package dev.foundrygateway.evaluate;

import dev.foundrygateway.openai.EmbeddingReply;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Asks a model server for vectors, in batches. */
final class LiveEmbedder {
    private static final int BATCH = 32;
    private static final int MAX_CHARACTERS = 2_000;

    private final URI url;
    private final String model;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * An embedder.
     *
     * @param base ends in {@code /v1}
     */
    LiveEmbedder(URI base, String model) {
        this.url = URI.create(base.toString().replaceFirst("/+$", "") + "/embeddings");
        this.model = model;
    }

    /** One vector for each text, in their order; long texts are cut, as the small models' contexts do. */
    List<float[]> embed(List<String> texts) throws IOException {
        List<float[]> vectors = new ArrayList<>(texts.size());
        for (int from = 0; from < texts.size(); from += BATCH) {
            List<String> batch = texts.subList(from, Math.min(texts.size(), from + BATCH)).stream()
                    .map(text -> text.substring(0, Math.min(MAX_CHARACTERS, text.length())))
                    .toList();
            vectors.addAll(ask(batch));
        }
        return vectors;
    }

    private List<float[]> ask(List<String> batch) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        EmbeddingReply.request(model, batch).getBytes()))
                .build();
        try {
            HttpResponse<byte[]> response = Common.send(client, request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException(url + " answered " + response.statusCode());
            }
            return EmbeddingReply.vectors(Buffer.buffer(response.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
