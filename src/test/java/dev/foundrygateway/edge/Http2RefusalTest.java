package dev.foundrygateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request of HTTP/2 whose body is refused ends alone: the others of its connection are somebody else's. */
class Http2RefusalTest {
    private static final int LIMIT = 1_000;

    private final Vertx vertx = Vertx.vertx();
    private final BodyMemory memory = new BodyMemory(1 << 20);
    private final CompletableFuture<HttpClientRequest> slow = new CompletableFuture<>();

    @AfterEach
    void close() throws Exception {
        done(vertx.close());
    }

    @Test
    void aRefusedStreamEndsAlone() throws Exception {
        CompletableFuture<RoutingContext> streaming = new CompletableFuture<>();
        Router router = Router.router(vertx);
        router.get("/stream").handler(routing -> {
            routing.response().setChunked(true).write("a");
            streaming.complete(routing);
        });
        router.post("/body").handler(this::read);
        HttpServer server = done(vertx.createHttpServer().requestHandler(router).listen(0));
        HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                .setDefaultPort(server.actualPort())
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2MaxPoolSize(1));
        CompletableFuture<Future<Buffer>> streamed =
                new CompletableFuture<>(); // asked for on the loop, before its first piece can come
        HttpClientResponse stream = done(client.request(HttpMethod.GET, "/stream")
                .compose(request -> request.send().onSuccess(response -> streamed.complete(response.body()))));
        assertAlone(
                415,
                stream,
                done(post(client)
                        .compose(request ->
                                request.putHeader("content-encoding", "br").send("{}"))));
        assertAlone(413, stream, done(post(client).compose(request -> halfOf(request, "99999999"))));
        HttpClientResponse late = done(post(client).compose(request -> {
            slow.complete(request);
            return halfOf(request, "100");
        }));
        assertAlone(408, stream, late);
        CompletableFuture<Throwable> reset = new CompletableFuture<>();
        slow.join().exceptionHandler(reset::complete);
        reset.get(20, TimeUnit.SECONDS);
        assertEquals(
                200, done(post(client).compose(request -> request.send("{}"))).statusCode());
        RoutingContext open = streaming.join();
        open.vertx().runOnContext(ignored -> open.response().end("b"));
        assertEquals("ab", done(streamed.join()).toString());
    }

    private void read(RoutingContext routing) {
        new BodyReader.Reading(
                        routing,
                        LIMIT,
                        300,
                        memory.lease(),
                        body -> routing.response().end(body.bytes()),
                        failure -> ErrorReply.end(routing, failure))
                .start();
    }

    private static Future<HttpClientRequest> post(HttpClient client) {
        return client.request(HttpMethod.POST, "/body");
    }

    private static Future<HttpClientResponse> halfOf(HttpClientRequest request, String length) {
        Future<Void> written = request.putHeader("content-length", length).write("{");
        return written.compose(ignored -> request.response());
    }

    private static void assertAlone(int status, HttpClientResponse stream, HttpClientResponse refused) {
        assertEquals(status, refused.statusCode());
        assertEquals(HttpVersion.HTTP_2, refused.version());
        assertNull(refused.getHeader("connection"));
        assertSame(stream.request().connection(), refused.request().connection());
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
