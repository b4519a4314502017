package dev.foundrygateway.upstream.foundry;

import dev.foundrygateway.upstream.Upstream;
import dev.foundrygateway.upstream.UpstreamAddress;
import dev.foundrygateway.upstream.UpstreamTls;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.tls.TlsConfiguration;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.StreamResetException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The clients for what model servers are asked about themselves: one for each address. Beside the relay, with short answers read whole. Thread-safe. */
@ApplicationScoped
public class ModelServers {
    /**
     * What a model server answered.
     *
     * @param status the HTTP status
     * @param body all of its body
     */
    public record Answer(int status, Buffer body) {
        public boolean ok() {
            return status / 100 == 2;
        }

        private static Answer of(Response response) {
            byte[] body = response.hasEntity() ? response.readEntity(byte[].class) : new byte[0];
            return new Answer(response.getStatus(), Buffer.buffer(body));
        }
    }

    /** Who is called how; another address or another time limit is another client. */
    private record Key(UpstreamAddress address, String authorization, Optional<TlsConfiguration> tls, Duration limit) {}

    private static final int CONNECT_MILLIS = 900;

    /** A list of ten thousand models has 5 MB. */
    private static final int MOST_BYTES = 16 << 20;

    /** A Foundry Local has another port with every start, and a candidate of the search is asked but once. */
    private static final int MOST_CLIENTS = 64;

    private final Vertx vertx;
    private final UpstreamTls tls;
    private final Map<Key, ModelServer> clients = new ConcurrentHashMap<>();

    ModelServers(Vertx vertx, UpstreamTls tls) {
        this.vertx = vertx;
        this.tls = tls;
    }

    void stop(@Observes ShutdownEvent event) {
        List.copyOf(clients.keySet()).forEach(this::close);
    }

    /**
     * Asks an upstream.
     *
     * @param limit for the whole answer once there is a connection, which may take 900 ms
     * @param call what it is asked
     * @return the answer, whatever its status; fails when none comes in time, or one over 16 MB
     */
    public Future<Answer> ask(Upstream upstream, Duration limit, Function<ModelServer, Uni<Response>> call) {
        UpstreamAddress address = upstream.dialled();
        return ask(new Key(address, upstream.authorization(), tls.of(upstream), limit), call)
                .recover(failure -> isNobodyThere(failure) && upstream.passOver(address)
                        ? ask(upstream, limit, call)
                        : Future.failedFuture(failure));
    }

    /** Asks an upstream at one of its addresses, and at no other. */
    public Future<Answer> askAt(
            Upstream upstream, UpstreamAddress address, Duration limit, Function<ModelServer, Uni<Response>> call) {
        return ask(new Key(address, upstream.authorization(), tls.of(upstream), limit), call);
    }

    private static boolean isNobodyThere(Throwable failure) {
        return failure instanceof ConnectException || (failure.getCause() != null && isNobodyThere(failure.getCause()));
    }

    /** Asks at an address that is nobody's yet. */
    Future<Answer> ask(UpstreamAddress address, Duration limit, Function<ModelServer, Uni<Response>> call) {
        return ask(new Key(address, "", Optional.empty(), limit), call);
    }

    private Future<Answer> ask(Key key, Function<ModelServer, Uni<Response>> call) {
        // Deferred: a client that can't be made is a call that fails.
        Uni<Answer> answer = Uni.createFrom()
                .deferred(() -> call.apply(client(key)))
                .map(Answer::of)
                .onFailure(StreamResetException.class)
                .transform(reset -> reset.getCause() == null ? reset : reset.getCause());
        return Future.fromCompletionStage(answer.subscribeAsCompletionStage());
    }

    private ModelServer client(Key key) {
        ModelServer known = clients.get(key);
        if (known != null) {
            return known;
        }
        if (clients.size() >= MOST_CLIENTS) {
            List.copyOf(clients.keySet()).forEach(this::close);
        }
        return clients.computeIfAbsent(key, this::create);
    }

    private ModelServer create(Key key) {
        QuarkusRestClientBuilder builder = QuarkusRestClientBuilder.newBuilder()
                .baseUri(URI.create(key.address().root()))
                .connectTimeout(CONNECT_MILLIS, TimeUnit.MILLISECONDS)
                .followRedirects(false)
                .disableDefaultMapper(true)
                .httpClientRequestCustomizer(request -> bound(request, key));
        key.tls().ifPresent(builder::tlsConfiguration);
        return builder.build(ModelServer.class);
    }

    /**
     * Bounds an answer in time and size. The REST client gathers a body of any length, and where its own call is cancelled before there is a connection, it keeps
     * that connection for ever.
     */
    private void bound(HttpClientRequest request, Key key) {
        // The caller is told of a connection that breaks; Vert.x' log need not be.
        request.exceptionHandler(ignored -> {});
        request.connection().exceptionHandler(ignored -> {});
        if (!key.authorization().isEmpty()) {
            request.putHeader(HttpHeaders.AUTHORIZATION, key.authorization());
        }
        long timer = vertx.setTimer(
                Math.max(1, key.limit().toMillis()),
                late -> request.reset(0, new TimeoutException("no answer within " + key.limit())));
        request.response()
                .onFailure(ignored -> vertx.cancelTimer(timer))
                .onSuccess(response -> count(response).onComplete(ignored -> vertx.cancelTimer(timer)));
    }

    /** Reads along; done when the answer has ended. */
    private static Future<Void> count(HttpClientResponse response) {
        // All are read as bytes. The REST client fails at a type that is none, and would take a form apart.
        response.headers().set(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
        int[] bytes = {0};
        response.handler(piece -> {
            bytes[0] += piece.length();
            if (bytes[0] > MOST_BYTES) {
                response.request().reset(0, new IOException("an answer over " + MOST_BYTES + " bytes"));
            }
        });
        return response.end();
    }

    private void close(Key key) {
        @Nullable ModelServer client = clients.remove(key);
        if (client instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
