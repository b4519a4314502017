package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/settings.md} has every setting of every {@link ConfigMapping}, with its environment name, its default and the first sentence of its Javadoc. The
 * table is made here: {@code -Dsettings.write=true} writes it anew.
 */
class SettingsPageTest {
    private static final Path PAGE = Path.of("docs", "settings.md");
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final String BEGIN = "<!-- table: made by SettingsPageTest -->\n";
    private static final Pattern TOKEN = Pattern.compile(
            "/\\*\\*(?<doc>.*?)\\*/|\\binterface (?<type>\\w+)|(?<open>\\{(?!@))|(?<close>})|(?<method>\\w+)\\(\\);",
            Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\{@(?:code|link) #?((?:[^{}]|\\{[^{}]*})*)}");

    private final Map<String, String> docs = new HashMap<>();

    @Test
    void thePageHasEverySettingAsItsInterfaceSaysIt() throws Exception {
        Map<String, String> rows = new TreeMap<>();
        for (Class<?> mapping : mappings()) {
            collect(mapping.getAnnotation(ConfigMapping.class).prefix(), mapping, rows);
        }
        String table = "| setting | environment | default | meaning |\n|---|---|---|---|\n"
                + String.join("\n", rows.values()) + "\n";
        String page = Files.readString(PAGE);
        String head = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
        if (Boolean.getBoolean("settings.write")) {
            Files.writeString(PAGE, head + table);
        }

        assertEquals(head + table, Files.readString(PAGE), "run this test with -Dsettings.write=true");
    }

    private List<Class<?>> mappings() throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.walk(SOURCES)) {
            files = all.filter(file -> file.toString().endsWith("Config.java"))
                    .sorted()
                    .toList();
        }
        List<Class<?>> mappings = new ArrayList<>();
        for (Path file : files) {
            String name =
                    SOURCES.relativize(file).toString().replace(".java", "").replace('/', '.');
            Class<?> type = Class.forName(name);
            if (type.isAnnotationPresent(ConfigMapping.class)) {
                mappings.add(type);
                readDocs(Files.readString(file));
            }
        }
        return mappings;
    }

    /** The Javadoc of each method, by its interface's name and its own. */
    private void readDocs(String source) {
        Deque<String> types = new ArrayDeque<>();
        String next = "";
        String doc = "";
        Matcher tokens = TOKEN.matcher(source);
        while (tokens.find()) {
            if (tokens.group("doc") != null) {
                doc = tokens.group("doc");
            } else if (tokens.group("type") != null) {
                next = tokens.group("type");
            } else if (tokens.group("open") != null) {
                types.push(next);
                next = "";
            } else if (tokens.group("close") != null && !types.isEmpty()) {
                types.pop();
            } else if (tokens.group("method") != null && !types.isEmpty()) {
                docs.putIfAbsent(types.peek() + "." + tokens.group("method"), sentence(doc));
                doc = "";
            }
        }
    }

    private static String sentence(String doc) {
        String text =
                LINK.matcher(doc.replaceAll("\\s*\\n\\s*\\*\\s?", " ").strip()).replaceAll("`$1`");
        String plain = text.replaceAll("</?(?:p|em|b|code)>", "");
        Matcher end = Pattern.compile("[.;:] (?=[A-Z`])|\\.$").matcher(plain);
        return (end.find() ? plain.substring(0, end.start()) : plain).replace("|", "\\|");
    }

    /** What may be chosen from, where that is all there is. */
    private static String values(Class<?> type) {
        return type.isEnum()
                ? Stream.of(type.getEnumConstants())
                        .map(constant -> "`"
                                + constant.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                        .collect(Collectors.joining(", ", ": ", ""))
                : "";
    }

    private void collect(String prefix, Class<?> mapping, Map<String, String> rows) {
        for (Method method : mapping.getMethods()) {
            if (method.isDefault() || java.lang.reflect.Modifier.isStatic(method.getModifiers())) {
                continue;
            }
            WithName named = method.getAnnotation(WithName.class);
            String own = method.isAnnotationPresent(WithParentName.class)
                    ? ""
                    : "." + (named == null ? dashed(method.getName()) : named.value());
            Type type = method.getGenericReturnType();
            String key = prefix + own;
            while (type instanceof ParameterizedType parameterized) {
                Type[] arguments = parameterized.getActualTypeArguments();
                if (parameterized.getRawType() == Map.class) {
                    key += ".<name>";
                }
                type = arguments[arguments.length - 1];
            }
            Class<?> value = (Class<?>) type;
            if (value.isInterface() && value.getName().startsWith("dev.foundrygateway")) {
                collect(key, value, rows);
            } else {
                WithDefault usual = method.getAnnotation(WithDefault.class);
                String doc = docs.getOrDefault(mapping.getSimpleName() + "." + method.getName(), "") + values(value);
                rows.put(
                        key,
                        "| `" + key + "` | `" + environment(key) + "` | "
                                + (usual == null
                                        ? ""
                                        : "`"
                                                + usual.value()
                                                        .replace("\n", "\\n")
                                                        .replace("|", "\\|") + "`")
                                + " | " + doc + " |");
            }
        }
    }

    private static String dashed(String name) {
        return Arrays.stream(name.split("(?=[A-Z])", -1))
                .map(part -> part.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("-"));
    }

    private static String environment(String key) {
        return key.replaceAll("[^A-Za-z0-9<>]", "_").toUpperCase(Locale.ROOT).replace("<NAME>", "NAME");
    }
}
