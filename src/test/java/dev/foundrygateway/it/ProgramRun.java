package dev.foundrygateway.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
final class ProgramRun {
    private static final int LIMIT_SECONDS = 240;

    private ProgramRun() {}

    /**
     * What the program writes to its standard output.
     *
     * @param variables of the environment, beside this process' own
     * @throws IllegalStateException with all that it wrote, if it fails or takes over four minutes
     */
    static String output(List<String> command, Map<String, String> variables) {
        try {
            Path errors =
                    Files.createTempFile(Files.createDirectories(Path.of("target", "it-logs")), "client-", ".log");
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
            builder.environment().putAll(variables);
            Process process = builder.start();
            Thread watch = new Thread(() -> endAfterTheLimit(process));
            watch.setDaemon(true);
            watch.start();
            String output;
            try (InputStream stream = process.getInputStream()) {
                output = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            }
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(
                        command + " ended with " + code + "\n" + output + Files.readString(errors));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void endAfterTheLimit(Process process) {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }
}
