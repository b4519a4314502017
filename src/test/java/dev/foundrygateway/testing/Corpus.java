package dev.foundrygateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Inputs that are kept for the fuzz tests, in {@code src/test/resources/fuzz}: odd ones from the field, and each that has failed once. */
public final class Corpus {
    private static final Path FOLDER = Path.of("src", "test", "resources", "fuzz");

    private Corpus() {}

    /** The inputs of that target, by their file names. */
    public static Map<String, byte[]> of(String target) {
        Map<String, byte[]> inputs = new TreeMap<>();
        try (Stream<Path> files = Files.list(FOLDER.resolve(target))) {
            for (Path file : files.toList()) {
                inputs.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (inputs.isEmpty()) {
            throw new IllegalStateException("no inputs for " + target);
        }
        return inputs;
    }
}
