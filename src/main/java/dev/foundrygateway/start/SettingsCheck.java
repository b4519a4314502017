package dev.foundrygateway.start;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.common.utils.StringUtil;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Whether all settings of ours are there are, have values of their kind and don't contradict each other. Looks at nothing but them. */
final class SettingsCheck {
    private static final String ROOT = "gateway";
    private static final String ENVIRONMENT = "EnvConfigSource";
    private static final String ENDPOINT = "FOUNDRY_LOCAL_ENDPOINT";

    private final SettingTree tree;
    private final SmallRyeConfig config;
    private final EnvironmentNames environment;
    private final Map<String, String> variables;
    private final List<Fault> faults = new ArrayList<>();

    private SettingsCheck(SettingTree tree, SmallRyeConfig config, Map<String, String> variables) {
        this.tree = tree;
        this.config = config;
        this.variables = variables;
        this.environment = new EnvironmentNames(tree, variables);
    }

    /** All faults, by their keys. */
    static List<Fault> faults(SettingTree tree, SmallRyeConfig config, Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        for (ConfigSource source : config.getConfigSources()) {
            // A file .env; the environment itself is of this name alone.
            if (source.getName().startsWith(ENVIRONMENT) && !source.getName().equals(ENVIRONMENT)) {
                source.getProperties().forEach(variables::putIfAbsent);
            }
        }
        SettingsCheck check = new SettingsCheck(tree, config, variables);
        check.run();
        return check.faults.stream()
                .distinct()
                .sorted(Comparator.comparing(Fault::key))
                .toList();
    }

    private void run() {
        Set<String> names = names();
        // A list in YAML is there twice: whole, and element by element.
        Set<String> whole = Set.copyOf(names);
        names.removeIf(name -> name.endsWith("]")
                && name.matches(".+\\[\\d+]")
                && whole.contains(name.substring(0, name.lastIndexOf('['))));
        names.forEach(this::name);
        faults.addAll(environment.faults());
        environment.settings().forEach((variable, name) -> value(variable, name));
        known("models", "upstream", names);
        port("quarkus.http.port", "GATEWAY_PORT");
        keys(names);
        chunks();
        together("gateway.retrieval.opensearch.username", "gateway.retrieval.opensearch.password");
    }

