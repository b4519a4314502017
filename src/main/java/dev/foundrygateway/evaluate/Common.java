package dev.foundrygateway.evaluate;

import io.vertx.core.json.DecodeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the subcommands that ask a server have in common: its address, the form of what they print, and one line for what goes wrong. */
final class Common {
    private static final String DEFAULT_URL = "http://127.0.0.1:5274/v1";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--url",
            defaultValue = "${env:GATEWAY_URL:-" + DEFAULT_URL + "}",
            description =
                    "The gateway, or another OpenAI-compatible server; by default what GATEWAY_URL holds (${DEFAULT-VALUE}).")
    private URI url = URI.create(DEFAULT_URL);

    @Option(names = "--json", description = "Print all that was measured, as JSON.")
    private boolean json;

    /** A command's work. */
    @FunctionalInterface
    interface Work {
        /** Does it, and gives the exit code. */
        int run() throws IOException, InterruptedException;
    }

    /** The server's address, {@code /v1} included. */
    URI url() {
        if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("(?i)https?")) {
            throw new IllegalArgumentException("--url " + url
                    + " is no address of a server: write it with http:// or https://, as in " + DEFAULT_URL);
        }
        String path = url.getPath();
        return path == null || path.isEmpty() || path.equals("/") ? url.resolve("/v1") : url;
    }

    boolean json() {
        return json;
    }

    void print(Object text) {
        PrintWriter out = command.commandLine().getOut();
        out.println(text);
        out.flush();
    }

    /** Does the work; what its input is to blame for is one line and the exit code 1. */
    int run(Work work) throws InterruptedException {
        try {
            return work.run();
        } catch (NoSuchFileException e) {
            return fail("there is no file " + e.getFile());
        } catch (AccessDeniedException e) {
            return fail("the file " + e.getFile() + " may not be read or written");
        } catch (IOException e) {
            String message = e.getMessage();
            return fail(message == null ? "nothing could be read from " + url() + ": " + e : message);
        } catch (DecodeException e) {
            return fail("what came from " + url() + " is no JSON object: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return fail(String.valueOf(e.getMessage()));
        }
    }

    /**
     * A file's text without a byte order mark.
     *
     * @throws IllegalArgumentException when it is no UTF-8
     */
    static String text(Path file) throws IOException {
        try {
            String text = Files.readString(file);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + " is no text in UTF-8; save it as such", e);
        }
    }

    /** A part of a whole that an option asks for, which must be from 0 to 1. */
    static double part(String option, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(option + " must be from 0 to 1, and is " + value);
        }
        return value;
    }

    private int fail(String message) {
        PrintWriter err = command.commandLine().getErr();
        err.println(command.name() + ": " + message.replaceAll("\\s*\\R\\s*", " "));
        err.flush();
        return ExitCode.SOFTWARE;
    }

    /** Sends a request, and says plainly that nobody is there. */
    static <T> HttpResponse<T> send(HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        try {
            return client.send(request, body);
        } catch (ConnectException | HttpConnectTimeoutException e) {
            // The JDK's own has no words, neither for a refused connection nor for an unknown host.
            throw new IOException(
                    "nothing answers at " + request.uri()
                            + "; start the gateway, or name its address by --url or GATEWAY_URL",
                    e);
        }
    }
}
