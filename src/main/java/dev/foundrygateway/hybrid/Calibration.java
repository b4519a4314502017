package dev.foundrygateway.hybrid;

import dev.foundrygateway.hybrid.ScoreModel.Stage;
import dev.foundrygateway.hybrid.ScoreModel.Weight;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * The score models of all stages, as they stand in one versioned JSON file. Immutable.
 *
 * @param description what it was calibrated on, for people
 * @param stages a model for each stage
 */
public record Calibration(String description, Map<Stage, ScoreModel> stages) {
    /** The format's version. */
    public static final int VERSION = 1;

    private static final String RESOURCE = "hybrid-calibration.json";

    /** The one that comes with the program, whose answers were other models' than those that will be asked. */
    public static Calibration builtIn() {
        try (InputStream in = Calibration.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + RESOURCE);
            }
            Calibration read = parse(RESOURCE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            Map<Stage, ScoreModel> foreign = new EnumMap<>(read.stages());
            foreign.replaceAll((stage, model) -> model.foreign());
            return new Calibration(read.description(), foreign);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException when it cannot be read or is no calibration; the message names it
     */
    public static Calibration read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e, e);
        }
    }

    public ScoreModel at(Stage stage) {
        ScoreModel model = stages.get(stage);
        if (model == null) {
            throw new IllegalStateException("no score model for " + stage);
        }
        return model;
    }

    /** As the file's text. */
    public String json() {
        JsonObject all = new JsonObject();
        stages.forEach((stage, model) -> all.put(stage.name().toLowerCase(Locale.ROOT), json(model)));
        return new JsonObject()
                        .put("version", VERSION)
                        .put("description", description)
                        .put("stages", all)
                        .encodePrettily()
                + "\n";
    }

    private static Calibration parse(String name, String text) {
        try {
            JsonObject root = new JsonObject(text);
            if (root.getInteger("version", 0) != VERSION) {
                throw new IllegalArgumentException("version must be " + VERSION);
            }
            Map<Stage, ScoreModel> stages = new EnumMap<>(Stage.class);
            for (Stage stage : Stage.values()) {
                String key = stage.name().toLowerCase(Locale.ROOT);
                JsonObject one = root.getJsonObject("stages", new JsonObject()).getJsonObject(key);
                if (one == null) {
                    throw new IllegalArgumentException("stages." + key + " is missing");
                }
                stages.put(stage, model(one));
            }
            return new Calibration(root.getString("description", ""), stages);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(name + " is not a calibration: " + e.getMessage(), e);
        }
    }

    private static ScoreModel model(JsonObject json) {
        Map<Signal, Weight> weights = new EnumMap<>(Signal.class);
        for (Map.Entry<String, Object> entry : json.getJsonObject("weights")) {
            JsonObject part = (JsonObject) entry.getValue();
            Signal signal = Signal.valueOf(entry.getKey().toUpperCase(Locale.ROOT));
            if (!signal.evidence()) {
                throw new IllegalArgumentException(entry.getKey() + " is not evidence and cannot have a weight");
            }
            weights.put(
                    signal,
                    new Weight(
                            part.getDouble("weight"),
                            part.getDouble("mean", 0.0),
                            part.getDouble("scale", 1.0),
                            part.getDouble("least", Double.NEGATIVE_INFINITY),
                            part.getDouble("most", Double.POSITIVE_INFINITY)));
        }
        JsonObject isotonic = json.getJsonObject("isotonic");
        return new ScoreModel(
                json.getDouble("bias"),
                weights,
                new Isotonic(numbers(isotonic.getJsonArray("x")), numbers(isotonic.getJsonArray("y"))),
                numbers(json.getJsonArray("quantiles", new JsonArray())));
    }

    private static JsonObject json(ScoreModel model) {
        JsonObject weights = new JsonObject();
        model.weights().forEach((signal, weight) -> weights.put(signal.label(), json(weight)));
        return new JsonObject()
                .put("bias", rounded(model.bias()))
                .put("weights", weights)
                .put(
                        "isotonic",
                        new JsonObject()
                                .put("x", array(model.isotonic().x()))
                                .put("y", array(model.isotonic().y())))
                .put("quantiles", array(model.quantiles()));
    }

    private static JsonObject json(Weight weight) {
        JsonObject part = new JsonObject()
                .put("weight", rounded(weight.weight()))
                .put("mean", rounded(weight.mean()))
                .put("scale", rounded(weight.scale()));
        if (Double.isFinite(weight.least()) && Double.isFinite(weight.most())) {
            part.put("least", rounded(weight.least())).put("most", rounded(weight.most()));
        }
        return part;
    }

    private static double[] numbers(JsonArray array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.getDouble(i);
        }
        return numbers;
    }

    private static JsonArray array(double[] numbers) {
        JsonArray array = new JsonArray();
        for (double number : numbers) {
            array.add(rounded(number));
        }
        return array;
    }

    private static double rounded(double number) {
        return Math.round(number * 1e5) / 1e5;
    }
}
