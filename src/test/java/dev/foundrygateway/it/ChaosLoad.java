package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;

import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** All that {@link ChaosIT} does to a gateway at once, for a while: clients that stay and leave, a model server that dies, hostile files, a disk that fills up. */
final class ChaosLoad implements AutoCloseable {
    private static final int CLIENTS = 8;
    private static final int STORES = 8;
    private static final List<String> MODELS = List.of("phi-4-mini", "gpt-oss-20b", "hybrid");
    private static final String CHAT =
            "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}";

    private final Vertx vertx = Vertx.vertx();
    private final HttpCaller caller;
    private final String v1;
    private final Optional<Path> disk;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final Map<String, String> kept = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> stores = new ConcurrentLinkedQueue<>();
    private final AtomicInteger serial = new AtomicInteger();
    private final List<byte[]> hostile;
    private final int upstreamPort;
    private PracticeUpstream upstream;

    /**
     * A load.
     *
     * @param disk the small disk that the gateway keeps its files on; empty if it can't be filled
     */
    ChaosLoad(URI gateway, int upstreamPort, Optional<Path> disk) {
        this.caller = new HttpCaller(gateway);
        this.v1 = gateway + "/v1";
        this.upstreamPort = upstreamPort;
        this.disk = disk;
        this.hostile = hostileFiles();
        this.upstream = start();
    }

    /** The port is free a moment after {@code close}: Java gives a listening socket back only when its selector has seen that. */
    private PracticeUpstream start() {
        return await().atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .ignoreExceptionsMatching(
                        taken -> String.valueOf(taken.getMessage()).contains("cannot listen"))
                .until(
                        () -> PracticeUpstream.start(
                                vertx, PracticeSettings.defaults().withPort(upstreamPort)),
                        started -> true);
    }

    /** Files that were acknowledged and not deleted since, by their id: their text. */
    Map<String, String> kept() {
        return Map.copyOf(kept);
    }

