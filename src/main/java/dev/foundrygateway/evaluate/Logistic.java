package dev.foundrygateway.evaluate;

import java.util.Arrays;

/**
 * Logistic regression with an L2 penalty of 1 on standardised columns, fitted by Newton's method. The bias is not penalised. A value beyond those of the
 * fitted rows counts as the outermost of them.
 */
final class Logistic {
    private final double bias;
    private final double[] weights;
    private final double[] means;
    private final double[] scales;
    private final double[] least;
    private final double[] most;

    private Logistic(double bias, double[] weights, double[] means, double[] scales, double[] least, double[] most) {
        this.bias = bias;
        this.weights = weights;
        this.means = means;
        this.scales = scales;
        this.least = least;
        this.most = most;
    }

    /** Not to be changed. */
    double bias() {
        return bias;
    }

    /** Not to be changed. */
    double[] weights() {
        return weights;
    }

    /** Not to be changed. */
    double[] means() {
        return means;
    }

    /** Not to be changed. */
    double[] scales() {
        return scales;
    }

    /** The range that was seen, without the outermost values. Not to be changed. */
    double[] least() {
        return least;
    }

    /** Not to be changed. */
    double[] most() {
        return most;
    }

    /** One value in two hundred at each end says nothing of the range. */
    private static final double OUTERMOST = 0.005;

    private static final int STEPS = 25;
    private static final double PENALTY = 1;

    /** Fits the probability that {@code y} is true. */
    static Logistic fit(double[][] raw, boolean[] y) {
        int columns = raw[0].length;
        double[] least = new double[columns];
        double[] most = new double[columns];
        int outside = (int) (raw.length * OUTERMOST);
        for (int j = 0; j < columns; j++) {
            int column = j;
            double[] sorted =
                    Arrays.stream(raw).mapToDouble(row -> row[column]).sorted().toArray();
            least[j] = sorted[outside];
            most[j] = sorted[sorted.length - 1 - outside];
        }
        double[][] x = Arrays.stream(raw).map(row -> within(row, least, most)).toArray(double[][]::new);
        double[] means = new double[columns];
        double[] scales = new double[columns];
        for (int j = 0; j < columns; j++) {
            double sum = 0;
            double squares = 0;
            for (double[] row : x) {
                sum += row[j];
                squares += row[j] * row[j];
            }
            means[j] = sum / x.length;
            double variance = squares / x.length - means[j] * means[j];
            scales[j] = variance > 1e-12 ? Math.sqrt(variance) : 1;
        }
        double[] beta = new double[columns + 1];
        for (int step = 0; step < STEPS; step++) {
            newton(x, y, means, scales, beta);
        }
        double[] weights = new double[columns];
        System.arraycopy(beta, 1, weights, 0, columns);
        return new Logistic(beta[0], weights, means, scales, least, most);
    }

    private static double[] within(double[] row, double[] least, double[] most) {
        double[] bounded = new double[row.length];
        for (int j = 0; j < bounded.length; j++) {
            bounded[j] = Math.max(least[j], Math.min(most[j], row[j]));
        }
        return bounded;
    }

    private static void newton(double[][] x, boolean[] y, double[] means, double[] scales, double[] beta) {
        int size = beta.length;
        double[] gradient = new double[size];
        double[][] hessian = new double[size][size];
        for (int j = 1; j < size; j++) {
            gradient[j] = -PENALTY * beta[j];
            hessian[j][j] = PENALTY;
        }
        double[] z = new double[size];
        for (int i = 0; i < x.length; i++) {
            z[0] = 1;
            double sum = beta[0];
            for (int j = 1; j < size; j++) {
                z[j] = (x[i][j - 1] - means[j - 1]) / scales[j - 1];
                sum += beta[j] * z[j];
            }
            double p = 1 / (1 + Math.exp(-sum));
            double error = (y[i] ? 1 : 0) - p;
            double weight = Math.max(1e-9, p * (1 - p));
            for (int j = 0; j < size; j++) {
                gradient[j] += error * z[j];
                for (int k = 0; k < size; k++) {
                    hessian[j][k] += weight * z[j] * z[k];
                }
            }
        }
        double[] step = solve(hessian, gradient);
        for (int j = 0; j < size; j++) {
            beta[j] += step[j];
        }
    }

    /** Gaussian elimination with pivots; the matrix and the vector are used up. */
    private static double[] solve(double[][] a, double[] b) {
        int size = b.length;
        for (int column = 0; column < size; column++) {
            int pivot = column;
            for (int row = column + 1; row < size; row++) {
                if (Math.abs(a[row][column]) > Math.abs(a[pivot][column])) {
                    pivot = row;
                }
            }
            double[] swapped = a[column];
            a[column] = a[pivot];
            a[pivot] = swapped;
            double value = b[column];
            b[column] = b[pivot];
            b[pivot] = value;
            for (int row = column + 1; row < size; row++) {
                double factor = a[row][column] / a[column][column];
                for (int k = column; k < size; k++) {
                    a[row][k] -= factor * a[column][k];
                }
                b[row] -= factor * b[column];
            }
        }
        for (int row = size - 1; row >= 0; row--) {
            for (int k = row + 1; k < size; k++) {
                b[row] -= a[row][k] * b[k];
            }
            b[row] /= a[row][row];
        }
        return b;
    }

    /** The logistic sum. */
    double logit(double[] raw) {
        double[] row = within(raw, least, most);
        double sum = bias;
        for (int j = 0; j < weights.length; j++) {
            sum += weights[j] * (row[j] - means[j]) / scales[j];
        }
        return sum;
    }
}
