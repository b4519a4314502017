package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.foundrygateway.start.Fault;
import dev.foundrygateway.start.Start;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * What the documents tell to type or to set is right: the gateway starts with each block of settings; each command of ours takes its options. Of Maven's
 * commands the profiles, properties and test classes are there; of scripts below bench/, deploy/ and examples/ only the program: their options are not looked at.
 * The curl blocks are run by {@link ReadmeQuarkusTest}, the examples by {@code ExamplesIT}, the bundle and the page for WebGPU by {@code BundleIT} and
 * {@code PlaygroundIT}.
 */
class DocumentsTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern SETTING = Pattern.compile("(?:gateway|quarkus)\\.[\\w.<>\"-]+=.*");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]*=.*");

    /** A block that stands for itself: its language, and what is in it. */
    private record Block(Path page, String language, String text) {
        boolean settings() {
            return text.lines().allMatch(line -> SETTING.matcher(line).matches());
        }
    }

    private static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path page : ReadmeQuarkusTest.pages()) {
            for (MatchResult found :
                    BLOCK.matcher(Files.readString(page)).results().toList()) {
                blocks.add(new Block(page, found.group(1), found.group(2)));
            }
        }
        return blocks;
    }

    @Test
    void theGatewayTakesEachBlockOfSettings() throws IOException {
        int count = 0;
        for (Block block : blocks()) {
            assertEquals(
                    block.settings(),
                    block.language().equals("properties"),
                    () -> block.page() + ": call a block of settings properties, and nothing else:\n" + block.text());
            if (block.settings()) {
                count++;
                assertEquals(List.of(), faults(block.text()), () -> block.page() + ":\n" + block.text());
            }
        }
        assertTrue(count >= 10, "blocks of settings: " + count);
    }

    private static List<Fault> faults(String block) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(block));
        Map<String, String> settings = new HashMap<>();
        properties.forEach((name, value) -> settings.put(name.toString(), value.toString()));
        SmallRyeConfig config = ConfigUtils.emptyConfigBuilder()
                .withProfile("prod")
                .withSources(new PropertiesConfigSource(settings, "document", 900))
                .build();
        return new Start(Main.SETTINGS, Map.of("GATEWAY_CLIENT_PASSWORD", "secret")).faults(config);
    }

    @Test
    void eachCommandIsOneThatThereIs() throws Exception {
        int count = 0;
        for (Block block : blocks()) {
            boolean picture = block.text().lines().anyMatch(line -> line.contains("─"));
            if (picture || !List.of("", "sh", "bash").contains(block.language())) {
                continue;
            }
            for (String line :
                    block.text().replaceAll("\\\\\\n\\s*", "").lines().toList()) {
                // A request over several lines is one command; they are run, not read.
                if (line.startsWith("curl ") || block.text().startsWith("curl ")) {
                    continue;
                }
                count++;
                for (String command : line.split(" && ", -1)) {
                    check(block.page() + ": " + line, words(command));
                }
            }
        }
        assertTrue(count >= 15, "commands: " + count);
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        // What stands in angle brackets is for the reader to fill in.
        String filled = command.replaceAll("<[^>]*>", "FILLED");
        WORD.matcher(filled)
                .results()
                .forEach(word -> words.add(
                        word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3)));
        while (!words.isEmpty() && VARIABLE.matcher(words.get(0)).matches()) {
            words.remove(0);
        }
        return words;
    }

    private static void check(String where, List<String> words) throws Exception {
        String program = words.isEmpty() ? "" : words.get(0);
        switch (program) {
            case "foundry-gateway" -> parse(where, words.subList(1, words.size()));
            case "java" -> java(where, words);
            case "./mvnw" -> maven(where, words);
            case "docker" -> assertTrue(Files.exists(Path.of(words.get(words.indexOf("-f") + 1))), where);
            default -> {
                if (program.startsWith("key=")) {
                    assertTrue(
                            shell(where.substring(where.indexOf(": ") + 2))
                                            .lines()
                                            .count()
                                    == 2,
                            where);
                } else if (program.matches("(?:bench|deploy|examples)/.*")) {
                    assertTrue(Files.isExecutable(Path.of(program)), where);
                } else {
                    fail(where + ": nobody tries this command; teach this test to");
                }
            }
        }
    }

    private static void maven(String where, List<String> words) throws IOException {
        assertTrue(Files.isExecutable(Path.of("mvnw")), where);
        String pom = Files.readString(Path.of("pom.xml"));
        for (String word : words) {
            String name = word.replaceFirst("^-[DP]", "").replaceFirst("=.*", "");
            if (word.startsWith("-P")) {
                assertTrue(pom.contains("<id>" + name + "</id>"), where + ": no profile " + name);
            } else if (word.matches("-D(?:it\\.)?test=.*")) {
                String test = word.substring(word.indexOf('=') + 1) + ".java";
                try (Stream<Path> tests = Files.walk(Path.of("src/test"))) {
                    assertTrue(tests.anyMatch(file -> file.endsWith(test)), where + ": no " + test);
                }
            } else if (word.startsWith("-D") && !name.equals("skipTests") && !name.startsWith("quarkus.")) {
                assertTrue(
                        pom.contains("<name>" + name + "</name>")
                                || pom.contains("<" + name + ">")
                                || pom.contains("${" + name + "}"),
                        where + ": nothing reads " + name);
            }
        }
    }

    private static void java(String where, List<String> words) throws IOException {
        int jar = words.indexOf("-jar");
        assertEquals("target/quarkus-app/quarkus-run.jar", words.get(jar + 1), where);
        StringBuilder settings = new StringBuilder();
        words.subList(1, jar).forEach(word -> settings.append(word.substring(2)).append('\n'));
        String known = settings.toString().replaceAll("(?m)=(…|[A-Z-]+)$", "=http://127.0.0.1:8000/v1");
        assertEquals(
                List.of(),
                faults(known.replace("webgpu-folder=http://127.0.0.1:8000/v1", "webgpu-folder=target")),
                where);
        parse(where, words.subList(jar + 2, words.size()));
    }

    private static void parse(String where, List<String> arguments) {
        try {
            Main.program().parseArgs(arguments.toArray(String[]::new));
        } catch (CommandLine.ParameterException wrong) {
            fail(where + ": " + wrong.getMessage());
        }
    }

    private static String shell(String line) throws Exception {
        Process process =
                new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
