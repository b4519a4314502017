package dev.foundrygateway.start;

import io.quarkus.config.yaml.runtime.YamlConfigBuilder;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.common.utils.StringUtil;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** What the program looks at before it starts: nothing is opened, made or logged. */
public final class Start {
    private static final String DIRECTORY = "gateway.retrieval.directory";
    /** Where that is not set. */
    static final String DATA = "data/retrieval";

    private static final Pattern LEARNING = Pattern.compile("gateway\\.hybrid\\..+\\.learn\\.directory");
    private static final Pattern TLS = Pattern.compile(
            "quarkus\\.(?:tls\\.key-store\\.|http\\.ssl\\.certificate\\.|http\\.tls-configuration-name)");
    private static final Pattern TLS_FILE = Pattern.compile(
            "quarkus\\.tls\\..+\\.(?:cert|key|certs|path)|quarkus\\.http\\.ssl\\.certificate\\..*files?");
    private static final Pattern TLS_VARIABLE =
            Pattern.compile("QUARKUS_TLS_.+_(?:CERT|KEY|CERTS|PATH)|QUARKUS_HTTP_SSL_CERTIFICATE_.*FILES?");
    private static final int TLS_PORT = 8_443;
    private static final String BUILT_IN = "application.properties";

    private final Collection<Class<?>> mappings;
    private final Map<String, String> environment;

    /**
     * A look at a start.
     *
     * @param mappings the mapping interfaces of all settings there are
     * @param environment the environment's variables
     */
    public Start(Collection<Class<?>> mappings, Map<String, String> environment) {
        this.mappings = List.copyOf(mappings);
        this.environment = Map.copyOf(environment);
    }

    /** The configuration as Quarkus will read it. */
    public static SmallRyeConfig config() {
        return builder().build();
    }

    private static SmallRyeConfigBuilder builder() {
        return new YamlConfigBuilder().configBuilder(ConfigUtils.configBuilder().withProfiles(profiles()));
    }

    /** Quarkus' own where none is set. */
    private static List<String> profiles() {
        String set = System.getProperty("quarkus.profile", System.getenv().getOrDefault("QUARKUS_PROFILE", "prod"));
        return List.of(set.split(",", -1));
    }

    /** All that forbids a start; empty if nothing does. */
    public List<Fault> faults() {
        SmallRyeConfig config;
        try {
            config = config();
        } catch (RuntimeException unreadable) {
            return List.of(StartFailure.fault(unreadable));
        }
        List<Fault> faults = new ArrayList<>(faults(config));
        if (faults.isEmpty()) {
            faults.addAll(files(config));
            faults.addAll(folders(config));
            if (!isLiveReload()) {
                port(config).ifPresent(faults::add);
                tlsPort(config).ifPresent(faults::add);
            }
        }
        return faults;
    }

    /** Those of the settings alone. */
    public List<Fault> faults(SmallRyeConfig config) {
        return SettingsCheck.faults(SettingTree.of(mappings), config, environment);
    }

    /** In dev mode the server goes on listening while the program starts anew. */
    private static boolean isLiveReload() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return loader != null && loader.getClass().getSimpleName().equals("QuarkusClassLoader");
    }

    private static Optional<Fault> port(SmallRyeConfig config) {
        String host = config.getOptionalValue("quarkus.http.host", String.class).orElse("127.0.0.1");
        int port = config.getOptionalValue("quarkus.http.port", Integer.class).orElse(0);
        boolean served = config.getOptionalValue("quarkus.http.insecure-requests", String.class)
                .map(way -> !way.equalsIgnoreCase("disabled"))
                .orElse(true);
        return served
                ? Machine.port(
                        key(config, "quarkus.http.host", "GATEWAY_HOST"),
                        host,
                        key(config, "quarkus.http.port", "GATEWAY_PORT"),
                        port)
                : Optional.empty();
    }

    /** Where a key store is set up for the server. */
    private static Optional<Fault> tlsPort(SmallRyeConfig config) {
        boolean served = StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .anyMatch(name -> TLS.matcher(name).lookingAt());
        String setting = "quarkus.http.ssl-port";
        return served
                ? Machine.port(
                        "quarkus.http.host",
                        config.getOptionalValue("quarkus.http.host", String.class)
                                .orElse("127.0.0.1"),
                        setting,
                        config.getOptionalValue(setting, Integer.class).orElse(TLS_PORT))
                : Optional.empty();
    }

    /** The variable, unless the setting itself was set. */
    private static String key(SmallRyeConfig config, String setting, String variable) {
        return isBuiltIn(config.getConfigValue(setting)) ? variable : setting;
    }

    private static boolean isBuiltIn(ConfigValue value) {
        String source = String.valueOf(value.getConfigSourceName());
        return source.contains(BUILT_IN)
                && (source.contains("jar") || source.contains("classes") || source.contains("resource:"));
    }

    /** The files that settings name, those of TLS too, and that are not there. */
    public List<Fault> files(SmallRyeConfig config) {
        Map<String, String> named = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (TLS_VARIABLE.matcher(name).matches()) {
                named.put(name, value);
            }
        });
        List<Fault> faults = new ArrayList<>();
        for (String name : config.getPropertyNames()) {
            // By its name first: a variable of another program's may hold what can't be expanded.
            boolean tls = TLS_FILE.matcher(name).matches();
            if (tls || name.startsWith("gateway.")) {
                text(config, name).ifPresent(text -> {
                    if (tls) {
                        named.put(name, text);
                    } else {
                        ValueRules.onDisk(SettingTree.parts(name), text)
                                .ifPresent(problem -> faults.add(new Fault(name, problem)));
                    }
                });
            }
        }
        ClassLoader inside = Thread.currentThread().getContextClassLoader();
        named.forEach((key, files) -> {
            for (String file : StringUtil.split(files)) {
                if (inside == null || inside.getResource(file.strip()) == null) {
                    ValueRules.file(file.strip()).ifPresent(problem -> faults.add(new Fault(key, problem)));
                }
            }
        });
        return faults;
    }

    /** Empty too where it refers to what is not there, which is told elsewhere. */
    private static Optional<String> text(SmallRyeConfig config, String name) {
        try {
            return config.getOptionalValue(name, String.class).map(String::strip);
        } catch (NoSuchElementException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The folders that this configuration names and nobody can write to. */
    static List<Fault> folders(SmallRyeConfig config) {
        Set<String> settings = new TreeSet<>();
        boolean shared = config.getOptionalValue("gateway.retrieval.backend", String.class)
                .map(backend -> backend.equalsIgnoreCase("opensearch"))
                .orElse(false);
        if (!shared) {
            settings.add(DIRECTORY);
            settings.add("gateway.responses.directory");
        }
        for (String keeper : List.of("gateway.usage", "gateway.records")) {
            if (config.getOptionalValue(keeper + ".keep", Boolean.class).orElse(true)) {
                settings.add(keeper + ".directory");
            }
        }
        for (String name : config.getPropertyNames()) {
            if (LEARNING.matcher(name).matches()) {
                settings.add(name);
            }
        }
        List<Fault> faults = new ArrayList<>();
        // A folder that isn't named is within that of the files.
        for (String setting : settings) {
            config.getOptionalValue(setting, String.class)
                    .or(() -> setting.equals(DIRECTORY) ? Optional.of(DATA) : Optional.empty())
                    .flatMap(folder -> Machine.folder(Path.of(folder)))
                    .ifPresent(problem -> faults.add(new Fault(setting, problem)));
        }
        return faults;
    }
}
