package dev.foundrygateway.hybrid;

import java.util.Arrays;

/**
 * A rising function given by points, straight between them and flat outside: it makes of a raw score the probability that was observed at it.
 * Immutable.
 */
public final class Isotonic {
    private final double[] x;
    private final double[] y;

    /**
     * By its points.
     *
     * @throws IllegalArgumentException when there are none, their numbers differ, or they do not rise
     */
    public Isotonic(double[] x, double[] y) {
        if (x.length == 0 || x.length != y.length) {
            throw new IllegalArgumentException("an isotonic table needs as many x as y, and one at least");
        }
        for (int i = 1; i < x.length; i++) {
            if (x[i] <= x[i - 1] || y[i] < y[i - 1]) {
                throw new IllegalArgumentException("an isotonic table must rise; it does not at point " + i);
            }
        }
        this.x = x.clone();
        this.y = y.clone();
    }

    /** The value there. */
    public double at(double raw) {
        int found = Arrays.binarySearch(x, raw);
        if (found >= 0) {
            return y[found];
        }
        int next = -found - 1;
        if (next == 0) {
            return y[0];
        }
        if (next == x.length) {
            return y[x.length - 1];
        }
        double part = (raw - x[next - 1]) / (x[next] - x[next - 1]);
        return y[next - 1] + part * (y[next] - y[next - 1]);
    }

    public double[] x() {
        return x.clone();
    }

    public double[] y() {
        return y.clone();
    }
}
