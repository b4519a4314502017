package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.foundrygateway.testing.Document;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What containers and clusters run, as far as it runs without them: scripts, settings by folder, overlays built by kubectl. */
class DeploymentIT {
    private static final Path CONTAINER = Path.of("deploy", "container");

    @TempDir
    Path folder;

    private record Run(int exitCode, String output) {}

    @Test
    void healthcheckTellsALiveGatewayFromADeadOneAndTheVisitorFillsTheMetrics() throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(Map.of("FOUNDRY_LOCAL_ENDPOINT", "practice"))) {
            String port = Integer.toString(gateway.base().getPort());
            String check = CONTAINER.resolve("healthcheck").toString();
            assertThat(run(Map.of("GATEWAY_PORT", port), check).exitCode(), is(0));
            assertThat(run(Map.of("GATEWAY_PORT", port), check, "/nothing").exitCode(), is(1));
            assertThat(run(Map.of("GATEWAY_PORT", "1"), check).exitCode(), is(1));

            Need.env("CHROMIUM"); // where the CI's programs are, curl is
            String visitor = CONTAINER.resolve("visitor").toString();
            assertThat(
                    run(Map.of("GATEWAY", gateway.base().toString()), "/bin/sh", visitor, "1")
                            .exitCode(),
                    is(0));
            String metrics = new HttpCaller(gateway.base()).get("/metrics").body();
            for (String told : List.of(
                    "gateway_escalations_total{",
                    "route=\"draft\"",
                    "route=\"escalated\"",
                    "code=\"model_not_found\"")) {
                assertThat(metrics, containsString(told));
            }
        }
    }

    @Test
    void keysAreReadFromAFolderAsTheClusterMountsThem() throws IOException {
        Files.writeString(
                folder.resolve("keys.properties"),
                "gateway.access.api-keys.team.sha256=ad95d5fa651ba86d8923fe1238d24a4f1988a752acfe426ac72ac7c04471bc17\n");
        try (GatewayProcess gateway = GatewayProcess.start(
                Map.of("FOUNDRY_LOCAL_ENDPOINT", "practice", "QUARKUS_CONFIG_LOCATIONS", folder.toString()))) {
            HttpCaller caller = new HttpCaller(gateway.base());
            assertThat(caller.get("/v1/models").statusCode(), is(401));
            String chat = "{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}";
            assertThat(
                    caller.post("/v1/chat/completions", chat, "Authorization", "Bearer free")
                            .statusCode(),
                    is(200));
            assertThat(gateway.log(), not(containsString("Bearer")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway.access.api-keys.team.sha256", "gateway.tracing.endpoint", "gateway.acess.hosts"})
    void aWrongSettingEndsTheStartWithItsName(String setting) {
        IllegalStateException failure = assertThrows(
                IllegalStateException.class,
                () -> GatewayProcess.start(Map.of("FOUNDRY_LOCAL_ENDPOINT", "practice", setting, "wrong")));
        assertThat(failure.getMessage(), containsString(setting));
    }

    @Test
    void anEmptyFolderOfKeysAsksNobody() {
        try (GatewayProcess gateway = GatewayProcess.start(
                Map.of("FOUNDRY_LOCAL_ENDPOINT", "practice", "QUARKUS_CONFIG_LOCATIONS", folder.toString()))) {
            assertThat(new HttpCaller(gateway.base()).get("/v1/models").statusCode(), is(200));
        }
    }

    @Test
    void generatedFilesAreWhatTheirScriptsWrite() throws Exception {
        String python = Need.path("OPENAI_PYTHON").toString();
        for (String script : List.of("grafana/generate", "deploy/prometheus/kubernetes")) {
            Run check = run(Map.of("PYTHONDONTWRITEBYTECODE", "1"), python, script, "--check");
            assertThat(check.output(), check.exitCode(), is(0));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "base, 9",
        "overlays/practice, 9",
        "overlays/nodes, 13",
        "overlays/native, 13",
        "overlays/opensearch, 11"
    })
    void kubectlBuildsTheOverlays(String overlay, int manifests) throws Exception {
        String kubectl = Need.path("KUBECTL").toString();
        Run built = run(
                Map.of(),
                kubectl,
                "kustomize",
                Path.of("deploy", "k8s", overlay).toString());
        assertThat(built.output(), built.exitCode(), is(0));
        List<Document> all = Document.parse(built.output());
        assertThat(all.size(), is(manifests));
        Map<String, String> settings = all.stream()
                .filter(one -> one.text("kind").equals("ConfigMap"))
                .collect(Collectors.toMap(
                        one -> one.text("metadata", "name"), one -> one.text("data", "application.properties")));
        Document deployment = all.stream()
                .filter(one -> one.text("kind").equals("Deployment"))
                .findFirst()
                .orElseThrow();
        List<String> mounted = deployment.at("spec", "template", "spec").list("volumes").stream()
                .map(volume -> volume.text("configMap", "name"))
                .filter(name -> !name.isEmpty())
                .toList();
        assertThat("the generated settings are mounted", settings.keySet(), hasItem(mounted.get(0)));
        assertThat(settings.keySet(), hasItem("foundry-gateway-dashboard"));
        assertStartsWith(settings.getOrDefault(mounted.get(0), ""));
    }

    /** A gateway starts with an overlay's settings: none of them is unknown or wrong. */
    private void assertStartsWith(String settings) throws IOException {
        Files.writeString(folder.resolve("application.properties"), settings);
        try (GatewayProcess gateway = GatewayProcess.start(Map.of("QUARKUS_CONFIG_LOCATIONS", folder.toString()))) {
            assertThat(gateway.base(), is(not(URI.create(""))));
        }
    }

    private static Run run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(List.of(command).toString(), process.waitFor(2, TimeUnit.MINUTES));
        return new Run(process.exitValue(), output);
    }
}
