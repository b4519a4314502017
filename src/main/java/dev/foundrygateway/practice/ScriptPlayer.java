package dev.foundrygateway.practice;

import dev.foundrygateway.practice.ReceivedRequest.How;
import io.netty.channel.ChannelOption;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Plays one script as the reply to one request. Runs on the connection's event loop alone. */
final class ScriptPlayer {
    private final Vertx vertx;
    private final Context context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ReceivedRequest received;
    private final List<Script.Step> steps;

    private int next;
    private boolean looping;
    private boolean ready;
    private boolean over;

    ScriptPlayer(Vertx vertx, HttpServerRequest request, ReceivedRequest received, Script script) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.request = request;
        this.response = request.response();
        this.received = received;
        this.steps = script.steps();
    }

    void play() {
        response.closeHandler(closed -> over(How.RESET));
        response.exceptionHandler(failure -> over(How.RESET));
        resume();
    }

    /** Goes on with the next step. A loop rather than recursion, since most steps are done at once and a script may have thousands. */
    void resume() {
        ready = true;
        if (looping) {
            return;
        }
        looping = true;
        while (ready && !over) {
            ready = false;
            if (next == steps.size()) {
                end();
            } else {
                steps.get(next++).play(this);
            }
        }
        looping = false;
    }

    void head(int status, List<Map.Entry<String, String>> headers) {
        response.setStatusCode(status);
        headers.forEach(header -> response.headers().add(header.getKey(), header.getValue()));
        if (bodiless()) {
            resume();
            return;
        }
        response.setChunked(!response.headers().contains(HttpHeaders.CONTENT_LENGTH));
        // Nothing yet, but it sends the head.
        send(Buffer.buffer());
    }

    void write(Buffer bytes) {
        if (bodiless()) {
            resume();
            return;
        }
        if (!response.headWritten() && !response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            response.setChunked(true);
        }
        send(bytes);
    }

    private void send(Buffer bytes) {
        response.write(bytes).onSuccess(written -> resume()).onFailure(failure -> over(How.RESET));
    }

    void delay(long millis) {
        vertx.setTimer(millis, timer -> resume());
    }

    void await(CompletionStage<?> gate) {
        gate.whenComplete((value, failure) -> context.runOnContext(go -> resume()));
    }

    void mark(String label) {
        received.mark(label);
        resume();
    }

    void stall() {
        ready = false;
    }

    void reset() {
        over(How.CUT);
        // Vert.x sets this for a whole server only; a close with a linger of zero is an RST.
        HttpServerConnection connection = (HttpServerConnection) request.connection();
        connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        connection.close();
    }

    void cut() {
        over(How.CUT);
        request.connection().close();
    }

    void end() {
        boolean close = response.headers().contains(HttpHeaders.CONNECTION, "close", true);
        over(How.COMPLETED);
        response.end().onComplete(ended -> {
            if (close) {
                request.connection().close();
            }
        });
    }

    /** The first one counts: after a proper end the close of the connection says nothing. */
    private void over(How how) {
        if (!over) {
            over = true;
            received.ended(how);
        }
    }

    private boolean bodiless() {
        return request.method().equals(HttpMethod.HEAD) || response.getStatusCode() == 204;
    }
}
