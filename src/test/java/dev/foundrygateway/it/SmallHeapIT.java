package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.oneOf;

import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway of 96 MB and eight bodies of 6 MB, all of them half there before any is whole: none is lost and answered with 200, and the next call finds it well. */
class SmallHeapIT {
    private static final int BODIES = 8;
    private static final int ROUNDS = 4;
    private static final int LENGTH = 6_000_000;
    private static final int PIECE = 64 * 1024;

    /** What became of one body. */
    private record Told(int status, String reply, String expected) {}

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aBodyIsWholeOrRefusedAndNeverLost() throws Exception {
        Vertx vertx = Vertx.vertx();
        ExecutorService clients = Executors.newFixedThreadPool(BODIES);
        try (PracticeUpstream upstream = PracticeUpstream.start(vertx, PracticeSettings.immediate());
                GatewayProcess gateway = GatewayProcess.start(Map.of(
                        "JAVA_TOOL_OPTIONS",
                        "-Xmx96m",
                        "gateway.upstreams.foundry.url",
                        upstream.uri().toString(),
                        "gateway.upstreams.foundry.dialect",
                        "openai",
                        "gateway.retrieval.embedding-model",
                        "none"))) {
            // The answer says what has arrived.
            upstream.script(received -> received.path().endsWith("/chat/completions")
                    ? Optional.of(Script.start().json(200, answer(hash(received.text()))))
                    : Optional.empty());
            int answered = 0;
            for (int round = 0; round < ROUNDS; round++) {
                CyclicBarrier halfThere = new CyclicBarrier(BODIES);
                List<Future<Told>> all = new ArrayList<>();
                for (int i = 0; i < BODIES; i++) {
                    String body = body(round * BODIES + i);
                    boolean chunked = i % 2 == 0;
                    all.add(clients.submit(() -> send(gateway.base(), body, chunked, halfThere)));
                }
                for (Future<Told> one : all) {
                    Told told = one.get();
                    assertThat(told.reply(), told.status(), is(oneOf(200, 413, 429, 503)));
                    if (told.status() == 200) {
                        answered++;
                        assertThat("all of it has arrived", told.reply(), containsString(told.expected()));
                    } else {
                        assertThat(told.reply(), containsString("\"error\":{\"message\""));
                    }
                }
                // Everything that was held is free again.
                String small = "{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
                assertThat(
                        List.of(new HttpCaller(gateway.base())
                                .post("/v1/chat/completions", small)
                                .statusCode()),
                        everyItem(is(200)));
            }
            assertThat("some are answered", answered, greaterThan(ROUNDS - 1));
            assertThat(
                    gateway.log()
                            .lines()
                            .filter(line -> line.contains(" ERROR "))
                            .toList(),
                    is(List.of()));
        } finally {
            clients.shutdownNow();
            vertx.close();
        }
    }

    private static String body(int seed) {
        String word = "word-" + seed + " ";
        return "{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\""
                + word.repeat(LENGTH / word.length()) + "\"}]}";
    }

    private static String answer(String hash) {
        return "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"phi-4-mini\",\"choices\":[{\"index\":0,"
                + "\"message\":{\"role\":\"assistant\",\"content\":\"" + hash + "\"},\"finish_reason\":\"stop\"}]}";
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Told send(URI gateway, String body, boolean chunked, CyclicBarrier halfThere) throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
            socket.setSoTimeout(90_000);
            OutputStream out = socket.getOutputStream();
            String length = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + bytes.length;
            out.write(("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                            + "Content-Type: application/json\r\n" + length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            boolean refused = false;
            for (int from = 0; from < bytes.length; from += PIECE) {
                if (from / PIECE == bytes.length / PIECE / 2) {
                    halfThere.await(1, TimeUnit.MINUTES);
                }
                // One that is refused may be cut off; its answer is there all the same.
                refused = refused || !write(out, bytes, from, chunked);
            }
            if (chunked && !refused) {
                refused = !write(out, bytes, bytes.length, true);
            }
            String reply = read(socket);
            int status = reply.startsWith("HTTP/1.1 ") ? Integer.parseInt(reply.substring(9, 12)) : 0;
            return new Told(status, reply, hash(body));
        }
    }

    private static boolean write(OutputStream out, byte[] bytes, int from, boolean chunked) {
        int length = Math.min(PIECE, bytes.length - from);
        try {
            if (chunked) {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            out.write(bytes, from, length);
            if (chunked) {
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    private static String read(Socket socket) {
        StringBuilder reply = new StringBuilder();
        try {
            byte[] buffer = new byte[8192];
            int read;
            while ((read = socket.getInputStream().read(buffer)) > 0) {
                reply.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
            }
        } catch (IOException reset) {
            if (reply.length() == 0) {
                throw new UncheckedIOException("no answer at all", reset);
            }
        }
        return reply.toString();
    }
}
