package dev.foundrygateway.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on a free port of the loopback interface that answers every request alike and counts them. */
final class CountingServer implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger posts = new AtomicInteger();

    private CountingServer(HttpServer server) {
        this.server = server;
    }

    static CountingServer start(String contentType, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CountingServer counting = new CountingServer(server);
        server.createContext("/", exchange -> counting.answer(exchange, contentType, body.getBytes(UTF_8)));
        server.start();
        return counting;
    }

    private void answer(HttpExchange exchange, String contentType, byte[] body) throws IOException {
        requests.incrementAndGet();
        if (exchange.getRequestMethod().equals("POST")) {
            posts.incrementAndGet();
        }
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Its address under that host name, with a slash at the end. */
    String at(String host) {
        return "http://" + host + ":" + server.getAddress().getPort() + "/";
    }

    /** How many requests have come. */
    int requests() {
        return requests.get();
    }

    /** How many of them were POSTs. */
    int posts() {
        return posts.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
