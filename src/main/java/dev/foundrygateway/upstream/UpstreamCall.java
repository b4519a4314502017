package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.upstream.repair.Repairs;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Locale;

/**
 * One HTTP call to a model server, ready to be sent.
 *
 * @param method its method
 * @param path its path below the address's prefix, query included, such as {@code /v1/chat/completions}
 * @param headers what is sent, framing aside
 * @param body what is sent; empty for none
 * @param model the id of the model asked, empty if the call names none
 * @param streaming whether the upstream is asked for a stream
 * @param chunked whether its stream consists of chat or completions chunks, which end with a finish reason or {@code [DONE]}
 * @param usageWithheld whether the gateway asked for the usage chunk and the client did not
 * @param timeline where its time went so far
 * @param repairs what is done with the reply beyond handing it on
 */
public record UpstreamCall(
        HttpMethod method,
        String path,
        MultiMap headers,
        Buffer body,
        String model,
        boolean streaming,
        boolean chunked,
        boolean usageWithheld,
        Timeline timeline,
        Repairs repairs) {
    /** The request that sends it there. */
    RequestOptions to(UpstreamAddress address) {
        return new RequestOptions()
                .setMethod(method)
                .setHost(address.host())
                .setPort(address.port())
                .setSsl(address.tls())
                .setURI(address.path() + path)
                .setHeaders(headers);
    }

    /** Whether its body is JSON, as far as its head says. */
    public boolean sendsJson() {
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        return body.length() > 0
                && type != null
                && type.toLowerCase(Locale.ROOT).contains("json");
    }

    /** The same call after a wait. */
    UpstreamCall queued(long nanos) {
        return new UpstreamCall(
                method, path, headers, body, model, streaming, chunked, usageWithheld, timeline.queued(nanos), repairs);
    }

    /**
     * How its answer came about; places on the clock of the timeline.
     *
     * @param tokenNanos when the first token came, zero if none has come yet
     */
    Served served(String upstream, long sentNanos, long headNanos, long tokenNanos) {
        Timeline until = timeline.sentAt(sentNanos).headAt(headNanos);
        return Served.direct(model, upstream, tokenNanos == 0 ? until : until.tokenAt(tokenNanos));
    }
}
