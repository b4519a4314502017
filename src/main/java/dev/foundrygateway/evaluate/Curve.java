package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.learn.Ranking;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What escalating the highest scores first gives: quality over the share that the large model answers.
 * Of the gap recovered, PGR, at 0, 1 … n escalations, 0 is the small model's quality and 1 the large one's; AUROC is the chance that a wrong draft
 * has a higher score than a right one. Rows with the same score are taken in all orders, which gives each of them their mean.
 *
 * @see <a href="https://arxiv.org/abs/2406.18665">RouteLLM, which defines PGR, APGR and CPT</a>
 */
final class Curve {
    private final double[] recovered;
    private final double auroc;
    /** How many of the answers are right at 0, 1 … n escalations. */
    private final double[] right;

    private Curve(double[] recovered, double auroc, double[] right) {
        this.recovered = recovered;
        this.auroc = auroc;
        this.right = right;
    }

    /** Not to be changed. */
    double[] recovered() {
        return recovered;
    }

    /** Not to be changed. */
    double auroc() {
        return auroc;
    }

    static Curve of(List<Row> rows, double[] scores) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
        int small = 0;
        int large = 0;
        for (Row row : rows) {
            small += row.draftRight() ? 1 : 0;
            large += row.strongRight() ? 1 : 0;
        }
        double gap = large - small;
        double[] right = new double[scores.length + 1];
        right[0] = small;
        for (int from = 0, to; from < order.length; from = to) {
            double gain = 0;
            for (to = from; to < order.length && scores[order[to]] == scores[order[from]]; to++) {
                Row row = rows.get(order[to]);
                gain += (row.strongRight() ? 1 : 0) - (row.draftRight() ? 1 : 0);
            }
            for (int i = from; i < to; i++) {
                right[i + 1] = right[from] + gain * (i + 1 - from) / (to - from);
            }
        }
        double[] recovered = new double[right.length];
        for (int i = 0; i < right.length; i++) {
            recovered[i] = gap == 0 ? 0 : (right[i] - right[0]) / gap;
        }
        return new Curve(recovered, Ranking.auroc(scores, CrossValidation.wrong(rows)), right);
    }

    /** Which share of the answers is right where that share is escalated. */
    double rightAt(double share) {
        int n = right.length - 1;
        return right[(int) Math.floor(share * n + 1e-9)] / n;
    }

    /** The area under PGR over the share escalated: 0.5 is chance. */
    double apgr() {
        double area = 0;
        for (int i = 1; i < recovered.length; i++) {
            area += (recovered[i - 1] + recovered[i]) / 2;
        }
        return area / (recovered.length - 1);
    }

    /** The least share to escalate that recovers so much of the gap; 1 if none does. */
    double callsFor(double gap) {
        for (int i = 0; i < recovered.length; i++) {
            if (recovered[i] >= gap) {
                return (double) i / (recovered.length - 1);
            }
        }
        return 1;
    }
}
