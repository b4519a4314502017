package dev.foundrygateway.retrieval.embed;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.openai.json.TypedJson;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * all-MiniLM-L6-v2, quantised to 8 bits: 384 dimensions, English, its first 256 word pieces of a text. Loaded, it takes about 60 MB. Thread-safe; for worker
 * threads: a passage takes some 20 ms of a core.
 *
 * @see <a href="https://www.sbert.net/docs/sentence_transformer/pretrained_models.html">The model's own page</a>
 */
final class BuiltInModel {
    /** As its name is everywhere. */
    static final String NAME = "all-minilm-l6-v2";

    static final int DIMENSIONS = 384;
    private static final int MAX_PIECES = 256;
    /** How many texts are embedded at a time: more would only wait for a core with their memory taken. */
    private static final int AT_ONCE = 2;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final WordPieces pieces;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    private BuiltInModel(OrtEnvironment environment, OrtSession session, WordPieces pieces) {
        this.environment = environment;
        this.session = session;
        this.pieces = pieces;
    }

    /** The tokenizer's file, of which only the vocabulary is used. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Tokenizer(@JsonProperty("model") Vocabulary model) {}

    /** Pieces and their numbers. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Vocabulary(@JsonProperty("vocab") Map<String, Integer> vocab) {}

    /** Loads it: some 0.3 s. */
    static BuiltInModel load() throws IOException {
        String tokenizer = new String(file(NAME + "-q-tokenizer.json"), StandardCharsets.UTF_8);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // One thread a text: several texts come at once where there is much to do, and the relay needs its cores.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setMemoryPatternOptimization(false);
            options.setCPUArenaAllocator(false);
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            OrtSession session = environment.createSession(file(NAME + "-q.onnx"), options);
            return new BuiltInModel(
                    environment,
                    session,
                    new WordPieces(
                            TypedJson.read(tokenizer, Tokenizer.class).model().vocab()));
        } catch (OrtException e) {
            throw new IOException("ONNX Runtime does not load it: " + e.getMessage(), e);
        }
    }

    private static byte[] file(String name) throws IOException {
        try (InputStream in = BuiltInModel.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name + " is not in this build of the gateway");
            }
            return in.readAllBytes();
        }
    }

    /** The text's vector, of length one. Each is embedded alone: in a batch its values would depend on the others. */
    float[] embed(String text) {
        long[][] ids = {pieces.of(text, MAX_PIECES)};
        long[][] ones = {new long[ids[0].length]};
        long[][] zeros = {new long[ids[0].length]};
        Arrays.fill(ones[0], 1);
        turns.acquireUninterruptibly();
        try (OnnxTensor tokens = OnnxTensor.createTensor(environment, ids);
                OnnxTensor mask = OnnxTensor.createTensor(environment, ones);
                OnnxTensor types = OnnxTensor.createTensor(environment, zeros);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", tokens, "attention_mask", mask, "token_type_ids", types))) {
            return mean(((float[][][]) result.get(0).getValue())[0]);
        } catch (OrtException e) {
            throw new IllegalStateException("the built-in embedding model failed: " + e.getMessage(), e);
        } finally {
            turns.release();
        }
    }

    /** How many word pieces of the text are read. */
    int tokens(String text) {
        return pieces.of(text, MAX_PIECES).length;
    }

    private static float[] mean(float[][] ofPieces) {
        float[] sum = new float[DIMENSIONS];
        for (float[] piece : ofPieces) {
            for (int i = 0; i < DIMENSIONS; i++) {
                sum[i] += piece[i];
            }
        }
        double square = 0;
        for (float value : sum) {
            square += (double) value * value;
        }
        float length = (float) Math.sqrt(square);
        for (int i = 0; i < DIMENSIONS; i++) {
            sum[i] /= length;
        }
        return sum;
    }
}
