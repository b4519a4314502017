package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.fail;

import dev.foundrygateway.testing.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The files to deploy, read by the tools that will read them or against their official schemas: Kubernetes' own, the Prometheus operator's, Docker Compose's,
 * a Dockerfile linter's rules. Each check is shown to fail on a file with a mistake.
 */
class SchemasIT {
    private static final Path COMPOSE = Path.of("deploy", "compose.yaml");
    private static final Path LLAMA = Path.of("deploy", "compose.llama.yaml");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "base, 1.37.0",
        "overlays/practice, 1.37.0",
        "overlays/nodes, 1.37.0",
        "overlays/native, 1.37.0",
        "overlays/nodes, 1.30.0"
    })
    void kubernetesKnowsEveryMemberOfTheManifests(String overlay, String version) {
        Path manifests = built(overlay);
        long ours = Document.readAll(manifests).stream()
                .filter(one -> !one.text("apiVersion").startsWith("monitoring.coreos.com/"))
                .count();
        String told = kubernetes(manifests, version);
        assertThat(told, told.lines().filter(line -> line.contains(" passed ")).count(), is(ours));
    }

    @Test
    void aMisspeltMemberOfAManifestIsFound() {
        Path wrong = edited(built("base"), "minReplicas:", "minReplica:");
        assertFinds("minReplica", () -> kubernetes(wrong, "1.37.0"));
    }

    @Test
    void thePrometheusOperatorKnowsItsKinds() {
        assertThat(operator(built("base")).lines().sorted().toList(), is(List.of("PrometheusRule", "ServiceMonitor")));
    }

    @Test
    void anOperatorsKindWithoutWhatItNeedsIsFound() {
        Path wrong = edited(built("base"), "expr:", "expression:");
        assertFinds("must have required property expr", () -> operator(wrong));
    }

    @Test
    void composeReadsTheStackAloneAndWithTheModelServer() {
        compose(Map.of(), COMPOSE);
        Map<String, String> model =
                Map.of("LLAMA_IMAGE", "llama:1", "LLAMA_MODELS", "/models", "LLAMA_MODEL", "a.gguf");
        Document services =
                Document.parse(compose(model, COMPOSE, LLAMA)).get(0).at("services");
        assertThat(services.text("gateway", "environment", "FOUNDRY_LOCAL_ENDPOINT"), is("http://llama:8080/v1"));
        assertThat(services.text("gateway", "read_only"), is("true"));
    }

    @Test
    void aMisspeltKeyOfTheStackIsFound() {
        Path wrong = edited(COMPOSE, "cap_drop:", "caps_drop:");
        assertFinds("caps_drop", () -> compose(Map.of(), wrong));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void theLinterHasNothingToSayOfADockerfile(String name) {
        assertThat(linted(Path.of("deploy", "container", name)), is(""));
    }

    @Test
    void aMisspeltInstructionIsFound() {
        Path wrong = edited(Path.of("deploy", "container", "Dockerfile.jvm"), "HEALTHCHECK ", "HEALTCHECK ");
        assertFinds("unexpected 'H'", () -> linted(wrong));
    }

    /** Not by {@code assertThrows}, which would make a failure of a check that is skipped, for want of its tool. */
    private static void assertFinds(String mistake, Runnable check) {
        try {
            check.run();
        } catch (IllegalStateException found) {
            assertThat(found.getMessage(), containsString(mistake));
            return;
        }
        fail("the check had nothing to say of " + mistake);
    }

    /** What kubectl makes of an overlay. */
    private Path built(String overlay) {
        String kubectl = Need.path("KUBECTL").toString();
        String path = Path.of("deploy", "k8s", overlay).toString();
        return write("manifests.yaml", ProgramRun.output(List.of(kubectl, "kustomize", path), Map.of()));
    }

    /** A copy of a file with a mistake in it. */
    private Path edited(Path file, String right, String wrong) {
        try {
            String text = Files.readString(file);
            assertThat(text, containsString(right));
            return write("edited-" + file.getFileName(), text.replace(right, wrong));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String kubernetes(Path manifests, String version) {
        return ProgramRun.output(
                List.of(tool("kubernetes-validate"), "--strict", "--no-warn", "-k", version, manifests.toString()),
                Map.of());
    }

    private static String operator(Path manifests) {
        try {
            // Node looks for modules beside the script, hence the copy.
            Path script = Files.copy(
                    Path.of("src", "test", "schemas", "operator.mjs"),
                    Need.path("SCHEMAS_DIR").resolve("operator.mjs"),
                    StandardCopyOption.REPLACE_EXISTING);
            return ProgramRun.output(List.of("node", script.toString(), manifests.toString()), Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String compose(Map<String, String> environment, Path... files) {
        List<String> command = new ArrayList<>(List.of(tool("docker-compose")));
        for (Path file : files) {
            command.addAll(List.of("-f", file.toString()));
        }
        command.add("config");
        return ProgramRun.output(command, environment);
    }

    private static String linted(Path dockerfile) {
        return ProgramRun.output(
                List.of(tool("hadolint"), "--failure-threshold", "info", dockerfile.toString()), Map.of());
    }

    private static String tool(String name) {
        return Need.path("SCHEMAS_DIR").resolve("venv/bin").resolve(name).toString();
    }
}
