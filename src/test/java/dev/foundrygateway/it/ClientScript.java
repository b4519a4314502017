package dev.foundrygateway.it;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A committed script that uses a real client and prints what it saw as one line of JSON, its last. */
enum ClientScript {
    /** The official OpenAI client for Python. */
    PYTHON("openai_client.py"),
    /** The same client, for what it can do with files and vector stores. */
    PYTHON_STORES("stores_client.py"),
    /** The official OpenAI client for Node. */
    NODE("openai_client.mjs"),
    /** The Python clients of Responses and Messages. */
    PYTHON_PROTOCOLS("responses_client.py"),
    /** The Node clients of the same. */
    NODE_PROTOCOLS("responses_client.mjs"),
    /** LangChain by Responses, and OpenAI's Agents SDK. */
    PYTHON_FRAMEWORKS("frameworks_client.py"),
    /** The AI SDK. */
    NODE_FRAMEWORKS("frameworks_client.mjs"),
    /** The SDK of Foundry Local 0.x, and the OpenAI client behind it. */
    FOUNDRY_SDK("foundry_sdk.py"),
    /** Headless Chromium, driven from Node. */
    BROWSER("browser.mjs"),
    /** The same, in the playground. */
    PLAYGROUND("playground.mjs"),
    /** The same, in the pages of the examples. */
    EXAMPLES("examples.mjs");

    /** The clients that speak to an OpenAI-compatible endpoint by themselves. */
    static final List<ClientScript> OFFICIAL_CLIENTS = List.of(PYTHON, NODE);

    /** Those that speak OpenAI's Responses and Anthropic's Messages. */
    static final List<ClientScript> PROTOCOL_CLIENTS = List.of(PYTHON_PROTOCOLS, NODE_PROTOCOLS);

    /** Where the scripts lie. */
    static final Path FOLDER = Path.of("src", "test", "clients");

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
        List<String> lines = ProgramRun.output(command, Map.of()).lines().toList();
        return JsonPath.from(lines.get(lines.size() - 1));
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
}
