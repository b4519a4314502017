package dev.foundrygateway.retrieval.store.opensearch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real OpenSearch node in a process of its own, which ends with the tests' process at the latest. */
public final class OpenSearchNode implements AutoCloseable {
    /** Where the class loaders of the tests tell each other of the node that they share. */
    private static final String SHARED = "dev.foundrygateway.test.opensearch";

    private static final Path HOME = Path.of("target", "opensearch").toAbsolutePath();
    private static final Path SOURCE = Path.of("src", "test", "opensearch").toAbsolutePath();

    private final Process process;
    private final URI url;

    private OpenSearchNode(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** The address of the node that all tests share, with the k-NN plugin; empty, and said aloud, where none can be started. */
    public static String shared() {
        synchronized (System.getProperties()) {
            String known = System.getProperty(SHARED);
            if (known == null) {
                known = start(true).map(node -> node.url().toString()).orElse("");
                System.setProperty(SHARED, known);
            }
            return known;
        }
    }

    /** A node of one's own; empty, and said aloud, where it cannot be started. */
    public static java.util.Optional<OpenSearchNode> start(boolean knn) {
        try {
            fetch();
            return java.util.Optional.of(launch(knn));
        } catch (IOException e) {
            System.err.println("NO OPENSEARCH NODE, its tests are skipped: " + e.getMessage());
            return java.util.Optional.empty();
        }
    }

    private static void fetch() throws IOException {
        if (Files.isDirectory(HOME.resolve("node"))) {
            return;
        }
        boolean windows = System.getProperty("os.name", "").startsWith("Windows");
        Path maven = Path.of(System.getProperty("maven.home", ""), "bin", windows ? "mvn.cmd" : "mvn");
        Process fetching = new ProcessBuilder(
                        maven.toString(),
                        "-B",
                        "-q",
                        "-f",
                        SOURCE.resolve("pom.xml").toString(),
                        "prepare-package")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (!fetching.waitFor(10, TimeUnit.MINUTES) || fetching.exitValue() != 0) {
                fetching.destroyForcibly();
                throw new IOException("Maven did not fetch it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static OpenSearchNode launch(boolean knn) throws IOException {
        Path data = Files.createTempDirectory(HOME, "data");
        String jars =
                HOME.resolve("node") + "/*" + (knn ? java.io.File.pathSeparator + HOME.resolve("knn") + "/*" : "");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                jars,
                SOURCE.resolve("Node.java").toString(),
                data.toString()));
        if (knn) {
            command.add("org.opensearch.knn.plugin.KNNPlugin");
        }
        Process process = new ProcessBuilder(command)
                .redirectError(data.resolve("errors.log").toFile())
                .start();
        // Read until it is ready; afterwards it writes to its own log.
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.contains("READY ")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("it ended; see " + data);
        }
        Thread drain = new Thread(() -> out.lines().forEach(ignored -> {}), "opensearch-output");
        drain.setDaemon(true);
        drain.start();
        return new OpenSearchNode(
                process, URI.create("http://127.0.0.1:" + line.substring(line.indexOf("READY ") + "READY ".length())));
    }

    /** Where it listens. */
    public URI url() {
        return url;
    }

    @Override
    public void close() {
        stop();
    }

    /** Ends it. */
    void stop() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
