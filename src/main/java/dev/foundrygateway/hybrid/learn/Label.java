package dev.foundrygateway.hybrid.learn;

import dev.foundrygateway.hybrid.Signal;
import dev.foundrygateway.hybrid.SignalValues;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;

/**
 * What was said of one draft that was kept, with its signals. Numbers alone: no text can be read out of it.
 *
 * @param millis when it was said, since 1970
 * @param wrong how likely the draft is wrong, from 0 to 1
 * @param tokens what it cost
 * @param opening the signals of its opening
 * @param whole the signals of the whole
 */
public record Label(long millis, double wrong, long tokens, SignalValues opening, SignalValues whole) {
    private static final double EVEN = 0.5;

    /** Whether the draft is rather wrong than right. */
    boolean isWrong() {
        return wrong > EVEN;
    }

    /** As one line of a file, without its end. */
    String line() {
        return new JsonObject()
                .put("at", millis)
                .put("wrong", wrong)
                .put("tokens", tokens)
                .put("opening", json(opening))
                .put("whole", json(whole))
                .encode();
    }

    private static JsonObject json(SignalValues values) {
        JsonObject json = new JsonObject();
        values.known().forEach((signal, value) -> json.put(signal.label(), value));
        return json;
    }

    /**
     * Reads a line's object.
     *
     * @throws RuntimeException when it is none
     */
    static Label read(JsonObject json) {
        double wrong = json.getDouble("wrong");
        if (!(wrong >= 0 && wrong <= 1)) {
            throw new IllegalArgumentException("wrong must be from 0 to 1");
        }
        return new Label(
                json.getLong("at"),
                wrong,
                json.getLong("tokens"),
                values(json.getJsonObject("opening")),
                values(json.getJsonObject("whole")));
    }

    private static SignalValues values(JsonObject json) {
        SignalValues values = new SignalValues();
        for (Map.Entry<String, Object> entry : json) {
            double value = ((Number) entry.getValue()).doubleValue();
            values.set(Signal.valueOf(entry.getKey().toUpperCase(Locale.ROOT)), value);
        }
        return values;
    }
}
