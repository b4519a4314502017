package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/architecture.md} and {@code CONTRIBUTING.md} name is there, and every package is named in both. */
class ArchitecturePageTest {
    private static final Path MAIN = Path.of("src", "main", "java", "dev", "foundrygateway");
    private static final Pattern NAME = Pattern.compile("`((?:[a-z]+\\.)*)([A-Z][A-Za-z]+)`");
    private static final Pattern DRAWN = Pattern.compile("\\b(?:[A-Z][a-z]+){2,}\\b");

    @Test
    void everyClassThatThePageNamesExists() throws IOException {
        Set<String> classes =
                sources().stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        List<String> missing = new ArrayList<>();
        Matcher names = NAME.matcher(Files.readString(Path.of("docs", "architecture.md")));
        while (names.find()) {
            String file = names.group(2) + ".java";
            boolean there = names.group(1).isEmpty()
                    ? classes.contains(file) || Files.exists(Path.of("src/test/java/dev/foundrygateway", file))
                    : Files.exists(
                            MAIN.resolve(names.group(1).replace('.', '/')).resolve(file));
            if (!there) {
                missing.add(names.group());
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void everyClassThatIsDrawnExists() throws IOException {
        Set<String> classes =
                sources().stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        String[] parts = Files.readString(Path.of("docs", "architecture.md")).split("```", -1);
        Set<String> missing = new TreeSet<>();
        // Every second part stands between fences.
        for (int i = 1; i < parts.length; i += 2) {
            Matcher names = DRAWN.matcher(parts[i]);
            while (names.find()) {
                if (!classes.contains(names.group() + ".java")) {
                    missing.add(names.group());
                }
            }
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void everyPackageIsNamedOnBothPages() throws IOException {
        Set<String> packages = new TreeSet<>();
        sources().stream()
                .map(file -> MAIN.relativize(file))
                .filter(file -> file.getNameCount() > 1)
                .forEach(file -> packages.add(file.getName(0).toString()));
        assertTrue(packages.contains("edge"), packages.toString());
        for (Path page : List.of(Path.of("docs", "architecture.md"), Path.of("CONTRIBUTING.md"))) {
            String text = Files.readString(page);
            assertEquals(
                    List.of(),
                    packages.stream()
                            .filter(name -> !text.contains("`" + name + "`"))
                            .toList(),
                    page.toString());
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
