package dev.foundrygateway.it;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A committed script that uses a real client and prints what it saw as one line of JSON, its last. */
enum ClientScript {
    /** The official OpenAI client for Python. */
    PYTHON("openai_client.py"),
    /** The official OpenAI client for Node. */
    NODE("openai_client.mjs"),
    /** The SDK of Foundry Local 0.x, and the OpenAI client behind it. */
    FOUNDRY_SDK("foundry_sdk.py"),
    /** Headless Chromium, driven from Node. */
    BROWSER("browser.mjs");

    /** The clients that speak to an OpenAI-compatible endpoint by themselves. */
    static final List<ClientScript> OFFICIAL_CLIENTS = List.of(PYTHON, NODE);

    /** Where the scripts lie. */
    static final Path FOLDER = Path.of("src", "test", "clients");

    private static final int LIMIT_SECONDS = 240;

    private final String file;

    ClientScript(String file) {
        this.file = file;
    }

    /**
     * Runs the script and reads its last line.
     *
     * @throws org.opentest4j.TestAbortedException if the client isn't installed: the calling test is skipped
     * @throws IllegalStateException with all that the script wrote, if it fails or takes over four minutes
     */
    JsonPath run(String... arguments) {
        List<String> command = command();
        command.addAll(List.of(arguments));
        try {
            Path errors =
                    Files.createTempFile(Files.createDirectories(Path.of("target", "it-logs")), "client-", ".log");
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
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
                        file + " ended with " + code + "\n" + output + Files.readString(errors));
            }
            List<String> lines = output.lines().toList();
            return JsonPath.from(lines.get(lines.size() - 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        if (file.endsWith(".py")) {
            command.add(Need.path("OPENAI_PYTHON").toString());
            command.add(FOLDER.resolve(file).toString());
        } else {
            command.add("node");
            command.add(besideItsModules(Need.path("OPENAI_NODE_DIR")).toString());
        }
        return command;
    }

    /** Node looks for modules beside the script, hence the copy. */
    private Path besideItsModules(Path modules) {
        try {
            return Files.copy(FOLDER.resolve(file), modules.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