    /** What must not have happened. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** How often what has happened. */
    Map<String, Long> counts() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((what, often) -> all.put(what, often.sum()));
        return all;
    }

    /** Runs for so long, and waits for the last call's end. */
    void run(Duration time) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        for (int i = 0; i < CLIENTS; i++) {
            repeat(threads, over, 5, this::call);
        }
        repeat(threads, over, 400, this::upload);
        repeat(threads, over, 3_000, this::uploadHostile);
        repeat(threads, over, 12_000, this::killTheModelServer);
        disk.ifPresent(folder -> repeat(threads, over, 20_000, () -> fill(folder)));
        over.await(time.toMillis(), TimeUnit.MILLISECONDS);
        over.countDown();
        threads.shutdown();
        if (!threads.awaitTermination(3, TimeUnit.MINUTES)) {
            faults.add("a client still waits three minutes after the end");
            threads.shutdownNow();
        }
    }

    private void repeat(ExecutorService threads, CountDownLatch over, long pauseMillis, Runnable step) {
        threads.execute(() -> {
            try {
                while (!over.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                    try {
                        step.run();
                    } catch (UncheckedIOException broken) {
                        count("connection broken");
                        faults.add("the gateway broke a connection: " + broken.getMessage());
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | AssertionError e) {
                faults.add(e.toString());
            }
        });
    }

    private void count(String what) {
        counts.computeIfAbsent(what, ignored -> new LongAdder()).increment();
    }

    private void call() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String model = MODELS.get(random.nextInt(MODELS.size()));
        switch (random.nextInt(6)) {
            case 0 -> plain(model);
            case 1 ->
                told(
                        "embeddings",
                        caller.post("/v1/embeddings", "{\"model\":\"phi-4-mini\",\"input\":\"sky\"}")
                                .statusCode());
            case 2 ->
                told(
                        "broken JSON",
                        caller.post("/v1/chat/completions", "{\"model\":").statusCode());
            case 3 -> leave(model, random.nextInt(2_000));
            default -> stream(model);
        }
    }

    private void told(String what, int status) {
        count(what + " " + status);
    }

    private void plain(String model) {
        HttpResponse<String> reply = caller.post("/v1/chat/completions", CHAT.formatted(model, "false"));
        told("plain", reply.statusCode());
        if (reply.statusCode() == 200 && !reply.body().contains("\"finish_reason\"")) {
            faults.add("a plain 200 that is no answer: " + reply.body());
        }
    }

    private void stream(String model) {
        HttpResponse<InputStream> reply = caller.open("/v1/chat/completions", CHAT.formatted(model, "true"));
        try (InputStream body = reply.body()) {
            String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            boolean error = text.contains("\"error\":{");
            told(error ? "stream with an error event" : "stream", reply.statusCode());
            if (reply.statusCode() == 200 && text.endsWith("data: [DONE]\n\n") == error) {
                faults.add("a stream that neither ended nor told: " + text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads so many bytes at most and hangs up. */
    private void leave(String model, int most) {
        HttpResponse<InputStream> reply = caller.open("/v1/chat/completions", CHAT.formatted(model, "true"));
        try (InputStream body = reply.body()) {
            body.readNBytes(most);
            count("left");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closed after each call: this client would keep its connections until it is collected, and they would be counted as the gateway's. */
    private static RequestSpecification given() {
        return RestAssured.given().header("Connection", "close");
    }

    private Response send(String name, byte[] content) {
        return given().multiPart("file", name, content)
                .multiPart("purpose", "assistants")
                .post(v1 + "/files");
    }

    private void upload() {
        int number = serial.incrementAndGet();
        String text = ("Note number " + number + " says that the heron waits at the weir. ").repeat(40);
        Response reply = send("note" + number + ".txt", text.getBytes(StandardCharsets.UTF_8));
        told("file", reply.statusCode());
        if (reply.statusCode() == 200) {
            String id = reply.path("id");
            kept.put(id, text);
            Response made = given().contentType("application/json")
                    .body("{\"file_ids\":[\"" + id + "\"],\"name\":\"" + number + "\"}")
                    .post(v1 + "/vector_stores");
            told("store", made.statusCode());
            if (made.statusCode() == 200) {
                stores.add(made.path("id"));
            }
        }
        if (stores.size() > STORES) {
            deleteStore(stores.remove());
        }
        if (kept.size() > 200) {
            delete(kept.keySet().iterator().next());
        }
    }

    private void deleteStore(String id) {
        told("store deleted", given().delete(v1 + "/vector_stores/" + id).statusCode());
    }

    /** Deletes the stores that are there, so that none is open any more. */
    void deleteStores() {
        for (String id = stores.poll(); id != null; id = stores.poll()) {
            deleteStore(id);
        }
    }

    private void delete(String id) {
        int status = given().delete(v1 + "/files/" + id).statusCode();
        told("delete", status);
        if (status == 200) {
            kept.remove(id);
        }
    }

    private void uploadHostile() {
        int number = serial.incrementAndGet();
        byte[] content = hostile.get(number % hostile.size());
        String ending = List.of("docx", "pdf", "md", "html", "txt").get(number % hostile.size());
        Response reply = send("hostile" + number + "." + ending, content);
        told("hostile file", reply.statusCode());
        if (reply.statusCode() != 200) {
            return;
        }
        String file = reply.path("id");
        Response made = given().contentType("application/json")
                .body("{\"file_ids\":[\"" + file + "\"]}")
                .post(v1 + "/vector_stores");
        if (made.statusCode() == 200) {
            told(
                    "hostile store deleted",
                    given().delete(v1 + "/vector_stores/" + made.path("id")).statusCode());
        }
        told("hostile file deleted", given().delete(v1 + "/files/" + file).statusCode());
    }

    private void killTheModelServer() {
        upstream.close();
        count("model server killed");
        upstream = start();
    }

    /** A full disk: uploads are refused in words, and deleting makes room. */
    private void fill(Path folder) {
        Path filler = folder.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            count("disk full");
        }
        try {
            Response refused = send("full.txt", new byte[100_000]);
            told("file on a full disk", refused.statusCode());
            if (refused.statusCode() == 200) {
                given().delete(v1 + "/files/" + refused.path("id"));
            }
            Optional<String> first = kept.keySet().stream().findFirst();
            if (first.isPresent()) {
                int status = given().delete(v1 + "/files/" + first.get()).statusCode();
                told("delete on a full disk", status);
                if (status == 200) {
                    kept.remove(first.get());
                } else if (status != 404) {
                    faults.add("DELETE on a full disk was answered " + status);
                }
            }
        } finally {
            try {
                Files.deleteIfExists(filler);
            } catch (IOException e) {
                faults.add("the filler stayed: " + e);
            }
        }
    }

    private static List<byte[]> hostileFiles() {
        List<byte[]> files = new ArrayList<>();
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bomb)) {
            zip.putNextEntry(new ZipEntry("word/document.xml"));
            for (int i = 0; i < 200; i++) {
                zip.write(new byte[1 << 20]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.add(bomb.toByteArray());
        files.add("""
                        %PDF-1.4
                        1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
                        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 2000000000>>endobj
                        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
                        trailer<</Root 1 0 R>>
                        %%EOF
                        """.getBytes(StandardCharsets.US_ASCII));
        files.add(("# T\n\n#### " + "# ".repeat(500_000)).getBytes(StandardCharsets.US_ASCII));
        files.add(("<html><body>" + "<div>a".repeat(50_000)).getBytes(StandardCharsets.US_ASCII));
        files.add("a".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII));
        return List.copyOf(files);
    }

    @Override
    public void close() {
        upstream.close();
        vertx.close();
    }
}
