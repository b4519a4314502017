package dev.foundrygateway.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables of the environment that are meant for this program: which settings they are, and which are none. Immutable. */
final class EnvironmentNames {
    private static final String OURS = "GATEWAY_";
    private static final String FOUNDRY = "FOUNDRY_";
    private static final Set<String> OWN = Set.of(
            "GATEWAY_PORT",
            "GATEWAY_HOST",
            "GATEWAY_URL",
            "GATEWAY_API_KEY",
            "FOUNDRY_LOCAL_ENDPOINT",
            "FOUNDRY_GATEWAY_OPTS",
            "FOUNDRY_GATEWAY_ASK",
            "SLM_ALIAS",
            "LLM_ALIAS");
    /** Kubernetes gives every container some of these for every service of its namespace. */
    private static final Pattern SERVICE = Pattern.compile(
            "[A-Z0-9_]+_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_[A-Z]+)?)");

    private final Map<String, String> settings = new TreeMap<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Set<String> present;

    EnvironmentNames(SettingTree tree, Map<String, String> environment) {
        this.present = Set.copyOf(environment.keySet());
        Map<List<String>, Pattern> patterns = new java.util.LinkedHashMap<>();
        boolean any = environment.keySet().stream().anyMatch(name -> name.startsWith(OURS) && !OWN.contains(name));
        if (any) {
            tree.names().forEach(parts -> patterns.put(parts, pattern(parts)));
        }
        for (String name : new TreeSet<>(environment.keySet())) {
            if (OWN.contains(name) || SERVICE.matcher(name).matches()) {
                continue;
            }
            if (name.startsWith(OURS)) {
                setting(name, patterns)
                        .ifPresentOrElse(key -> settings.put(name, key), () -> unknown(name, patterns.keySet()));
            } else if (name.startsWith(FOUNDRY)) {
                // Others have names that begin like this, too.
                Spelling.nearest(name, Set.of("FOUNDRY_LOCAL_ENDPOINT"))
                        .ifPresent(meant ->
                                faults.add(new Fault(name, "no such variable is read; did you mean " + meant + "?")));
            }
        }
    }

    /** Variables that are settings, each with the setting's name. */
    Map<String, String> settings() {
        return settings;
    }

    List<Fault> faults() {
        return faults;
    }

    boolean has(String variable) {
        return present.contains(variable);
    }

    /** As MicroProfile's configuration maps a name: each character but letters and digits is an underscore; a name of one's own is anything. */
    private static Pattern pattern(List<String> parts) {
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            text.append(text.length() == 0 ? "" : "_")
                    .append(part.equals(SettingTree.ANY) ? "_?([A-Z0-9_]+?)_?" : plain(part));
        }
        return Pattern.compile(text + "(?:_[0-9]+_)?");
    }

    private static String plain(String part) {
        return part.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static Optional<String> setting(String variable, Map<List<String>, Pattern> patterns) {
        for (Map.Entry<List<String>, Pattern> entry : patterns.entrySet()) {
            Matcher matcher = entry.getValue().matcher(variable);
            if (matcher.matches()) {
                List<String> parts = new ArrayList<>(entry.getKey());
                int any = parts.indexOf(SettingTree.ANY);
                if (any >= 0) {
                    parts.set(any, matcher.group(1).toLowerCase(Locale.ROOT).replace('_', '-'));
                }
                return Optional.of(String.join(".", parts));
            }
        }
        return Optional.empty();
    }

    private void unknown(String variable, Set<List<String>> names) {
        Set<String> candidates = new TreeSet<>(OWN);
        Set<String> groups = new TreeSet<>();
        for (List<String> parts : names) {
            candidates.add(candidate(variable, parts));
            groups.add(plain(parts.get(1)));
        }
        Optional<String> meant = Spelling.nearest(variable, candidates);
        String group = variable.substring(OURS.length()).split("_", 2)[0];
        if (meant.isPresent() || groups.contains(group)) {
            faults.add(new Fault(
                    variable,
                    "there is no such setting"
                            + (meant.isPresent()
                                    ? Spelling.hint(meant)
                                    : "; docs/operations.md and the README list them")));
        }
    }

    /** The variable of a setting, with the word that stands in the given one at its place for a name of one's own. */
    private static String candidate(String variable, List<String> parts) {
        String[] words = variable.split("_", -1);
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            text.append(text.length() == 0 ? "" : "_");
            int at = (int) text.chars().filter(c -> c == '_').count();
            text.append(part.equals(SettingTree.ANY) ? words[Math.min(at, words.length - 1)] : plain(part));
        }
        return text.toString();
    }
}
