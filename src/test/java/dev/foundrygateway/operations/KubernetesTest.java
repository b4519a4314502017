package dev.foundrygateway.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.testing.Document;
import dev.foundrygateway.testing.Monitoring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests' form, and that they fit each other and the gateway. DeploymentIT has kubectl build the overlays, SchemasIT holds them against schemas. */
class KubernetesTest {
    private static final Path BASE = Path.of("deploy", "k8s", "base");
    private static final String NAME = "app.kubernetes.io/name";

    /** Every kind's group and version, and the members that its specification may have as used here. */
    private static final Map<String, Kind> KINDS = Map.of(
            "Deployment", new Kind("apps/v1", Set.of("replicas", "selector", "strategy", "template")),
            "StatefulSet",
                    new Kind(
                            "apps/v1",
                            Set.of("serviceName", "replicas", "selector", "template", "volumeClaimTemplates")),
            "Service", new Kind("v1", Set.of("selector", "ports", "clusterIP")),
            "HorizontalPodAutoscaler",
                    new Kind(
                            "autoscaling/v2",
                            Set.of("scaleTargetRef", "minReplicas", "maxReplicas", "metrics", "behavior")),
            "PodDisruptionBudget", new Kind("policy/v1", Set.of("minAvailable", "selector")),
            "NetworkPolicy",
                    new Kind("networking.k8s.io/v1", Set.of("podSelector", "policyTypes", "ingress", "egress")),
            "ServiceMonitor", new Kind("monitoring.coreos.com/v1", Set.of("selector", "endpoints")),
            "PrometheusRule", new Kind("monitoring.coreos.com/v1", Set.of("groups")),
            "EndpointSlice", new Kind("discovery.k8s.io/v1", Set.of()));

    private static final Kind UNKNOWN = new Kind("unknown", Set.of());

    private record Kind(String apiVersion, Set<String> members) {}

    @Test
    void everyManifestIsOfAKnownKindAndHasNoUnknownMember() throws IOException {
        for (Document manifest : manifests()) {
            Kind kind = KINDS.getOrDefault(manifest.text("kind"), UNKNOWN);
            assertEquals(kind.apiVersion(), manifest.text("apiVersion"), manifest::toString);
            assertTrue(
                    kind.members().containsAll(manifest.at("spec").keys()),
                    () -> manifest.text("kind") + ": " + manifest.at("spec").keys());
            assertFalse(manifest.text("metadata", "name").isEmpty());
        }
    }

    /** The operator's schemas don't find these. */
    @Test
    void theOperatorsKindsHaveNoMemberThatItDoesNotKnow() {
        Set<String> endpoint = Document.read(BASE.resolve("monitor.yaml"))
                .list("spec", "endpoints")
                .get(0)
                .keys();
        assertEquals(Set.of("port", "path", "interval"), endpoint);
        Set<String> known = Set.of("record", "alert", "expr", "for", "labels", "annotations");
        for (Document group : Document.read(BASE.resolve("rules.yaml")).list("spec", "groups")) {
            assertTrue(Set.of("name", "interval", "rules").containsAll(group.keys()), group::toString);
            for (Document rule : group.list("rules")) {
                assertTrue(known.containsAll(rule.keys()), rule::toString);
            }
        }
    }

    @Test
    void baseHasOneOfEachKind() {
        assertEquals(
                Set.of(
                        "Deployment",
                        "Service",
                        "HorizontalPodAutoscaler",
                        "PodDisruptionBudget",
                        "NetworkPolicy",
                        "ServiceMonitor",
                        "PrometheusRule"),
                kustomized(BASE).map(manifest -> manifest.text("kind")).collect(Collectors.toSet()));
    }

