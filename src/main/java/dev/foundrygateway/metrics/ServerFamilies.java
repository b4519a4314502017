package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.ServerPages;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Model servers' own metrics as families of this page, each sample with the labels {@code upstream} and {@code model}. What is foreign is bounded: lines that are
 * none of the format are left out, so are names that the gateway has itself, and of each server what goes beyond {@value #MOST_SAMPLES} samples. Confined to one
 * thread.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Prometheus' text format</a>
 */
final class ServerFamilies {
    static final int MOST_SAMPLES = 2_000;
    private static final int LONGEST_LINE = 4_000;
    private static final int MOST_LABELS = 16;
    private static final int LONGEST_VALUE = 200;
    private static final int LONGEST_HELP = 500;

    private static final Pattern TYPE = Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*+) ([a-z]+)\\s*");
    private static final Pattern HELP = Pattern.compile("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*+) (.*)");
    private static final String QUOTED = "\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"";
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*+)(?:\\{([^\"}]*+(?:"
            + QUOTED.replaceFirst("\\(", "(?:")
            + "[^\"}]*+)*+)\\})?[ \\t]++([0-9a-zA-Z.+-]++)(?:[ \\t].*)?");
    private static final Pattern LABEL =
            Pattern.compile("\\s*+([a-zA-Z_][a-zA-Z0-9_]*+)\\s*+=\\s*+" + QUOTED + "\\s*+(?:,|$)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");
    /** The gateway's own, whether they are on the page yet or not. */
    private static final List<String> OURS = List.of("gateway_", "gen_ai_");

    private static final Pattern SUFFIX = Pattern.compile("_(bucket|sum|count|total|created|max)$");

    private static final class Family {
        private final Collector.Type type;
        private final String help;
        private final List<Sample> samples = new ArrayList<>();

        Family(Collector.Type type, String help) {
            this.type = type;
            this.help = help;
        }
    }

    private final Set<String> taken;
    private final Map<String, Family> families = new LinkedHashMap<>();

    /**
     * None yet.
     *
     * @param taken names of families and samples that the page has already
     */
    ServerFamilies(Set<String> taken) {
        this.taken = taken;
    }

    List<MetricFamilySamples> read(List<ServerPages.Page> pages) {
        pages.forEach(this::read);
        return families.entrySet().stream()
                .map(one -> new MetricFamilySamples(
                        one.getKey(), one.getValue().type, one.getValue().help, one.getValue().samples))
                .toList();
    }

    private void read(ServerPages.Page page) {
        Map<String, Collector.Type> types = new LinkedHashMap<>();
        Map<String, String> helps = new LinkedHashMap<>();
        int samples = 0;
        for (String line : (Iterable<String>) page.text().lines()::iterator) {
            if (samples >= MOST_SAMPLES) {
                return;
            }
            if (line.length() > LONGEST_LINE) {
                continue;
            }
            Matcher type = TYPE.matcher(line);
            Matcher help = HELP.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type(type.group(2)));
            } else if (help.matches()) {
                helps.put(help.group(1), help.group(2));
            } else if (!line.startsWith("#") && sample(line, page, types, helps)) {
                samples++;
            }
        }
    }

    private static Collector.Type type(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "counter" -> Collector.Type.COUNTER;
            case "gauge" -> Collector.Type.GAUGE;
            case "histogram" -> Collector.Type.HISTOGRAM;
            case "summary" -> Collector.Type.SUMMARY;
            default -> Collector.Type.UNKNOWN;
        };
    }

    private boolean sample(
            String line, ServerPages.Page page, Map<String, Collector.Type> types, Map<String, String> helps) {
        Matcher matcher = SAMPLE.matcher(line);
        if (!matcher.matches()) {
            return false;
        }
        String name = matcher.group(1);
        String told = matcher.group(2);
        String family = types.containsKey(name) ? name : SUFFIX.matcher(name).replaceFirst("");
        if (!types.containsKey(family)) {
            family = name;
        }
        if (name.endsWith("_created") || isOurs(name) || isOurs(family)) {
            return false;
        }
        Collector.Type type = types.getOrDefault(family, Collector.Type.UNKNOWN);
        String help = helps.getOrDefault(family, "");
        Family into = families.computeIfAbsent(
                key(family, type), key -> new Family(type, help.substring(0, Math.min(help.length(), LONGEST_HELP))));
        if (into.type != type) {
            return false;
        }
        double value;
        try {
            value = value(matcher.group(3));
        } catch (NumberFormatException e) {
            return false;
        }
        Map<String, String> labels = labels(told == null ? "" : told, page);
        into.samples.add(new Sample(name, List.copyOf(labels.keySet()), List.copyOf(labels.values()), value));
        return true;
    }

    /** As the library calls it: a counter's family has no {@code _total}. */
    private static String key(String family, Collector.Type type) {
        return type == Collector.Type.COUNTER && family.endsWith("_total")
                ? family.substring(0, family.length() - "_total".length())
                : family;
    }

    private boolean isOurs(String name) {
        return OURS.stream().anyMatch(name::startsWith) || taken.contains(name);
    }

    private static double value(String text) {
        return switch (text) {
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN" -> Double.NaN;
            default -> Double.parseDouble(text);
        };
    }

    /** The server's own first, so that a label of its own by one of these names is kept apart, as Prometheus does. */
    private static Map<String, String> labels(String told, ServerPages.Page page) {
        Map<String, String> labels = new LinkedHashMap<>();
        Optional<String> model = Optional.empty();
        Optional<String> named = Optional.empty();
        Matcher matcher = LABEL.matcher(told);
        while (labels.size() < MOST_LABELS && matcher.lookingAt()) {
            String name = matcher.group(1);
            String value = unescaped(matcher.group(2));
            if (name.equals("model")) {
                model = Optional.of(value);
            } else {
                named = name.equals("model_name") ? Optional.of(value) : named;
                labels.put(name.equals("upstream") || name.equals("server") ? "exported_" + name : name, value);
            }
            matcher.region(matcher.end(), told.length());
        }
        labels.put("upstream", page.upstream());
        labels.put("model", model.orElse(named.orElse(page.model())));
        if (!page.address().isEmpty()) {
            labels.put("server", page.address());
        }
        return labels;
    }

    private static String unescaped(String text) {
        String plain = ESCAPE.matcher(text)
                .replaceAll(match -> match.group(1).equals("n") ? "\n" : Matcher.quoteReplacement(match.group(1)));
        return plain.substring(0, Math.min(plain.length(), LONGEST_VALUE));
    }
}