    /** Those in files, on the command line and built in; of the environment only what it writes out as a name. */
    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        List<String> profiles = config.getProfiles();
        for (ConfigSource source : config.getConfigSources()) {
            if (source.getName().startsWith(ENVIRONMENT)) {
                continue;
            }
            for (String name : source.getPropertyNames()) {
                int end = name.startsWith("%") ? name.indexOf('.') : -1;
                if (end < 0) {
                    names.add(name);
                } else if (profiles.stream()
                        .anyMatch(List.of(name.substring(1, end).split(",", -1))::contains)) {
                    names.add(name.substring(end + 1));
                }
            }
        }
        return names;
    }

    private void name(String name) {
        List<String> parts = SettingTree.parts(name);
        if (parts.isEmpty()) {
            return;
        }
        String first = parts.get(0);
        if (!first.equals(ROOT)) {
            if (parts.size() > 2 && !first.contains("quarkus") && Spelling.distance(first, ROOT) <= 2) {
                fault(name, "there is no such setting; did you mean " + ROOT + name.substring(first.length()) + "?");
            }
            return;
        }
        Optional<SettingTree> found = tree.find(parts);
        if (found.isEmpty()) {
            fault(name, "there is no such setting" + hint(parts));
        } else if (found.get().setting().isEmpty()) {
            fault(name, "is not a setting by itself; it continues with " + alternatives(found.get()));
        } else {
            value(name, name);
        }
    }

    /** Which part is wrong, and which was meant. */
    private String hint(List<String> parts) {
        SettingTree node = tree;
        for (int i = 0; i < parts.size(); i++) {
            Optional<SettingTree> next = node.find(List.of(parts.get(i)));
            if (next.isEmpty()) {
                Optional<String> meant = Spelling.nearest(parts.get(i), node.next());
                int at = i;
                String before = String.join(".", parts.subList(0, at));
                return meant.map(word -> "; did you mean "
                                + Stream.concat(
                                                Stream.concat(parts.subList(0, at).stream(), Stream.of(word)),
                                                parts.subList(at + 1, parts.size()).stream())
                                        .collect(Collectors.joining("."))
                                + "?")
                        .orElse("; below " + before + " there are " + alternatives(node));
            }
            node = next.get();
        }
        return "";
    }

    private static String alternatives(SettingTree node) {
        return node.next().isEmpty()
                ? "none"
                : node.next().stream()
                        .map(part -> part.equals(SettingTree.ANY) ? "a name of your own" : part)
                        .collect(Collectors.joining(", "));
    }

    /** The value that a name has, whichever source it comes from; the fault goes to who wrote it. */
    private void value(String key, String name) {
        Optional<SettingTree.Setting> setting =
                tree.find(SettingTree.parts(name)).flatMap(SettingTree::setting);
        if (setting.isEmpty()) {
            return;
        }
        try {
            ConfigValue found = config.getConfigValue(name);
            if (found.getValue() == null && found.getRawValue() != null) {
                fault(
                        key,
                        "refers to a setting that has no value: " + found.getRawValue()
                                + "; set that, or write the value out");
            }
            Optional<String> text = Optional.ofNullable(found.getValue());
            boolean byVariable = name.equals("gateway.upstreams.foundry.url") && environment.has(ENDPOINT);
            text.flatMap(one -> SettingValue.problem(setting.get(), one).or(() -> rule(setting.get(), name, one)))
                    .ifPresent(problem -> fault(byVariable ? ENDPOINT : key, problem));
        } catch (NoSuchElementException | IllegalArgumentException e) {
            fault(key, "refers to a setting that has no value: " + e.getMessage());
        }
    }

    private static Optional<String> rule(SettingTree.Setting setting, String name, String text) {
        return (setting.list() ? List.of(StringUtil.split(text)) : List.of(text))
                .stream()
                        .flatMap(one -> ValueRules.problem(SettingTree.parts(name), one.strip()).stream())
                        .findFirst();
    }

    /** Each API key has a hash of its own. */
    private void keys(Set<String> names) {
        Map<String, String> byHash = new HashMap<>();
        Map<String, String> byVariable = new TreeMap<>();
        // A variable has no small letters: where a file has a name that it may mean, it means that.
        Stream.concat(names.stream(), environment.settings().values().stream())
                .map(SettingTree::parts)
                .filter(parts -> parts.size() > 4 && String.join(".", parts).startsWith("gateway.access.api-keys."))
                .map(parts -> parts.get(3))
                .forEach(own -> byVariable.putIfAbsent(
                        own.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"),
                        named("gateway.access.api-keys.", own, ".sha256")));
        byVariable
                .values()
                .forEach(key -> text(key)
                        .ifPresentOrElse(
                                hash -> Optional.ofNullable(byHash.putIfAbsent(hash.toLowerCase(Locale.ROOT), key))
                                        .ifPresent(other ->
                                                fault(key, "is the same as " + other + "; give each API key its own")),
                                () -> fault(key, "is missing; an API key needs the SHA-256 of the key itself")));
    }

    /** A name of one's own may stand in quotes or not, if there is no dot in it. */
    private String named(String before, String own, String behind) {
        String plain = before + own + behind;
        return text(plain).isPresent() ? plain : before + quoted(own) + behind;
    }

    private void known(String group, String setting, Set<String> names) {
        Set<String> upstreams = keys("upstreams", names);
        for (String alias : keys(group, names)) {
            String key = named(ROOT + "." + group + ".", alias, "." + setting);
            text(key)
                    .filter(name -> !upstreams.contains(name))
                    .ifPresent(name -> fault(
                            key,
                            "there is no upstream '" + name + "'" + Spelling.hint(Spelling.nearest(name, upstreams))
                                    + "; set gateway.upstreams." + quoted(name) + ".url, or name one of " + upstreams));
        }
    }

    /** The names that the configuration gives in a group, those of the environment included. */
    private Set<String> keys(String group, Set<String> names) {
        return Stream.concat(names.stream(), environment.settings().values().stream())
                .map(SettingTree::parts)
                .filter(parts -> parts.size() > 2
                        && parts.get(0).equals(ROOT)
                        && parts.get(1).equals(group))
                .map(parts -> parts.get(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static String quoted(String part) {
        return part.matches("[\\w-]+") ? part : '"' + part + '"';
    }

    private void port(String key, String variable) {
        if (variables.getOrDefault(variable, "0").isBlank()) {
            fault(variable, "has no value; set a port such as 5274, or unset it");
            return;
        }
        text(key).ifPresent(port -> {
            if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
                String shown = environment.has(variable) ? variable : key;
                fault(
                        shown,
                        "must be a port from 0 to 65535, not '" + port + "'"
                                + (port.startsWith("tcp://")
                                        ? "; Kubernetes sets it for a service named gateway: set enableServiceLinks to false, or rename the service"
                                        : ""));
            }
        });
    }

    private void chunks() {
        Optional<Integer> tokens = whole("gateway.retrieval.chunk.tokens");
        Optional<Integer> overlap = whole("gateway.retrieval.chunk.overlap");
        if (overlap.orElse(45) >= tokens.orElse(300)) {
            fault(
                    overlap.isPresent() ? "gateway.retrieval.chunk.overlap" : "gateway.retrieval.chunk.tokens",
                    "the overlap (" + overlap.orElse(45) + ") must be smaller than the chunk (" + tokens.orElse(300)
                            + "); change gateway.retrieval.chunk.overlap or .tokens");
        }
    }

    private void together(String one, String other) {
        if (text(one).isPresent() != text(other).isPresent()) {
            String missing = text(one).isPresent() ? other : one;
            fault(missing, "is missing; " + (missing.equals(one) ? other : one) + " is set, and needs it");
        }
    }

    private Optional<Integer> whole(String key) {
        return text(key).filter(text -> text.matches("[0-9]{1,9}")).map(Integer::valueOf);
    }

    private Optional<String> text(String key) {
        try {
            return Optional.ofNullable(config.getConfigValue(key).getValue())
                    .map(String::strip)
                    .filter(text -> !text.isEmpty());
        } catch (NoSuchElementException | IllegalArgumentException e) {
            // Told where its value is looked at.
            return Optional.empty();
        }
    }

    private void fault(String key, String problem) {
        faults.add(new Fault(key, problem));
    }
}