    @Test
    void everyKustomizationNamesFilesThatAreThere() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("deploy", "k8s"))) {
            for (Path file :
                    files.filter(path -> path.endsWith("kustomization.yaml")).toList()) {
                Document kustomization = Document.read(file);
                assertEquals("kustomize.config.k8s.io/v1beta1", kustomization.text("apiVersion"));
                Stream.concat(
                                kustomization.texts("resources").stream(),
                                kustomization.list("configMapGenerator").stream()
                                        .flatMap(generator -> generator.texts("files").stream()))
                        .forEach(name ->
                                assertTrue(Files.exists(file.resolveSibling(name)), () -> file + " names " + name));
            }
        }
    }

    @Test
    void podsRunWithoutRootOnAReadOnlyFileSystem() {
        Document pod = deployment().at("spec", "template", "spec");
        assertEquals("true", pod.text("securityContext", "runAsNonRoot"));
        assertEquals("RuntimeDefault", pod.text("securityContext", "seccompProfile", "type"));
        assertEquals("false", pod.text("automountServiceAccountToken"));
        Document container = pod.list("containers").get(0);
        assertEquals("true", container.text("securityContext", "readOnlyRootFilesystem"));
        assertEquals("false", container.text("securityContext", "allowPrivilegeEscalation"));
        assertEquals(List.of("ALL"), container.texts("securityContext", "capabilities", "drop"));
        assertFalse(container.text("resources", "limits", "memory").isEmpty());
        assertEquals(
                pod.list("volumes").stream().map(volume -> volume.text("name")).collect(Collectors.toSet()),
                container.list("volumeMounts").stream()
                        .map(mount -> mount.text("name"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void probesAskTheGatewaysHealthAtItsPort() {
        Document container =
                deployment().at("spec", "template", "spec").list("containers").get(0);
        assertEquals("5274", container.list("ports").get(0).text("containerPort"));
        Map<String, String> paths = new TreeMap<>();
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            paths.put(probe, container.text(probe, "httpGet", "path"));
            assertEquals("http", container.text(probe, "httpGet", "port"));
        }
        assertEquals(
                Map.of(
                        "startupProbe", "/q/health/live",
                        "livenessProbe", "/q/health/live",
                        "readinessProbe", "/q/health/ready"),
                paths);
    }

    @Test
    void streamsHaveLongerToEndThanThePodHasToLive() {
        Document pod = deployment().at("spec", "template", "spec");
        Map<String, String> environment = pod.list("containers").get(0).list("env").stream()
                .collect(Collectors.toMap(one -> one.text("name"), one -> one.text("value")));
        Duration delay = Duration.parse("PT" + environment.get("QUARKUS_SHUTDOWN_DELAY"));
        Duration timeout = Duration.parse("PT" + environment.get("QUARKUS_SHUTDOWN_TIMEOUT"));
        long grace = Long.parseLong(pod.text("terminationGracePeriodSeconds"));
        assertTrue(grace > delay.plus(timeout).toSeconds());
        assertTrue(delay.toSeconds()
                > Long.parseLong(pod.list("containers").get(0).text("readinessProbe", "periodSeconds")));
    }

    @Test
    void allSelectTheDeploymentsPods() {
        String pods = deployment().text("spec", "template", "metadata", "labels", NAME);
        assertEquals("foundry-gateway", pods);
        for (Document manifest : kustomized(BASE).toList()) {
            Document spec = manifest.at("spec");
            String selected =
                    switch (manifest.text("kind")) {
                        case "Service" -> spec.text("selector", NAME);
                        case "NetworkPolicy" -> spec.text("podSelector", "matchLabels", NAME);
                        case "HorizontalPodAutoscaler" -> spec.text("scaleTargetRef", "name");
                        case "PrometheusRule" -> pods;
                        default -> spec.text("selector", "matchLabels", NAME);
                    };
            assertEquals(pods, selected, manifest.text("kind"));
        }
    }

    @Test
    void autoscalerCountsStreamsUnderWay() {
        Document autoscaler = kustomized(BASE)
                .filter(manifest -> manifest.text("kind").equals("HorizontalPodAutoscaler"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                "gateway_in_flight_requests",
                autoscaler.at("spec").list("metrics").get(0).text("pods", "metric", "name"));
        assertTrue(Monitoring.expressions().anyMatch(expression -> expression.contains("gateway_in_flight_requests")));
    }

    @Test
    void rulesAreThoseOfPrometheus() {
        List<Document> shipped = Monitoring.RULES.stream()
                .flatMap(file -> Document.read(file).list("groups").stream())
                .toList();
        assertEquals(shipped, Document.read(BASE.resolve("rules.yaml")).list("spec", "groups"));
    }

    private static Document deployment() {
        return Document.read(BASE.resolve("deployment.yaml"));
    }

    /** The manifests of the files that a folder's kustomization names. */
    private static Stream<Document> kustomized(Path folder) {
        return Document.read(folder.resolve("kustomization.yaml")).texts("resources").stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .flatMap(file -> Document.readAll(file).stream());
    }

    private static List<Document> manifests() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("deploy", "k8s"))) {
            return files.filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
                    .flatMap(file -> Document.readAll(file).stream())
                    .toList();
        }
    }
}
