package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.ServerPages;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All meters in one of the two text formats that Prometheus reads: OpenMetrics, which has exemplars, for those who ask for it, as Prometheus does, or take
 * anything; the plain one for those who ask for text, as browsers do. Series have the same names in both. Thread-safe.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/content_negotiation/">Content negotiation of a scrape</a>
 */
@Singleton
public class MetricsPage {
    private static final String NOTHING_ENDS_SO = " ";

    private final CollectorRegistry registry;

    MetricsPage(CollectorRegistry registry) {
        this.registry = registry;
    }

    /** The one that Micrometer's registry is given too: Quarkus would make another for each that asks. */
    @Produces
    @Singleton
    static CollectorRegistry collectors() {
        return new CollectorRegistry(true);
    }

    /** The media type to answer with, by a request's header {@code Accept}; empty: there was none, and anything will do. */
    public static String mediaType(Optional<String> accept) {
        return accept.filter(header -> header.contains("text/"))
                .map(TextFormat::chooseContentType)
                .orElse(TextFormat.CONTENT_TYPE_OPENMETRICS_100);
    }

    /**
     * The page as it is now, in the format of one of the types that {@link #mediaType} gives.
     *
     * @param servers what model servers tell about themselves, to stand behind it
     */
    public String text(String mediaType, List<ServerPages.Page> servers) {
        List<MetricFamilySamples> all = new ArrayList<>(families());
        if (!servers.isEmpty()) {
            all.addAll(new ServerFamilies(names(all)).read(servers));
        }
        StringWriter page = new StringWriter();
        try {
            TextFormat.writeFormat(mediaType, page, Collections.enumeration(all));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.toString();
    }

    private static Set<String> names(List<MetricFamilySamples> families) {
        Set<String> names = new HashSet<>();
        for (MetricFamilySamples family : families) {
            names.add(family.name);
            family.samples.forEach(sample -> names.add(sample.name));
        }
        return names;
    }

    private List<MetricFamilySamples> families() {
        return Collections.list(registry.metricFamilySamples()).stream()
                .map(MetricsPage::withoutStrayExemplars)
                .toList();
    }

    /** Only buckets and counters may have exemplars: Micrometer gives one to each count too, for which Prometheus would refuse the whole page. */
    private static MetricFamilySamples withoutStrayExemplars(MetricFamilySamples family) {
        String bearer =
                switch (family.type) {
                    case COUNTER -> "_total";
                    case HISTOGRAM -> "_bucket";
                    default -> NOTHING_ENDS_SO;
                };
        if (family.samples.stream().noneMatch(sample -> stray(sample, bearer))) {
            return family;
        }
        List<Sample> samples = family.samples.stream()
                .map(sample -> stray(sample, bearer)
                        ? new Sample(sample.name, sample.labelNames, sample.labelValues, sample.value)
                        : sample)
                .toList();
        return new MetricFamilySamples(family.name, family.unit, family.type, family.help, samples);
    }

    private static boolean stray(Sample sample, String bearer) {
        return sample.exemplar != null && !sample.name.endsWith(bearer);
    }
}
