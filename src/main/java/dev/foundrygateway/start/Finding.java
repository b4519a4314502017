package dev.foundrygateway.start;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * What one check of the doctor found.
 *
 * @param check what was looked at, in a word
 * @param state how it is
 * @param what what was seen
 * @param remedy what to do; empty if all is well
 */
record Finding(String check, State state, String what, String remedy) {
    enum State {
        OK,
        WARN,
        FAIL
    }

    static Finding ok(String check, String what) {
        return new Finding(check, State.OK, what, "");
    }

    static Finding warn(String check, String what, String remedy) {
        return new Finding(check, State.WARN, what, remedy);
    }

    static Finding fail(String check, String what, String remedy) {
        return new Finding(check, State.FAIL, what, remedy);
    }

    JsonObject json() {
        JsonObject json = new JsonObject()
                .put("check", check)
                .put("state", state.name().toLowerCase(Locale.ROOT))
                .put("what", what);
        return remedy.isEmpty() ? json : json.put("remedy", remedy);
    }

    @Override
    public String toString() {
        return String.format("%-4s  %-12s %s%s", state, check, what, remedy.isEmpty() ? "" : "; " + remedy);
    }
}
