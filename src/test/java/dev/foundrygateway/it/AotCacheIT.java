package dev.foundrygateway.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The script that makes the ahead-of-time cache, as the image's build calls it. */
class AotCacheIT {
    private static final int FIRST_WITH_PROFILES = 25;

    @Test
    void cacheOfATrainingRunIsUsed(@TempDir Path folder) throws IOException {
        if (Runtime.version().feature() < FIRST_WITH_PROFILES || !Files.exists(Path.of("target/quarkus-app/lib"))) {
            String line = "SKIPPED AotCacheIT: needs the packaged jar and a JDK " + FIRST_WITH_PROFILES + " or newer";
            System.out.println(line);
            throw new TestAbortedException(line);
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path app = folder.resolve("app");
        copy(Path.of("target/quarkus-app"), app);
        Path script = Path.of("deploy/aot-cache").toAbsolutePath();
        ProgramRun.output(
                List.of(script.toString(), app.toString()),
                Map.of("JAVA", java, "AOT_ROUNDS", "1", "AOT_PORT", Integer.toString(freePort())));
        // In this mode the JVM ends where the cache can't be used.
        String help = ProgramRun.output(
                List.of(
                        java,
                        "-XX:AOTMode=on",
                        "-XX:AOTCache=" + app.resolve("app.aot"),
                        "-jar",
                        app.resolve("quarkus-run.jar").toString(),
                        "--help"),
                Map.of());
        assertTrue(help.contains("bench"), help);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!file.getFileName().toString().endsWith(".aot")) {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
