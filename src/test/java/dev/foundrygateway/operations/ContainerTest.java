package dev.foundrygateway.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.testing.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dockerfiles and compose files, read as text: no container engine runs them here. */
class ContainerTest {
    private static final Path FOLDER = Path.of("deploy", "container");
    private static final Set<String> INSTRUCTIONS = Set.of(
            "FROM",
            "ARG",
            "LABEL",
            "WORKDIR",
            "COPY",
            "RUN",
            "ENV",
            "USER",
            "EXPOSE",
            "VOLUME",
            "STOPSIGNAL",
            "HEALTHCHECK",
            "ENTRYPOINT");
    private static final Set<String> SERVICE_KEYS = Set.of(
            "build",
            "image",
            "ports",
            "environment",
            "extra_hosts",
            "read_only",
            "tmpfs",
            "volumes",
            "cap_drop",
            "security_opt",
            "stop_grace_period",
            "restart",
            "command",
            "entrypoint",
            "depends_on");

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void imageRunsWithoutRootAndTellsItsHealth(String name) throws IOException {
        List<String> lines = instructions(FOLDER.resolve(name));
        for (String line : lines) {
            assertTrue(INSTRUCTIONS.contains(line.split(" ", 2)[0]), line);
        }
        assertEquals("USER 1001:0", last(lines, "USER"));
        assertTrue(last(lines, "HEALTHCHECK").endsWith("CMD [\"/usr/local/bin/healthcheck\"]"));
        assertTrue(
                last(lines, "ENTRYPOINT").startsWith("ENTRYPOINT [\""), "no shell between the signal and the program");
        assertTrue(last(lines, "ENV").contains("GATEWAY_HOST=0.0.0.0"));
        assertEquals("EXPOSE 5274", last(lines, "EXPOSE"));
        for (String label : List.of("title", "description", "version", "revision", "base.name")) {
            assertTrue(last(lines, "LABEL").contains("org.opencontainers.image." + label + "="), label);
        }
        for (String line : lines) {
            assertFalse(line.startsWith("FROM") && (!line.contains(":") || line.contains(":latest")), line);
        }
    }

    @Test
    void imageRunsWithTheOptionsThatAreMeasured() throws IOException {
        List<String> image = instructions(FOLDER.resolve("Dockerfile.jvm")).stream()
                .filter(line -> line.startsWith("ENV JAVA_TOOL_OPTIONS="))
                .flatMap(line -> Stream.of(line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'))
                        .split(" ", -1)))
                .toList();
        for (String option :
                Files.readString(Path.of("bench", "jvm-options")).strip().split(" ", -1)) {
            assertTrue(option.startsWith("-Xmx") || image.contains(option), option);
        }
    }

    @Test
    void whatTheImagesCopyIsInTheBuildsContext() throws IOException {
        List<String> let = Files.readAllLines(Path.of(".dockerignore")).stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        for (String name : List.of("Dockerfile.jvm", "Dockerfile.native")) {
            instructions(FOLDER.resolve(name)).stream()
                    .filter(line -> line.startsWith("COPY") && !line.contains("--from"))
                    .map(line -> line.replaceAll("COPY (--\\S+ )?(\\S+) .*", "$2"))
                    .forEach(source -> assertTrue(let.stream().anyMatch(source::startsWith), source));
        }
        assertTrue(Files.isExecutable(FOLDER.resolve("healthcheck")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"compose.yaml", "compose.llama.yaml"})
    void composeServicesUseWhatIsThereAndListenOnLoopbackOnly(String name) {
        Document compose = Document.read(Path.of("deploy", name));
        assertTrue(Set.of("name", "services", "volumes").containsAll(compose.keys()), compose.keys()::toString);
        for (String service : compose.at("services").keys()) {
            Document one = compose.at("services", service);
            assertTrue(SERVICE_KEYS.containsAll(one.keys()), () -> service + ": " + one.keys());
            for (String port : one.texts("ports")) {
                assertTrue(port.startsWith("127.0.0.1:"), port);
            }
            for (String volume : one.texts("volumes")) {
                String source = volume.replaceFirst(":/.*", "");
                boolean there = source.startsWith(".")
                        ? Files.exists(Path.of("deploy").resolve(source))
                        : source.startsWith("${")
                                || compose.at("volumes").keys().contains(source);
                assertTrue(there, volume);
            }
            for (String other : one.texts("depends_on")) {
                assertTrue(compose.at("services").keys().contains(other), other);
            }
        }
    }

    @Test
    void composeGatewayIsAsTightAsItsImageAllowsAndHasTimeToEndItsStreams() {
        Document gateway = Document.read(Path.of("deploy", "compose.yaml")).at("services", "gateway");
        assertEquals("true", gateway.text("read_only"));
        assertEquals(List.of("ALL"), gateway.texts("cap_drop"));
        assertEquals(List.of("/tmp:exec"), gateway.texts("tmpfs"));
        // Quarkus waits 30 s.
        assertEquals("40s", gateway.text("stop_grace_period"));
        assertEquals(Path.of("deploy/container/Dockerfile.jvm"), Path.of(gateway.text("build", "dockerfile")));
    }

    @Test
    void grafanaFindsItsDataAndItsDashboard() {
        Document grafana = Document.read(Path.of("deploy", "compose.yaml")).at("services", "grafana");
        Document source = Document.read(Path.of("grafana/provisioning/datasources/prometheus.yaml"))
                .list("datasources")
                .get(0);
        Document provider = Document.read(Path.of("grafana/provisioning/dashboards/foundry-gateway.yaml"))
                .list("providers")
                .get(0);
        assertEquals("prometheus", source.text("type"));
        assertEquals("$PROMETHEUS_URL", source.text("url"));
        assertEquals("http://prometheus:9090", grafana.text("environment", "PROMETHEUS_URL"));
        assertEquals("Foundry Gateway", provider.text("folder"));
        assertTrue(
                grafana.texts("volumes").contains("../grafana/dashboards:" + provider.text("options", "path") + ":ro"));
        assertEquals(
                source.text("jsonData", "timeInterval"),
                Document.read(Path.of("deploy/prometheus/prometheus.yml")).text("global", "scrape_interval"));
    }

    /** The instructions, each on one line, comments left out. */
    private static List<String> instructions(Path file) throws IOException {
        String joined = Files.readString(file).replaceAll("(?m)^#.*\\R", "").replaceAll("\\\\\\R\\s*", " ");
        return joined.lines().filter(line -> !line.isBlank()).toList();
    }

    private static String last(List<String> lines, String instruction) {
        return lines.stream().filter(line -> line.startsWith(instruction + " ")).reduce("", (earlier, later) -> later);
    }

    @Test
    void everyFileToDeployIsNamedInTheOperatorsManualOrReadHere() throws IOException {
        String manual = Files.readString(Path.of("docs", "operations.md"));
        for (String folder : List.of("deploy", "grafana")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    boolean told = file.endsWith("README.md")
                            || file.toString().contains("__pycache__")
                            || Stream.iterate(file, path -> path.getNameCount() > 1, Path::getParent)
                                    .anyMatch(path -> manual.contains(path.toString()));
                    assertTrue(told, file + " is not named in docs/operations.md");
                }
            }
        }
    }
}
