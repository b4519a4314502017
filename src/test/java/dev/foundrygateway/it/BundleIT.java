package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code deploy/bundle/build} makes: an archive that answers in a Debian without Java, and a package whose contents are where its unit looks for them. */
class BundleIT {
    private static final String CHAT =
            "{\"model\":\"phi-4-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}";

    @TempDir
    static Path out = Path.of("");

    private static Path root = Path.of("");

    @BeforeAll
    static void build() throws Exception {
        root = Need.path("DEBIAN_ROOT");
        String home = Need.path("JAVA25_HOME").toString(); // its runtime brings all of its libraries along
        run(Map.of("JAVA_HOME", home), "deploy/bundle/build", out.toString());
        run(Map.of(), "rm", "-rf", root.resolve("opt/foundry-gateway").toString());
    }

    @AfterAll
    static void empty() throws Exception {
        if (root.isAbsolute()) {
            run(Map.of(), "rm", "-rf", root.resolve("opt/foundry-gateway").toString());
        }
    }

    @Test
    void theUnpackedArchiveAnswersInADebianWithoutJava() throws Exception {
        assertThat(Files.exists(root.resolve("usr/bin/java")), is(false));
        run(Map.of(), "tar", "-C", root.resolve("opt").toString(), "-xzf", made("linux-.*\\.tar\\.gz"));
        String inRoot = "mount -t proc proc " + root + "/proc && exec chroot " + root
                + " /opt/foundry-gateway/bin/foundry-gateway";
        try (GatewayProcess gateway = GatewayProcess.start(
                List.of("unshare", "--mount", "/bin/sh", "-c", inRoot), Map.of("FOUNDRY_LOCAL_ENDPOINT", "practice"))) {
            String stream = new HttpCaller(gateway.base())
                    .post("/v1/chat/completions", CHAT)
                    .body();
            assertThat(stream, containsString("data: [DONE]"));
            assertThat(gateway.log(), not(containsString("pagesize")));
        }
    }

    @Test
    void thePackageHasALauncherAUnitAndSettingsThatAreKept() throws Exception {
        String file = made(".*\\.deb");
        String contents = run(Map.of(), "dpkg-deb", "--contents", file);
        for (String path : List.of(
                "./opt/foundry-gateway/runtime/bin/java",
                "./opt/foundry-gateway/app/quarkus-run.jar",
                "./usr/bin/foundry-gateway -> /opt/foundry-gateway/bin/foundry-gateway",
                "./usr/lib/systemd/system/foundry-gateway.service",
                "./etc/foundry-gateway/application.properties")) {
            assertThat(contents, containsString(path));
        }
        String unit = Files.readString(Path.of("deploy/bundle/foundry-gateway.service"));
        assertThat(unit, containsString("ExecStart=/opt/foundry-gateway/bin/foundry-gateway\n"));
        run(Map.of(), "dpkg-deb", "--raw-extract", file, out.resolve("deb").toString());
        assertThat(
                Files.readString(out.resolve("deb/DEBIAN/conffiles")),
                is("/etc/foundry-gateway/application.properties\n"));
        assertThat(
                run(Map.of(), out.resolve("foundry-gateway/bin/foundry-gateway").toString(), "--help"),
                containsString("Usage: foundry-gateway"));
    }

    private static String made(String ending) throws IOException {
        try (var files = Files.list(out)) {
            return files.map(Path::toString)
                    .filter(name -> name.matches(".*" + ending))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(List.of(command).toString(), process.waitFor(5, TimeUnit.MINUTES));
        assertThat(output, process.exitValue(), is(0));
        return output;
    }
}
