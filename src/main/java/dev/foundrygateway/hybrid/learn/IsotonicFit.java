package dev.foundrygateway.hybrid.learn;

import dev.foundrygateway.hybrid.Isotonic;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;

/** Isotonic regression by pooling adjacent violators. */
public final class IsotonicFit {
    private static final double FLOOR = 0.01;
    private static final double CEILING = 0.97;
    /** Points of fewer rows than these would be guesses; they are pooled with their neighbours. */
    private static final int LEAST = 15;

    private record Block(double x, double y, int count) {
        Block with(Block other) {
            int both = count + other.count;
            return new Block(
                    (x * count + other.x * other.count) / both, (y * count + other.y * other.count) / both, both);
        }
    }

    private IsotonicFit() {}

    /** Fits probabilities to raw scores; above the highest one seen they rise on to 1, where only signals that decide alone reach. */
    public static Isotonic fit(double[] raw, boolean[] truth) {
        Integer[] order = new Integer[raw.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> raw[i]));
        Deque<Block> blocks = new ArrayDeque<>();
        for (int i : order) {
            Block block = new Block(raw[i], truth[i] ? 1 : 0, 1);
            while (!blocks.isEmpty()
                    && (blocks.getLast().y() >= block.y() || blocks.getLast().count() < LEAST)) {
                block = blocks.removeLast().with(block);
            }
            blocks.addLast(block);
        }
        if (blocks.size() > 1 && blocks.getLast().count() < LEAST) {
            Block few = blocks.removeLast();
            blocks.addLast(blocks.removeLast().with(few));
        }
        double[] x = new double[blocks.size() + 2];
        double[] y = new double[blocks.size() + 2];
        int at = 0;
        for (Iterator<Block> each = blocks.iterator(); each.hasNext(); at++) {
            Block block = each.next();
            x[at] = at > 0 ? Math.max(block.x(), x[at - 1] + 1e-4) : block.x();
            y[at] = Math.max(FLOOR, Math.min(CEILING, block.y()));
        }
        x[at] = x[at - 1] + 4;
        y[at] = 0.99;
        x[at + 1] = x[at] + 4;
        y[at + 1] = 1;
        return new Isotonic(x, y);
    }
}
