package dev.foundrygateway.hybrid;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** The signals of one request or draft. A signal that was not looked at, or that cannot be seen, is absent, which is not 0. Not thread-safe. */
public final class SignalValues {
    private final Map<Signal, Double> values = new EnumMap<>(Signal.class);

    public SignalValues set(Signal signal, double value) {
        values.put(signal, value);
        return this;
    }

    /** Notes a yes or no, as 1 or 0. */
    public SignalValues set(Signal signal, boolean value) {
        return set(signal, value ? 1 : 0);
    }

    /** Forgets a signal, which is absent from then on. */
    void forget(Signal signal) {
        values.remove(signal);
    }

    /** Takes over another's values. */
    SignalValues with(SignalValues others) {
        values.putAll(others.values);
        return this;
    }

    /** All that are known; cannot be changed. */
    public Map<Signal, Double> known() {
        return Collections.unmodifiableMap(values);
    }

    public boolean has(Signal signal) {
        return values.containsKey(signal);
    }

    /** Its value; not a number if it is absent. */
    public double get(Signal signal) {
        return values.getOrDefault(signal, Double.NaN);
    }
}
