package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.restassured.RestAssured;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twenty minutes, or as many as {@code chaos.minutes} says, in which many things go wrong at once. Not in the usual run: {@code ./mvnw verify -Pchaos}. At the end the
 * gateway holds no more than at the beginning, and nothing that it acknowledged is lost, also after it is killed.
 */
@Tag("chaos")
class ChaosIT {
    private static final double MINUTES = Double.parseDouble(System.getProperty("chaos.minutes", "20"));
    private static final long DISK_BYTES = 64L << 20;
    private static final String STORE = "files of stores";
    /** Of each kind: connections that clients keep are as many as they happen to need at once. */
    private static final int MORE_DESCRIPTORS = 16;

    @TempDir
    private Path folder = Path.of("");

    /**
     * What a gateway holds while nothing is asked of it.
     *
     * @param descriptors how many are open, by what they are
     */
    private record Held(
            long heapBytes, Map<String, Integer> descriptors, long threads, double inFlight, double queued) {}

    @Test
    void atTheEndItHoldsWhatItHeldAndNothingIsLost() throws Exception {
        Path home = Files.createDirectory(folder.resolve("disk"));
        Optional<Path> disk = mounted(home) ? Optional.of(home) : Optional.empty();
        int port = freePort();
        try {
            Map<String, String> kept;
            StringBuilder report = new StringBuilder("minutes of load: " + MINUTES + "\n");
            if (disk.isEmpty()) {
                System.err.println("SKIPPED: the full disk. Only root may mount the small file system that it needs.");
                report.append("full disk: skipped, not root\n");
            }
            try (GatewayProcess gateway = gateway(port, home);
                    ChaosLoad load = new ChaosLoad(gateway.base(), port, disk)) {
                // What is made once, compiled code and pools of threads, is there after a fifth of the time.
                load.run(Duration.ofSeconds((long) (MINUTES * 12)));
                load.deleteStores();
                Held before = held(gateway);
                load.run(Duration.ofSeconds((long) (MINUTES * 48)));
                load.deleteStores();
                Held after = held(gateway);
                load.counts()
                        .forEach((what, often) ->
                                report.append(what).append(": ").append(often).append('\n'));
                report.append("at the fifth: ")
                        .append(before)
                        .append("\nat the end:   ")
                        .append(after)
                        .append('\n');
                kept = load.kept();
                report.append("files kept: ").append(kept.size()).append('\n');
                Files.writeString(Path.of("target", "chaos-report.txt"), report);
                assertThat(load.faults(), is(empty()));
                assertThat("calls under way", after.inFlight() + after.queued(), is(0.0));
                assertThat("heap", after.heapBytes(), lessThanOrEqualTo(before.heapBytes() + (24L << 20)));
                // An open store has as many as it has segments: none is left of those that were deleted.
                assertThat("of stores", after.descriptors().getOrDefault(STORE, 0), is(0));
                after.descriptors()
                        .forEach((kind, count) -> assertThat(
                                kind,
                                count,
                                lessThanOrEqualTo(before.descriptors().getOrDefault(kind, 0) + MORE_DESCRIPTORS)));
                assertThat("threads", after.threads(), lessThanOrEqualTo(before.threads() + 16));
                assertThat(gateway.log().contains("OutOfMemoryError"), is(false));
                allThere(gateway.base(), kept);
                gateway.kill();
            }
            try (GatewayProcess again = gateway(port, home)) {
                allThere(again.base(), kept);
            }
        } finally {
            if (disk.isPresent()) {
                new ProcessBuilder("umount", "-l", home.toString()).start().waitFor();
            }
        }
    }

    private static void allThere(URI gateway, Map<String, String> kept) {
        Map<String, String> found = new TreeMap<>();
        kept.keySet()
                .forEach(id -> found.put(
                        id,
                        RestAssured.get(gateway + "/v1/files/" + id + "/content")
                                .asString()));
        assertThat(found, is(new TreeMap<>(kept)));
    }

    private static GatewayProcess gateway(int upstreamPort, Path home) {
        return GatewayProcess.start(Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Xmx256m",
                "FOUNDRY_LOCAL_ENDPOINT",
                "http://127.0.0.1:" + upstreamPort + "/v1",
                "gateway.retrieval.embedding-model",
                "none",
                "gateway.retrieval.directory",
                home.resolve("kept").toString()));
    }

    /** Once nothing is under way any more; the heap after a collection. */
    private static Held held(GatewayProcess gateway) throws IOException, InterruptedException {
        HttpCaller caller = new HttpCaller(gateway.base());
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(() ->
                        sum(caller, "gateway_in_flight_requests", "") + sum(caller, "gateway_queue_length", "") == 0);
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        String pid = Long.toString(gateway.pid());
        new ProcessBuilder(jcmd.toString(), pid, "GC.run").start().waitFor();
        Path process = Path.of("/proc", pid);
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            return new Held(
                    (long) sum(caller, "jvm_memory_used_bytes", "area=\"heap\""),
                    descriptors(process.resolve("fd")),
                    threads.count(),
                    sum(caller, "gateway_in_flight_requests", ""),
                    sum(caller, "gateway_queue_length", ""));
        }
    }

    private static Map<String, Integer> descriptors(Path folder) throws IOException {
        Map<String, Integer> kinds = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path descriptor : all.toList()) {
                try {
                    kinds.merge(kind(Files.readSymbolicLink(descriptor).toString()), 1, Integer::sum);
                } catch (NoSuchFileException closedMeanwhile) {
                    // It is none any more.
                }
            }
        }
        return kinds;
    }

    private static String kind(String target) {
        if (target.contains("/kept/stores/")) {
            return STORE;
        }
        if (target.contains("/kept/")) {
            return "other files that are kept";
        }
        return target.startsWith("/") ? "other files" : target.replaceFirst(":\\[[0-9]+\\]$", "");
    }

    private static double sum(HttpCaller caller, String name, String label) {
        return caller.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static boolean mounted(Path home) throws IOException, InterruptedException {
        return new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", home.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /** None of those that the system gives to connections: while the model server is gone, one that tries to reach it could take its place. */
    private static int freePort() throws IOException {
        for (int port = 20_000; port < 30_000; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // The next one, then.
            }
        }
        throw new IOException("no port between 20000 and 30000 is free");
    }
}
