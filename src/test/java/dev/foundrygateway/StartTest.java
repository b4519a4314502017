package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.start.Fault;
import dev.foundrygateway.start.Start;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong settings, each told in one line that names it and what to do. */
class StartTest {
    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            gateway.acces.origins                         | x        | there is no such setting; did you mean gateway.access.origins?
            gateway.upstream.foundry.url                  | x        | there is no such setting; did you mean gateway.upstreams.foundry.url?
            gateway.access.orgins                         | x        | there is no such setting; did you mean gateway.access.origins?
            gateway.hybrid.hybrid.hodl.tokens             | 4        | there is no such setting; did you mean gateway.hybrid.hybrid.hold.tokens?
            gateway.upstreams.foundry.timeouts.conect     | 4s       | there is no such setting; did you mean gateway.upstreams.foundry.timeouts.connect?
            gatway.access.origins                         | x        | there is no such setting; did you mean gateway.access.origins?
            gateway.sse.nonsense                          | x        | there is no such setting; below gateway.sse there are keep-alive
            gateway.x]                                    | x        | there is no such setting
            gateway.x[                                    | x        | there is no such setting
            gateway.access.origins]                       | x        | there is no such setting
            gateway.access.origins[x]                     | x        | there is no such setting
            gateway.sse                                   | 10s      | is not a setting by itself; it continues with keep-alive
            gateway.upstreams.foundry.queue               | many     | must be a whole number that is not negative, not 'many'
            gateway.upstreams.foundry.queue               | -1       | must be a whole number that is not negative, not '-1'
            gateway.upstreams.foundry.queue               | 99999999999 | must be a whole number that is not negative, not '99999999999'
            gateway.upstreams.foundry.queue               | ``       | has no value; set one, or leave the setting out
            gateway.upstreams.foundry.concurrency         | -2       | must be a whole number that is not negative, not '-2'
            gateway.upstreams.foundry.timeouts.connect    | soon     | must be a time such as 500ms, 10s or 5m greater than 0, not 'soon'
            gateway.upstreams.foundry.timeouts.connect    | 0s       | must be a time such as 500ms, 10s or 5m greater than 0, not '0s'
            gateway.upstreams.foundry.timeouts.idle       | -5       | must be a time such as 500ms, 10s or 5m greater than 0, not '-5'
            gateway.upstreams.foundry.breaker.ratio       | 1.5      | must be a number from 0 to 1, not '1.5'
            gateway.upstreams.foundry.breaker.ratio       | NaN      | must be a number from 0 to 1, not 'NaN'
            gateway.upstreams.foundry.cancel              | rest     | must be one of reset, drain, not 'rest'; did you mean reset?
            gateway.upstreams.foundry.dialect             | foundry-3x | foundry-2x
            gateway.upstreams.foundry.forward-authorization | yse    | must be true or false, not 'yse'
            gateway.access.body-limit                     | 32Q      | must be a size such as 512K or 32M of at least 1 bytes, not '32Q'
            gateway.access.body-limit                     | 0        | must be a size such as 512K or 32M of at least 1 bytes, not '0'
            gateway.hybrid.hybrid.mode                    | refined  | must be one of fallback, refine, not 'refined'; did you mean refine?
            gateway.hybrid.hybrid.target-share            | 35       | must be a number from 0 to 1, not '35'
            gateway.retrieval.bm25.k1                     | -1       | must be a number that is not negative, not '-1'
            gateway.retrieval.opensearch.url              | localhost:9200 | must be a URL such as http://host:port, not 'localhost:9200'
            gateway.retrieval.chunk.overlap               | 300      | the overlap (300) must be smaller than the chunk (300); change gateway.retrieval.chunk.overlap or .tokens
            gateway.retrieval.opensearch.username         | me       | is missing; gateway.retrieval.opensearch.username is set, and needs it
            gateway.models.small.upstream                 | fondry   | there is no upstream 'fondry'; did you mean foundry?; set gateway.upstreams.fondry.url, or name one of [foundry]
            gateway.models.small.price.input              | -3       | must be a number that is not negative, not '-3'
            gateway.tracing.endpoint                      | ${nowhere} | refers to a setting that has no value
            gateway.practice.port                         | 70000    | must be a whole number from 0 to 65535, not '70000'
            gateway.records.size                          | -1       | must be a whole number from 0 to 1000000, not '-1'
            gateway.upstreams.foundry.url                 | 127.0.0.1:5273 | is no URL; write it as http://host:port/v1
            gateway.upstreams.foundry.url                 | ftp://a  | must be an http or https URL such as http://127.0.0.1:5273/v1, not 'ftp://a'
            gateway.upstreams.foundry.url                 | http://127.0.0.1:abc/v1 | must be an http or https URL
            gateway.upstreams.foundry.url                 | http://127.0.0.1:99999 | must be an http or https URL
            gateway.upstreams.foundry.url                 | http://a:b@c | must hold no user, query or fragment
            gateway.upstreams.foundry.urls                | http://a,b | must be an http or https URL such as http://127.0.0.1:5273/v1, not 'b'
            gateway.access.api-keys.a.sha256              | abc      | must be a SHA-256 in 64 hexadecimal digits
            gateway.access.api-keys."team a".sha256       | abc      | must be a SHA-256 in 64 hexadecimal digits
            gateway.catalogue.file                        | /nope    | there is no file /nope; name one that is there
            gateway.catalogue.file                        | src      | src is a folder; name a file in it
            gateway.hybrid.hybrid.calibration             | /nope    | there is no file /nope
            gateway.playground.webgpu-folder              | /nope    | there is no folder /nope
            gateway.retrieval.stores.x.folder             | /nope    | there is no folder /nope
            quarkus.tls.key-store.pem.0.cert              | /nope.pem | there is no file /nope.pem
            quarkus.tls.mine.trust-store.pem.certs        | pom.xml,/nope.pem | there is no file /nope.pem
            quarkus.tls.key-store.p12.path                | /nope.p12 | there is no file /nope.p12
            quarkus.http.port                             | http     | must be a port from 0 to 65535, not 'http'
            """)
    void wrongSettingIsNamedWithItsRemedy(String key, String value, String told) {
        List<Fault> faults = faults(Map.of(key, value), Map.of());
        assertEquals(1, faults.size(), faults::toString);
        assertTrue(faults.get(0).toString().contains(told), faults::toString);
        assertEquals(1, faults.get(0).toString().lines().count());
        assertEquals(
                told.startsWith("is missing") ? "gateway.retrieval.opensearch.password" : key,
                faults.get(0).key());
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(delimiter = '|', textBlock = """
            GATEWAY_ACCESS_ORGINS                     | x    | there is no such setting; did you mean GATEWAY_ACCESS_ORIGINS?
            GATEWAY_UPSTREAMS_FOUNDRY_TIMEOUT_CONNECT | 3s   | there is no such setting; did you mean GATEWAY_UPSTREAMS_FOUNDRY_TIMEOUTS_CONNECT?
            GATEWAY_RETRIEVAL_NONSENSE_OF_MINE        | 1    | there is no such setting; docs/operations.md and the README list them
            GATEWAY_PROT                              | 5274 | there is no such setting; did you mean GATEWAY_PORT?
            GATEWAY_PORT                              | ''   | has no value; set a port such as 5274, or unset it
            QUARKUS_TLS_KEY_STORE_PEM_0_KEY           | /no  | there is no file /no; name one that is there
            FOUNDRY_LOCAL_ENDPIONT                    | x    | no such variable is read; did you mean FOUNDRY_LOCAL_ENDPOINT?
            """)
    void misspeltVariableIsNamedWithTheOneThatWasMeant(String name, String value, String told) {
        assertEquals(
                name + ": " + told, faults(Map.of(), Map.of(name, value)).get(0).toString());
    }

    @Test
    void variablesOfOthersAreLeftAlone() {
        assertEquals(
                List.of(),
                faults(
                        Map.of(),
                        Map.of(
                                "GATEWAY_SERVICE_HOST", "10.0.0.1",
                                "GATEWAY_PORT_80_TCP_ADDR", "10.0.0.1",
                                "GATEWAY_ACCESS_ORIGINS", "https://a.example",
                                "GATEWAY_UPSTREAMS_FOUNDRY_TIMEOUTS_FIRST_TOKEN", "9s",
                                "GATEWAY_CMD", "x",
                                "FOUNDRY_MODEL", "phi",
                                "FOUNDRY_GATEWAY_SERVICE_HOST", "10.0.0.2",
                                "GATEWAY_PORT", "5274")));
    }

    @Test
    void rightSettingsAreNoFaults() {
        assertEquals(
                List.of(),
                faults(
                        Map.of(
                                "gateway.upstreams.\"my.box\".url", "http://box:8080",
                                "gateway.models.large.upstream", "my.box",
                                "gateway.messages.models.\"claude-3.5\"", "phi-4-mini",
                                "gateway.access.origins[0]", "https://a.example",
                                "gateway.upstreams.foundry.dialect", "foundry-2x",
                                "gateway.sse.keep-alive", "PT5S",
                                "gateway.access.api-keys.a.sha256", "0".repeat(64),
                                "%dev.gateway.nonsense", "of another profile",
                                "other.gateway.x", "y"),
                        Map.of()));
    }

    @Test
    void anApiKeyHasAHashOfItsOwn() {
        assertEquals(
                List.of("gateway.access.api-keys.a.sha256: is missing; an API key needs the SHA-256 of the key itself"),
                faults(Map.of("gateway.access.api-keys.a.areas", "operate"), Map.of()).stream()
                        .map(Fault::toString)
                        .toList());
        assertEquals(
                List.of(
                        "gateway.access.api-keys.b.sha256: is the same as gateway.access.api-keys.a.sha256; give each API key its own"),
                faults(
                                Map.of(
                                        "gateway.access.api-keys.a.sha256", "ab".repeat(32),
                                        "gateway.access.api-keys.b.sha256", "AB".repeat(32)),
                                Map.of())
                        .stream()
                        .map(Fault::toString)
                        .toList());
    }

    @Test
    void aVariableOfAKeyMeansTheOneThatAFileHas() {
        for (String name : List.of("Alice", "\"team a\"", "team_a")) {
            String variable = "GATEWAY_ACCESS_API_KEYS_"
                    + name.replace("\"", "").replace(' ', '_').toUpperCase(Locale.ROOT);
            assertEquals(
                    List.of(),
                    faults(
                            Map.of("gateway.access.api-keys." + name + ".sha256", "ab".repeat(32)),
                            Map.of(variable + "_AREAS", "operate")),
                    name);
        }
    }

    @Test
    void aFileOfVariablesIsReadAsTheEnvironmentIs() {
        SmallRyeConfig config = ConfigUtils.emptyConfigBuilder()
                .withSources(new EnvConfigSource(Map.of("GATEWAY_ACCESS_ORGINS", "x"), 295) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String getName() {
                        return super.getName() + "[source=.env]";
                    }
                })
                .build();
        assertEquals(
                List.of("GATEWAY_ACCESS_ORGINS: there is no such setting; did you mean GATEWAY_ACCESS_ORIGINS?"),
                new Start(Main.SETTINGS, Map.of())
                        .faults(config).stream().map(Fault::toString).toList());
    }

    @Test
    void everyMappingIsKnownToTheStart() throws IOException {
        Set<String> declared = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith("Config.java")).toList()) {
                if (Files.readString(file).contains("@ConfigMapping(")) {
                    declared.add(file.getFileName().toString().replace(".java", ""));
                }
            }
        }
        assertEquals(
                declared,
                Main.SETTINGS.stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new)));
        assertTrue(Main.SETTINGS.stream().allMatch(type -> type.isAnnotationPresent(ConfigMapping.class)));
    }

    @Test
    void portInUseAndFolderThatIsAFileAreNamed(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertTrue(dev.foundrygateway.start.Machine.port(
                            "GATEWAY_HOST", "127.0.0.1", "GATEWAY_PORT", taken.getLocalPort())
                    .orElseThrow()
                    .toString()
                    .startsWith("GATEWAY_PORT: port " + taken.getLocalPort()
                            + " of 127.0.0.1 is in use; stop the program"));
        }
        assertTrue(dev.foundrygateway.start.Machine.folder(file.resolve("below"))
                .orElseThrow()
                .contains("is a file"));
        assertTrue(dev.foundrygateway.start.Machine.folder(folder.resolve("new/one"))
                .isEmpty());
    }

    /** Nothing of the settings reaches the server: it ends before that, without a trace. */
    @Test
    void theProgramItselfEndsWithALineForEachFaultAndCodeOne(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertProgramSays(
                    folder,
                    "GATEWAY_PORT: port " + taken.getLocalPort() + " of 127.0.0.1 is in use",
                    Map.of("GATEWAY_PORT", Integer.toString(taken.getLocalPort())));
        }
        assertProgramSays(
                folder,
                "gateway.retrieval.directory: " + file.toRealPath() + " is a file",
                Map.of("GATEWAY_PORT", "0"),
                "-Dgateway.retrieval.directory=" + file.toRealPath().resolve("below"));
        Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                folder.resolve("config/application.yaml"), "gateway: {access: {orgins: a, body-limit: -1}}\n");
        assertProgramSays(
                folder,
                "GATEWAY_PROT: there is no such setting; did you mean GATEWAY_PORT?",
                Map.of("GATEWAY_PROT", "1"),
                "-Dgateway.models.small.upstream=fondry");
    }

    private static void assertProgramSays(
            Path folder, String first, Map<String, String> environment, String... settings) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                // As Quarkus' own main class sets it.
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                Stream.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(File.pathSeparator, -1))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .collect(Collectors.joining(File.pathSeparator))));
        command.addAll(List.of(settings));
        command.add(Main.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GATEWAY_") || name.startsWith("FOUNDRY_"));
        builder.environment().putAll(environment);
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        List<String> lines = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(1, process.waitFor(), lines::toString);
        assertTrue(lines.get(0).startsWith(first), lines::toString);
        assertEquals(first.startsWith("GATEWAY_PROT") ? 4 : 1, lines.size(), lines::toString);
    }

    /** As {@code config/application.yaml} or a file that QUARKUS_CONFIG_LOCATIONS names. */
    @Test
    void yamlIsReadAsPropertiesAreAndItsFaultsAreNamedByTheirKeys(@TempDir Path folder) throws IOException {
        assertEquals(List.of(), yaml(folder, """
                        gateway:
                          upstreams:
                            my.box: {url: "http://box:8080", concurrency: 2}
                          models:
                            large: {upstream: my.box, price: {input: 0.5}}
                          access:
                            origins: [https://a.example, "https://b.example"]
                          retrieval:
                            directory: %s
                        """.formatted(folder)));
        assertEquals(
                List.of(
                        "gateway.access.orgins: there is no such setting; did you mean gateway.access.origins?",
                        "gateway.models.large.upstream: there is no upstream 'my.bx'; did you mean my.box?; set gateway.upstreams.\"my.bx\".url, or name one of [foundry, my.box]",
                        "gateway.upstreams.\"my.box\".concurrency: must be a whole number that is not negative, not '-2'"),
                yaml(folder, """
                        gateway:
                          upstreams:
                            my.box: {url: "http://box:8080", concurrency: -2}
                          models:
                            large: {upstream: my.bx}
                          access:
                            orgins: [https://a.example]
                        """));
        String torn = yaml(folder, "gateway:\n  access:\n    origins: [a\n").get(0);
        assertTrue(torn.startsWith("configuration: a file of settings can't be read, line "), torn);
        assertEquals(1, torn.lines().count());
    }

    private static List<String> yaml(Path folder, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("application.yaml"), text);
        System.setProperty("smallrye.config.locations", file.toUri().toString());
        try {
            Start start = new Start(Main.SETTINGS, Map.of());
            return start.faults(Start.config()).stream().map(Fault::toString).toList();
        } catch (RuntimeException unreadable) {
            return new Start(Main.SETTINGS, Map.of())
                    .faults().stream().map(Fault::toString).toList();
        } finally {
            System.clearProperty("smallrye.config.locations");
        }
    }

    private static List<Fault> faults(Map<String, String> settings, Map<String, String> environment) {
        SmallRyeConfig config = ConfigUtils.emptyConfigBuilder()
                .withProfile("prod")
                .withSources(new PropertiesConfigSource(settings, "test", 900))
                .build();
        Start start = new Start(Main.SETTINGS, environment);
        return Stream.concat(start.faults(config).stream(), start.files(config).stream())
                .toList();
    }
}
