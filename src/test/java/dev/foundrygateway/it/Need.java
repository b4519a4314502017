package dev.foundrygateway.it;

import java.lang.StackWalker.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/** What a test needs from its surroundings. Where that is missing, one loud line on standard output says so and the test is skipped. */
final class Need {
    private Need() {}

    /**
     * The value of an environment variable that {@code .ci/run} sets.
     *
     * @throws TestAbortedException if it isn't set: the calling test is skipped
     */
    static String env(String name) {
        String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            throw skipped(
                    StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE).getCallerClass(), name + " is not set");
        }
        return value;
    }

    /**
     * The file or folder whose path an environment variable holds.
     *
     * @throws TestAbortedException if the variable isn't set or nothing is there: the calling test is skipped
     */
    static Path path(String name) {
        Class<?> test = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE).getCallerClass();
        String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            throw skipped(test, name + " is not set");
        }
        Path path = Path.of(value);
        if (!Files.exists(path)) {
            throw skipped(test, name + " names " + value + ", which is not there");
        }
        return path;
    }

    private static TestAbortedException skipped(Class<?> test, String reason) {
        String line = "SKIPPED " + test.getSimpleName() + ": " + reason + " (run .ci/run to have it)";
        System.out.println(line);
        return new TestAbortedException(line);
    }
}
