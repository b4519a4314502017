package dev.foundrygateway.practice;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * An HTTP server in this process that plays a Foundry Local model server on 127.0.0.1: dev mode's stand-in where none answers, and the scripted
 * upstream of the tests. It answers by itself in the shape its {@link PracticeSettings} name; a {@link Script} says otherwise for any request; and it
 * tells what it received. Its answers say plainly that they are no model's.
 *
 * <p>Thread-safe. {@link #start} and {@link #close} block and are not for event loops.
 */
public final class PracticeUpstream implements AutoCloseable {
    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final HttpServer server;
    private final boolean recording;
    private final ModelShelf shelf;
    private final FaultInjection faults;
    private final ModelServer modelServer;
    private final RequestLog log = new RequestLog();
    private volatile Function<ReceivedRequest, Optional<Script>> scripts = request -> Optional.empty();

    private PracticeUpstream(Vertx vertx, HttpServer server, PracticeSettings settings) {
        this.vertx = vertx;
        this.server = server;
        this.recording = settings.recording();
        this.shelf = new ModelShelf(settings.models());
        this.faults = new FaultInjection(settings);
        this.modelServer = switch (settings.shape()) {
            case FOUNDRY_0X -> new Foundry0x(settings, shelf, server::actualPort);
            case FOUNDRY_1X -> new Foundry1x(settings, shelf, server::actualPort);
            case FOUNDRY_2X -> new Foundry2x(settings, shelf, server::actualPort);
        };
    }

    /**
     * Starts one and waits until it listens.
     *
     * @throws IllegalStateException when the port is taken, or when called on an event loop
     */
    public static PracticeUpstream start(Vertx vertx, PracticeSettings settings) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(settings.port())
                // As the runtimes: an offered upgrade to HTTP/2 is ignored.
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_HEADER_BYTES)
                .setHandle100ContinueAutomatically(true);
        HttpServer server = vertx.createHttpServer(options);
        PracticeUpstream upstream = new PracticeUpstream(vertx, server, settings);
        server.requestHandler(upstream::receive);
        try {
            join(server.listen());
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "the practice upstream cannot listen on 127.0.0.1:" + settings.port() + ": " + e.getCause(), e);
        }
        return upstream;
    }

    private void receive(HttpServerRequest request) {
        long arrived = System.nanoTime();
        request.body().onSuccess(body -> {
            ReceivedRequest received = new ReceivedRequest(request, body, arrived);
            if (recording) {
                log.add(received);
            }
            new ScriptPlayer(vertx, request, received, answer(received)).play();
        });
    }

    private Script answer(ReceivedRequest received) {
        return scripts.apply(received).or(() -> faults.next(received)).orElseGet(() -> modelServer.answer(received));
    }

    /** The base address for OpenAI clients, as {@code http://127.0.0.1:41234/v1}. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port() + "/v1");
    }

    public int port() {
        return server.actualPort();
    }

    /**
     * The requests received so far, bodies included, in the order of their coming: a snapshot. Empty without {@link
     * PracticeSettings#recording recording}.
     */
    public List<ReceivedRequest> received() {
        return log.all();
    }

    /** Those of them that call a model: a gateway asks about the server itself when it likes. */
    public List<ReceivedRequest> calls() {
        return received().stream().filter(request -> !request.isManagement()).toList();
    }

    /** The one of them that came last. */
    public ReceivedRequest lastCall() {
        List<ReceivedRequest> calls = calls();
        return calls.get(calls.size() - 1);
    }

    /** Completes with the model call of this number, from 0, when it has come. Never completes when {@link #clear} comes before it. */
    public CompletableFuture<ReceivedRequest> call(int index) {
        return log.call(index);
    }

    /**
     * Sets what the next requests get.
     *
     * @param newScripts called on the event loop for each request, must not block; empty for the answer without a script
     */
    public void script(Function<ReceivedRequest, Optional<Script>> newScripts) {
        scripts = newScripts;
    }

    /** Plays this script for all next requests but those about the server itself: a gateway sends them when it likes. */
    public void script(Script script) {
        script(request -> request.isManagement() ? Optional.empty() : Optional.of(script));
    }

    /** How often loading a model was asked for, be it loaded already; 0 for one it does not have. */
    public int loads(String alias) {
        return shelf.byAlias(alias).map(shelf::loads).orElse(0);
    }

    /** Forgets the requests received and the scripts, and has the same models loaded as at the start. Scripts being played go on. */
    public void clear() {
        script(request -> Optional.empty());
        log.clear();
        shelf.reset();
        faults.reset();
    }

    /** Stops listening and closes all connections. A second time does nothing. */
    @Override
    public void close() {
        join(server.close());
    }

    private static void join(Future<?> future) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("the practice upstream blocks to start and to stop: not on an event loop");
        }
        future.toCompletionStage().toCompletableFuture().join();
    }

    /** The requests received, in the order of their coming, and those who wait for the next model calls. Thread-safe. */
    static final class RequestLog {
        private final List<ReceivedRequest> all = new ArrayList<>();
        private final List<CompletableFuture<ReceivedRequest>> calls = new ArrayList<>();
        private int count;

        void add(ReceivedRequest request) {
            CompletableFuture<ReceivedRequest> slot;
            synchronized (this) {
                all.add(request);
                if (request.isManagement()) {
                    return;
                }
                slot = slot(count++);
            }
            // Outside the lock: it runs what depends on it.
            slot.complete(request);
        }

        synchronized List<ReceivedRequest> all() {
            return List.copyOf(all);
        }

        synchronized CompletableFuture<ReceivedRequest> call(int index) {
            return slot(index).copy();
        }

        synchronized void clear() {
            all.clear();
            calls.clear();
            count = 0;
        }

        private CompletableFuture<ReceivedRequest> slot(int index) {
            while (calls.size() <= index) {
                calls.add(new CompletableFuture<>());
            }
            return calls.get(index);
        }
    }
}
