package dev.foundrygateway.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native program in the bundle's shape, with a script that stands in for the program: no native compiler is needed. {@code BundleIT} tries the bundle with Java. */
class BundleTest {
    private static final String STAND_IN =
            "#!/bin/sh\necho \"asked=$FOUNDRY_GATEWAY_ASK config=$QUARKUS_CONFIG_LOCATIONS arguments=$*\"\n";

    @TempDir
    Path folder = Path.of("");

    private Path runner = Path.of("");

    @BeforeEach
    void makeTheStandIn() throws Exception {
        runner = Files.writeString(folder.resolve("foundry-gateway-1-runner"), STAND_IN);
        assertTrue(runner.toFile().setExecutable(true));
        Files.writeString(folder.resolve("libawt.so"), "a library");
    }

    @Test
    void theArchiveUnpacksToALauncherThatStartsTheProgramWithItsSettings() throws Exception {
        Path out = Files.createDirectory(folder.resolve("out"));
        run(0, Path.of(""), Map.of("RUNNER", runner.toString()), "deploy/bundle/native", out.toString());
        String archive;
        try (Stream<Path> made = Files.list(out)) {
            archive = made.map(Path::toString)
                    .filter(name -> name.endsWith("-native.tar.gz"))
                    .findFirst()
                    .orElseThrow();
        }
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        run(0, unpacked, Map.of(), "tar", "-xzf", archive);
        Path home = unpacked.resolve("foundry-gateway");
        assertEquals("a library", Files.readString(home.resolve("app/libawt.so")));

        String launcher = home.resolve("bin/foundry-gateway").toString();
        String own = "config=" + home.toRealPath().resolve("config/application.properties");
        // Nobody sits at a terminal here, so nobody is asked.
        assertEquals("asked= " + own + " arguments=\n", run(0, unpacked, Map.of(), launcher));
        assertEquals(
                "asked= " + own + " arguments=-Dquarkus.http.port=80 doctor --json\n",
                run(
                        0,
                        unpacked,
                        Map.of("FOUNDRY_GATEWAY_OPTS", "-Dquarkus.http.port=80"),
                        launcher,
                        "doctor",
                        "--json"));

        Files.createDirectories(unpacked.resolve("config"));
        for (String name : List.of("config/application.yaml", "config/application.properties")) {
            Path settings = Files.writeString(unpacked.resolve(name), "");
            assertEquals("asked= config= arguments=\n", run(0, unpacked, Map.of(), launcher), name);
            Files.delete(settings);
        }
    }

    @Test
    void aRunnerThatIsNoProgramIsTold() throws Exception {
        String missing = folder.resolve("nothing").toString();
        assertEquals(
                missing + " is not an executable file: set RUNNER\n",
                run(1, Path.of(""), Map.of("RUNNER", missing), "deploy/bundle/native", folder.toString()));
    }

    @Test
    void aRunnerOfAnOlderBuildIsNotPackedAndNoneIsBuiltUnlessAsked() throws Exception {
        Path root = folder.resolve("checkout");
        Path bundle = Files.createDirectories(root.resolve("deploy/bundle"));
        for (String file : List.of("native", "foundry-gateway", "application.properties")) {
            Files.copy(Path.of("deploy/bundle", file), bundle.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Files.copy(Path.of("pom.xml"), root.resolve("pom.xml"));
        Path app = Files.createDirectories(root.resolve("target/quarkus-app"));
        Path jar = Files.writeString(app.resolve("quarkus-run.jar"), "");
        Path built = Files.copy(runner, root.resolve("target/old-runner"), StandardCopyOption.COPY_ATTRIBUTES);
        Path out = root.resolve("target/bundle");
        Map<String, String> unasked = Map.of("NATIVE", "no");
        String script = bundle.resolve("native").toString();

        Files.setLastModifiedTime(jar, FileTime.fromMillis(2_000_000));
        Files.setLastModifiedTime(built, FileTime.fromMillis(1_000_000));
        assertEquals("", run(0, root, unasked, script));
        assertFalse(Files.exists(out));
        Files.delete(built);
        assertEquals("", run(0, root, unasked, script));

        Files.copy(runner, built, StandardCopyOption.COPY_ATTRIBUTES);
        Files.setLastModifiedTime(built, FileTime.fromMillis(3_000_000));
        assertTrue(run(0, root, unasked, script).endsWith("-native.tar.gz\n"));
    }

    private static String run(int expected, Path in, Map<String, String> environment, String... command)
            throws Exception {
        ProcessBuilder builder = new ProcessBuilder(List.of(command))
                .directory(in.toAbsolutePath().toFile())
                .redirectErrorStream(true);
        builder.environment().remove("QUARKUS_CONFIG_LOCATIONS");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(expected, process.waitFor(), output);
        return output;
    }
}
