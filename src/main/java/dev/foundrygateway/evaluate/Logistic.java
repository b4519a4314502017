package dev.foundrygateway.evaluate;

/**
 * Logistic regression with an L2 penalty of 1 on standardised columns, fitted by Newton's method. The bias is not penalised.
 */
final class Logistic {
    private final double bias;
    private final double[] weights;
    private final double[] means;
    private final double[] scales;

    private Logistic(double bias, double[] weights, double[] means, double[] scales) {
        this.bias = bias;
        this.weights = weights;
        this.means = means;
        this.scales = scales;
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

    private static final int STEPS = 25;
    private static final double PENALTY = 1;

    /** Fits the probability that {@code y} is true. */
    static Logistic fit(double[][] x, boolean[] y) {
        int columns = x[0].length;
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
        return new Logistic(beta[0], weights, means, scales);
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
    double logit(double[] row) {
        double sum = bias;
        for (int j = 0; j < weights.length; j++) {
            sum += weights[j] * (row[j] - means[j]) / scales[j];
        }
        return sum;
    }
}
