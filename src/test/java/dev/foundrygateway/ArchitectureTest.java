package dev.foundrygateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the architecture that a machine can check, and a self-test that code which breaks one of them fails. */
class ArchitectureTest {
    private static final String PROGRAM = "dev.foundrygateway";

    /** Classes of the test tree that break the rules on purpose; see {@link #brokenCodeFails}. */
    private static final String BROKEN = "dev.foundrygateway.broken";

    private static final List<String> FEATURES = List.of(
            "upstream",
            "metrics",
            "access",
            "practice",
            "retrieval",
            "hybrid",
            "compare",
            "report",
            "routing",
            "schema",
            "responses",
            "evaluate",
            "ledger",
            "live",
            "start",
            "tracing");

    @Test
    void programKeepsEveryRule() {
        JavaClasses program = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(PROGRAM);
        assertTrue(program.size() > 50, "the program's classes were found");
        for (ArchRule rule : rules(PROGRAM)) {
            rule.allowEmptyShould(true).check(program);
        }
    }

    @Test
    void brokenCodeFails() {
        JavaClasses broken = new ClassFileImporter().importPackages(BROKEN);
        List<String> broke = rules(BROKEN).stream()
                .map(rule -> rule.allowEmptyShould(true))
                .filter(rule -> rule.evaluate(broken).hasViolation())
                .map(ArchRule::getDescription)
                .toList();
        assertEquals(
                List.of("upstream sees no other feature", "Micrometer is metrics' alone", "no catch-all class names"),
                broke);
    }

    @Test
    void noFileIsLongerThanFourHundredLines() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<String> tooLong = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> lines(file) > 400)
                    .map(Path::toString)
                    .toList();
            assertTrue(tooLong.isEmpty(), () -> "too long: " + tooLong);
        }
    }

    @Test
    void nothingSleeps() throws IOException {
        String forbidden = "Thread." + "sleep";
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            assertFalse(files.filter(file -> file.toString().endsWith(".java"))
                    .anyMatch(file -> text(file).contains(forbidden)));
        }
    }

    private static List<ArchRule> rules(String root) {
        List<ArchRule> rules = new ArrayList<>();
        rules.add(in(root, "openai")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are of the gateway outside openai, or CDI",
                        type -> (type.getPackageName().startsWith(root)
                                        && !type.getPackageName().startsWith(root + ".openai"))
                                || type.getPackageName().startsWith("jakarta.")))
                .as("openai sees nothing else"));
        rules.add(in(root, "exchange")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are of the gateway outside exchange and openai",
                        type -> type.getPackageName().startsWith(root)
                                && !type.getPackageName().startsWith(root + ".openai")
                                && !type.getPackageName().startsWith(root + ".exchange")))
                .as("exchange sees openai alone"));
        for (String feature : FEATURES) {
            rules.add(in(root, feature)
                    .should()
                    .dependOnClassesThat(DescribedPredicate.describe(
                            "are of another feature, of the edge or of the root",
                            type -> type.getPackageName().equals(root)
                                    || type.getPackageName().startsWith(root + ".edge")
                                    || FEATURES.stream()
                                            // The subcommands stand on the features that they evaluate.
                                            .filter(other -> !other.equals(feature) && !feature.equals("evaluate"))
                                            .anyMatch(other ->
                                                    type.getPackageName().startsWith(root + "." + other))))
                    .as(feature + " sees no other feature"));
        }
        rules.add(SlicesRuleDefinition.slices()
                .matching(root + ".(*)..")
                .should()
                .beFreeOfCycles()
                .as("no cycles"));
        rules.add(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(root + ".openai..", root + ".edge.protocol..")
                        .and()
                        .doNotHaveSimpleName("RestBodies")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("com.fasterxml.jackson.databind..")
                        .as(
                                "Jackson's trees stay in openai and edge.protocol; what quarkus-rest reads is set up in RestBodies"));
        rules.add(noClasses()
                .that()
                .resideOutsideOfPackages(root + ".upstream..", root + ".evaluate..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are Vert.x's HTTP client or the REST client",
                        type -> type.getName().startsWith("io.vertx.core.http.HttpClient")
                                || type.getPackageName().startsWith("io.quarkus.rest.client")
                                || type.getPackageName().startsWith("org.eclipse.microprofile.rest.client")
                                || type.getPackageName().startsWith("jakarta.ws.rs.client")))
                .as("the HTTP client is upstream's alone"));
        rules.add(noClasses()
                .that()
                .resideOutsideOfPackages(root + ".edge..", root + ".practice..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are the server's request, response or router",
                        type -> type.getName().startsWith("io.vertx.core.http.HttpServer")
                                || type.getPackageName().startsWith("io.vertx.ext.web")))
                .as("the server's request and response are the edge's alone"));
        rules.add(outside(root, "metrics")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .as("Micrometer is metrics' alone"));
        rules.add(noClasses()
                .should()
                .haveNameMatching(".*(Utils?|Helper|Manager|Processor|Impl|Data)$")
                .as("no catch-all class names"));
        return rules;
    }

    private static GivenClassesConjunction in(String root, String name) {
        return noClasses().that().resideInAPackage(root + "." + name + "..");
    }

    private static GivenClassesConjunction outside(String root, String name) {
        return noClasses().that().resideOutsideOfPackage(root + "." + name + "..");
    }

    private static long lines(Path file) {
        return text(file).lines().count();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
