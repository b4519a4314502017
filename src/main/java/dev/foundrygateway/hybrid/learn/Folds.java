package dev.foundrygateway.hybrid.learn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Rows dealt into five parts by chance, each of them once what is not learnt from. */
public final class Folds {
    private static final int PARTS = 5;

    /** One way to part them: indices of those to learn from, and of the others. */
    public record Fold(List<Integer> train, List<Integer> test) {}

    private Folds() {}

    /** The parts of so many rows; the same ones for the same seed. */
    public static List<Fold> of(int rows, long seed) {
        List<Integer> shuffled = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            shuffled.add(i);
        }
        Collections.shuffle(shuffled, new Random(seed));
        List<Fold> folds = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            List<Integer> train = new ArrayList<>();
            List<Integer> test = new ArrayList<>();
            for (int i = 0; i < rows; i++) {
                (i % PARTS == part ? test : train).add(shuffled.get(i));
            }
            folds.add(new Fold(List.copyOf(train), List.copyOf(test)));
        }
        return folds;
    }

    /** Those of the rows, in that order. */
    public static double[][] pick(double[][] all, List<Integer> indices) {
        double[][] some = new double[indices.size()][];
        for (int i = 0; i < some.length; i++) {
            some[i] = all[indices.get(i)];
        }
        return some;
    }

    /** Those of the values, in that order. */
    public static boolean[] pick(boolean[] all, List<Integer> indices) {
        boolean[] some = new boolean[indices.size()];
        for (int i = 0; i < some.length; i++) {
            some[i] = all[indices.get(i)];
        }
        return some;
    }

    /** Those of the values, in that order. */
    public static double[] pick(double[] all, List<Integer> indices) {
        double[] some = new double[indices.size()];
        for (int i = 0; i < some.length; i++) {
            some[i] = all[indices.get(i)];
        }
        return some;
    }
}
