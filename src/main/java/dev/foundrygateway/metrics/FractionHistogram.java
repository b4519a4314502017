package dev.foundrygateway.metrics;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * A histogram of values from 0 to 1. Micrometer's own counts in whole numbers, so that all of them would fall into the bucket of 1. Thread-safe, without
 * locks.
 */
final class FractionHistogram extends Collector {
    private final String name;
    private final String help;
    private final double[] boundaries;
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    /**
     * An empty one.
     *
     * @param name its Prometheus name
     * @param boundaries the upper ends of its buckets, rising; what is above the last one counts in a bucket of its own
     */
    FractionHistogram(String name, String help, double... boundaries) {
        this.name = name;
        this.help = help;
        this.boundaries = boundaries.clone();
        counts = new LongAdder[boundaries.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** Counts one value; what is no number is left out. */
    void record(double value) {
        if (Double.isNaN(value)) {
            return;
        }
        int bucket = 0;
        while (bucket < boundaries.length && value > boundaries[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sum.add(value);
    }

    @Override
    public List<MetricFamilySamples> collect() {
        List<MetricFamilySamples.Sample> samples = new ArrayList<>(boundaries.length + 3);
        double below = 0;
        for (int i = 0; i < counts.length; i++) {
            below += counts[i].sum();
            String boundary = doubleToGoString(i < boundaries.length ? boundaries[i] : Double.POSITIVE_INFINITY);
            samples.add(new MetricFamilySamples.Sample(name + "_bucket", List.of("le"), List.of(boundary), below));
        }
        samples.add(new MetricFamilySamples.Sample(name + "_count", List.of(), List.of(), below));
        samples.add(new MetricFamilySamples.Sample(name + "_sum", List.of(), List.of(), sum.sum()));
        return List.of(new MetricFamilySamples(name, Type.HISTOGRAM, help, samples));
    }
}
