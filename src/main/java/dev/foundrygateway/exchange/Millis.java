package dev.foundrygateway.exchange;

/** Durations as people and {@code Server-Timing} write them. */
public final class Millis {
    private Millis() {}

    /** As a number with three decimals. */
    public static double of(long nanos) {
        return Math.round(Math.max(0, nanos) / 1e3) / 1e3;
    }

    /** Appends nanoseconds as milliseconds with three decimals, without a formatter's cost. */
    public static StringBuilder append(StringBuilder text, long nanos) {
        long micros = Math.max(0, nanos) / 1_000;
        long rest = micros % 1_000;
        text.append(micros / 1_000).append('.');
        if (rest < 100) {
            text.append('0');
        }
        if (rest < 10) {
            text.append('0');
        }
        return text.append(rest);
    }
}
