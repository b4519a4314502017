package dev.foundrygateway.hybrid.learn;

import java.util.Arrays;

/**
 * Logistic regression with an L2 penalty on standardised columns, fitted by Newton's method. The bias is not penalised. A value beyond those of the fitted rows
 * counts as the outermost of them. Immutable.
 */
public final class Logistic {
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

    /** The logistic sum of a row that is the mean in every column. */
    public double bias() {
        return bias;
    }

    /** Not to be changed. */
    public double[] weights() {
        return weights;
    }

    /** Not to be changed. */
    public double[] means() {
        return means;
    }

    /** Not to be changed. */
    public double[] scales() {
        return scales;
    }

    /** The range that was seen, without the outermost values. Not to be changed. */
    public double[] least() {
        return least;
    }

    /** Not to be changed. */
    public double[] most() {
        return most;
    }

    /** One value in two hundred at each end says nothing of the range. */
    private static final double OUTERMOST = 0.005;

    private static final int STEPS = 25;
    private static final double LEAST_STEP = 1e-6;
    private static final double SAME = 1e-9;
    private static final double PENALTY = 1;

    /** Fits the probability that {@code y} is true, with a penalty of 1. */
    public static Logistic fit(double[][] raw, boolean[] y) {
        return fit(raw, y, new double[raw.length], PENALTY);
    }

    /** Fits what is to be added to each row's offset, so that a penalty draws towards what the offsets say. */
    static Logistic fit(double[][] raw, boolean[] y, double[] offsets, double penalty) {
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
        double[][] z =
                Arrays.stream(x).map(row -> standardised(row, means, scales)).toArray(double[][]::new);
        boolean moved = true;
        for (int step = 0; step < STEPS && moved; step++) {
            moved = newton(z, y, offsets, penalty, beta);
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

    /** With a one before it, for the bias. */
    private static double[] standardised(double[] row, double[] means, double[] scales) {
        double[] z = new double[row.length + 1];
        z[0] = 1;
        for (int j = 1; j < z.length; j++) {
            z[j] = (row[j - 1] - means[j - 1]) / scales[j - 1];
        }
        return z;
    }

    /** Makes one step; false if there is nothing left to gain. */
    private static boolean newton(double[][] z, boolean[] y, double[] offsets, double penalty, double[] beta) {
        int size = beta.length;
        double[] gradient = new double[size];
        double[][] hessian = new double[size][size];
        for (int j = 1; j < size; j++) {
            gradient[j] = -penalty * beta[j];
            hessian[j][j] = penalty;
        }
        for (int i = 0; i < z.length; i++) {
            double p = 1 / (1 + Math.exp(-sum(z[i], offsets[i], beta)));
            double error = (y[i] ? 1 : 0) - p;
            double weight = Math.max(1e-9, p * (1 - p));
            for (int j = 0; j < size; j++) {
                gradient[j] += error * z[i][j];
                for (int k = 0; k < size; k++) {
                    hessian[j][k] += weight * z[i][j] * z[i][k];
                }
            }
        }
        double[] step = solve(hessian, gradient);
        double before = likelihood(z, y, offsets, penalty, beta);
        double[] next = new double[size];
        // A whole step from where all is nearly certain leads too far.
        for (double part = 1; part > LEAST_STEP; part /= 2) {
            for (int j = 0; j < size; j++) {
                next[j] = beta[j] + part * step[j];
            }
            if (likelihood(z, y, offsets, penalty, next) >= before) {
                System.arraycopy(next, 0, beta, 0, size);
                return Arrays.stream(step).anyMatch(one -> Math.abs(one) > SAME);
            }
        }
        return false;
    }

    private static double sum(double[] z, double offset, double[] beta) {
        double sum = offset;
        for (int j = 0; j < beta.length; j++) {
            sum += beta[j] * z[j];
        }
        return sum;
    }

    /** Its logarithm, less the penalty. */
    private static double likelihood(double[][] z, boolean[] y, double[] offsets, double penalty, double[] beta) {
        double all = 0;
        for (int j = 1; j < beta.length; j++) {
            all -= penalty * beta[j] * beta[j] / 2;
        }
        for (int i = 0; i < z.length; i++) {
            double sum = sum(z[i], offsets[i], beta);
            double against = y[i] ? -sum : sum;
            all -= Math.max(0, against) + Math.log1p(Math.exp(-Math.abs(against)));
        }
        return all;
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

    /** The logistic sum, without an offset. */
    public double logit(double[] raw) {
        double[] row = within(raw, least, most);
        double sum = bias;
        for (int j = 0; j < weights.length; j++) {
            sum += weights[j] * (row[j] - means[j]) / scales[j];
        }
        return sum;
    }
}
