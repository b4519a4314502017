package dev.foundrygateway.upstream.foundry;

import dev.foundrygateway.upstream.Upstream;
import dev.foundrygateway.upstream.UpstreamAddress;
import dev.foundrygateway.upstream.UpstreamTls;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.tls.TlsConfiguration;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** Who is called how; a changed address is another client. */
    private record Key(UpstreamAddress address, String authorization, Optional<TlsConfiguration> tls) {}

    private static final int CONNECT_MILLIS = 900;

    /** A list of ten thousand models has 5 MB. */
    private static final int MOST_BYTES = 16 << 20;

    /** A Foundry Local has another port with every start, and a candidate of the search is asked but once. */
    private static final int MOST_CLIENTS = 32;

    private final UpstreamTls tls;
    private final Map<Key, ModelServer> clients = new ConcurrentHashMap<>();

    ModelServers(UpstreamTls tls) {
        this.tls = tls;
    }

    void stop(@Observes ShutdownEvent event) {
        List.copyOf(clients.keySet()).forEach(this::close);
    }

    /**
     * Asks an upstream.
     *
     * @param limit for the whole answer
     * @param call what it is asked
     * @return the answer, whatever its status; fails when none comes in time, or one over 16 MB
     */
    public Future<Answer> ask(Upstream upstream, Duration limit, Function<ModelServer, Uni<Response>> call) {
        return ask(new Key(upstream.dialled(), upstream.authorization(), tls.of(upstream)), limit, call);
    }

    /** Asks at an address that is nobody's yet. */
    Future<Answer> ask(UpstreamAddress address, Duration limit, Function<ModelServer, Uni<Response>> call) {
        return ask(new Key(address, "", Optional.empty()), limit, call);
    }

    private Future<Answer> ask(Key key, Duration limit, Function<ModelServer, Uni<Response>> call) {
        // Deferred: a client that can't be made is a call that fails.
        Uni<Answer> answer = Uni.createFrom()
                .deferred(() -> call.apply(client(key)))
                .map(Answer::of)
                .ifNoItem()
                .after(limit)
                .failWith(() -> new TimeoutException("no answer within " + limit));
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
        return clients.computeIfAbsent(key, ModelServers::create);
    }

    private static ModelServer create(Key key) {
        QuarkusRestClientBuilder builder = QuarkusRestClientBuilder.newBuilder()
                .baseUri(URI.create(key.address().root()))
                .connectTimeout(CONNECT_MILLIS, TimeUnit.MILLISECONDS)
                .followRedirects(false)
                .disableDefaultMapper(true)
                .httpClientRequestCustomizer(ModelServers::bound);
        if (!key.authorization().isEmpty()) {
            builder.httpClientRequestCustomizer(
                    request -> request.putHeader(HttpHeaders.AUTHORIZATION, key.authorization()));
        }
        key.tls().ifPresent(builder::tlsConfiguration);
        return builder.build(ModelServer.class);
    }

    /** The REST client gathers a body of any length. */
    private static void bound(HttpClientRequest request) {
        // The caller is told of a connection that breaks; Vert.x' log need not be.
        request.exceptionHandler(ignored -> {});
        request.connection().exceptionHandler(ignored -> {});
        request.response().onSuccess(ModelServers::count);
    }

    private static void count(HttpClientResponse response) {
        // All are read as bytes. The REST client fails at a type that is none, and would take a form apart.
        response.headers().set(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
        int[] bytes = {0};
        response.handler(piece -> {
            bytes[0] += piece.length();
            if (bytes[0] > MOST_BYTES) {
                response.request().reset(0, new IOException("an answer over " + MOST_BYTES + " bytes"));
            }
        });
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
