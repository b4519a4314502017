package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The packaged program as a process of its own, on a free port of the loopback interface: the native program where it has been built, else
 * {@code target/quarkus-app/quarkus-run.jar} on the JDK that runs the tests. Closing it stops the process.
 */
final class GatewayProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final Process process;
    private final URI base;
    private final Path log;

    private GatewayProcess(Process process, URI base, Path log) {
        this.process = process;
        this.base = base;
        this.log = log;
    }

    /**
     * Starts the program and waits until it is live.
     *
     * @param settings a name in lower case is a setting ({@code gateway.upstreams.slm.url}), in upper case an environment variable
     *     ({@code FOUNDRY_LOCAL_ENDPOINT})
     * @throws IllegalStateException with the program's output, if it ends or isn't live within a minute
     */
    static GatewayProcess start(Map<String, String> settings) {
        return start(command(settings), settings);
    }

    /** Starts a program that runs the gateway, such as an installed one's launcher, and waits until it is live; settings are environment variables. */
    static GatewayProcess start(List<String> program, Map<String, String> settings) {
        try {
            Path log = Files.createTempFile(Files.createDirectories(Path.of("target", "it-logs")), "gateway-", ".log");
            int port = freePort();
            ProcessBuilder builder = new ProcessBuilder(program);
            builder.environment().remove("FOUNDRY_LOCAL_ENDPOINT");
            builder.environment().put("GATEWAY_PORT", Integer.toString(port));
            // Several run at once, and a directory is one gateway's.
            builder.environment().put("GATEWAY_RETRIEVAL_DIRECTORY", "target/it-data/" + port);
            settings.forEach((name, value) -> {
                if (isVariable(name)) {
                    builder.environment().put(name, value);
                }
            });
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            GatewayProcess gateway = new GatewayProcess(process, URI.create("http://127.0.0.1:" + port), log);
            gateway.awaitLive();
            return gateway;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(Map<String, String> settings) {
        List<String> command = new ArrayList<>();
        List<String> properties = new ArrayList<>();
        settings.forEach((name, value) -> {
            if (!isVariable(name)) {
                properties.add("-D" + name + "=" + value);
            }
        });
        Path nativeProgram = Path.of(System.getProperty("native.image.path", "target/no-native-program"));
        if (Files.isExecutable(nativeProgram)) {
            command.add(nativeProgram.toString());
            command.addAll(properties);
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(properties);
            command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
        }
        return command;
    }

    private static boolean isVariable(String name) {
        return Character.isUpperCase(name.charAt(0));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitLive() {
        HttpCaller caller = new HttpCaller(base);
        try {
            await("the gateway is live")
                    .atMost(START_LIMIT)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        if (!process.isAlive()) {
                            throw new IllegalStateException("ended with " + process.exitValue());
                        }
                        return caller.isUp("/q/health/live");
                    });
        } catch (RuntimeException e) {
            close();
            throw new IllegalStateException("The gateway did not start:\n" + log(), e);
        }
    }

    /** Its address without a path. */
    URI base() {
        return base;
    }

    /** The base URL that an OpenAI client is given. */
    URI v1() {
        return base.resolve("/v1");
    }

    /** What it has written to standard output and standard error so far. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks the program to end, as a service manager does, and doesn't wait. */
    void terminate() {
        process.destroy();
    }

    /** The process's id. */
    long pid() {
        return process.pid();
    }

    /** Its exit code, once it has ended. */
    CompletableFuture<Integer> ended() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Ends the program by force, as a crash would. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks the program to end, and ends it by force after a quarter of a minute. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
