package dev.foundrygateway.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.sse.Frame;
import io.netty.util.concurrent.FastThreadLocal;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.junit.jupiter.api.Test;

/** What the native program needs to be told, as far as it shows without building it. */
class NativeProgramTest {
    private static final String RUN_TIME = "--initialize-at-run-time=";
    private static final String SENDERS =
            "META-INF/services/io.opentelemetry.exporter.internal.http.HttpSenderProvider";
    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.foundrygateway");

    /**
     * Made when the image is built, they would end the build: Quarkus has Vert.x' allocator and Netty's slots of threads, the JDK has the others, made when the
     * program runs.
     */
    @Test
    void classesThatKeepABufferAreInitialisedWhenTheProgramRuns() throws IOException {
        Set<String> listed = Stream.of(
                        setting("quarkus.native.additional-build-args").split(",", -1))
                .map(String::strip)
                .map(argument -> argument.substring(RUN_TIME.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(keepers(Buffer.class, Frame.class, ChatRequest.class, FastThreadLocal.class), listed);
        assertEquals(Set.of(), keepers(Random.class, Thread.class, HttpClient.class, ExecutorService.class));
    }

    private static Set<String> keepers(Class<?>... types) {
        return PROGRAM.stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .filter(field -> Arrays.stream(types).anyMatch(field.getRawType()::isAssignableTo))
                .map(JavaField::getOwner)
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyClassThatIsRegisteredByNameIsThere() {
        for (String name : registeredByName()) {
            // Does not find it: the library has renamed it.
            assertNotNull(load(name), name);
        }
    }

    @Test
    void everyAttributeOfLuceneIsRegistered() throws IOException {
        try (JarFile lucene = new JarFile(Path.of(URI.create(IndexWriter.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toFile())) {
            Set<String> attributes = lucene.stream()
                    .map(entry -> entry.getName().replace('/', '.').replaceFirst("\\.class$", ""))
                    .filter(name -> name.endsWith("AttributeImpl") && !name.endsWith(".AttributeImpl"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertTrue(attributes.size() > 10);
            attributes.removeAll(registeredByName());
            assertEquals(Set.of(), attributes);
        }
    }

    @Test
    void theExportersClientIsTheOneThatIsRegistered() throws IOException {
        try (InputStream file = NativeProgramTest.class.getClassLoader().getResourceAsStream(SENDERS)) {
            assertNotNull(file);
            String provider = new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
            assertTrue(registeredByName().contains(provider), provider);
        }
        assertTrue(setting("quarkus.native.resources.includes").contains(SENDERS));
    }

    @Test
    void everyResourceThatIsIncludedIsThere() throws IOException {
        for (String name : setting("quarkus.native.resources.includes").split(",", -1)) {
            assertNotNull(NativeProgramTest.class.getClassLoader().getResource(name), name);
        }
    }

    /** JSON is written and read by reflection: a record that is registered must not have a part that isn't. */
    @Test
    void partsOfRegisteredRecordsAreRegistered() {
        Set<String> missing = PROGRAM.stream()
                .filter(type -> type.isAnnotatedWith(RegisterForReflection.class) && type.isRecord())
                .flatMap(type -> type.getFields().stream())
                .flatMap(field -> field.getType().getAllInvolvedRawTypes().stream())
                .filter(type -> type.getPackageName().startsWith("dev.foundrygateway"))
                .filter(type -> !type.isAnnotatedWith(RegisterForReflection.class))
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), missing);
    }

    private static Set<String> registeredByName() {
        return PROGRAM.stream()
                .filter(type -> type.isAnnotatedWith(RegisterForReflection.class))
                .flatMap(type -> List.of(
                        type.getAnnotationOfType(RegisterForReflection.class).classNames())
                        .stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, NativeProgramTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(name + " is registered, and not there", e);
        }
    }

    private static String setting(String name) throws IOException {
        Properties settings = new Properties();
        try (var reader = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            settings.load(reader);
        }
        return settings.getProperty(name, "");
    }
}
