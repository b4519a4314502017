package dev.foundrygateway.edge;

import dev.foundrygateway.access.ApiKeys;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Loop;
import dev.foundrygateway.exchange.Worker;
import dev.foundrygateway.live.LiveExchanges;
import dev.foundrygateway.live.LogTail;
import dev.foundrygateway.live.Query;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;

/** {@code /v1/gateway/exchanges}: what runs now and ran lately, once or as events, and an end to one of them. A key without the area sees and ends its own alone. */
@Singleton
public class ExchangeRoutes {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_VIEWERS = 32;
    /** Of an API key without the area. */
    private static final int MOST_OF_A_KEY = 4;

    private final LiveExchanges exchanges;
    private final LogTail log;
    private final ApiKeys keys;
    private final Drain drain;
    private final Worker worker;
    private final AtomicInteger viewers = new AtomicInteger();
    private final Map<String, Integer> viewersByKey = new ConcurrentHashMap<>();

    ExchangeRoutes(LiveExchanges exchanges, LogTail log, ApiKeys keys, Drain drain, Vertx vertx) {
        this.worker = Worker.of(vertx);
        this.exchanges = exchanges;
        this.log = log;
        this.keys = keys;
        this.drain = drain;
    }

    void list(RoutingContext routing) {
        routing.request().resume();
        Query query = query(routing);
        tell(routing, seen -> exchanges.json(query, seen));
    }

    /** One of them alone. */
    void one(RoutingContext routing) {
        routing.request().resume();
        String id = String.valueOf(routing.pathParam("id"));
        String only = onlyKey(routing);
        answer(
                routing,
                () -> exchanges
                        .json(id, only)
                        .orElseThrow(() -> new GatewayException(
                                ErrorCode.NOT_FOUND, "no exchange with this id is running or recorded", "id"))
                        .toBuffer());
    }

    /** The end of the log, for those who may see all. */
    void log(RoutingContext routing) {
        routing.request().resume();
        String only = onlyKey(routing);
        if (!only.isEmpty()) {
            ErrorReply.end(
                    routing,
                    new GatewayException(
                            ErrorCode.KEY_DENIED, "this API key may not read the log: it needs the area operate"));
            return;
        }
        tell(routing, log::since);
    }

    /**
     * Once, or as events.
     *
     * @param view what there is without so many of the first, and in {@code next} from where one goes on
     */
    private void tell(RoutingContext routing, LongFunction<JsonObject> view) {
        String accept = routing.request().getHeader(HttpHeaders.ACCEPT);
        if (accept != null
                && accept.contains("text/event-stream")
                && !routing.request().method().equals(HttpMethod.HEAD)) {
            watch(routing, view);
        } else {
            answer(routing, () -> view.apply(0).toBuffer());
        }
    }

    /** Once; a million records may have to be looked at and a thousand written out, which is not the event loop's work. */
    private void answer(RoutingContext routing, Callable<Buffer> json) {
        worker.run(json)
                .subscribe()
                .with(found -> ReplyHead.now(routing, found), failure -> ErrorReply.end(routing, failure));
    }

    void cancel(RoutingContext routing) {
        routing.request().resume();
        String id = String.valueOf(routing.pathParam("id"));
        int found = exchanges.cancel(id, onlyKey(routing));
        if (found == 0) {
            ErrorReply.end(
                    routing, new GatewayException(ErrorCode.NOT_FOUND, "no exchange with this id is running", "id"));
            return;
        }
        ReplyHead.now(
                routing,
                new JsonObject().put("id", id).put("object", "gateway.exchange").put("cancelled", found));
    }

    private Query query(RoutingContext routing) {
        Map<String, String> parameters = new HashMap<>();
        routing.queryParams().forEach(parameter -> parameters.put(parameter.getKey(), parameter.getValue()));
        Query query = Query.of(parameters);
        String only = onlyKey(routing);
        return only.isEmpty() ? query : query.ofKey(only);
    }

    /** The key whose exchanges alone are the caller's to see; empty if it may see all. */
    private String onlyKey(RoutingContext routing) {
        String key = Callers.of(routing, "").key();
        return keys.seesAll(key) ? "" : key;
    }

    private void watch(RoutingContext routing, LongFunction<JsonObject> view) {
        String only = onlyKey(routing);
        boolean most = viewers.incrementAndGet() > MOST_VIEWERS;
        boolean mostOfKey = viewersByKey.merge(only, 1, Integer::sum) > MOST_OF_A_KEY && !only.isEmpty();
        if (most || mostOfKey) {
            left(only);
            String who = mostOfKey ? MOST_OF_A_KEY + " clients with this API key" : MOST_VIEWERS + " clients";
            ErrorReply.end(
                    routing,
                    new GatewayException(
                            ErrorCode.OVERLOADED,
                            who + " follow events already; ask without Accept: text/event-stream"));
            return;
        }
        Viewer viewer = new Viewer(routing, view, only);
        routing.addEndHandler(ended -> viewer.left());
        ReplyHead.stream(routing.response());
        viewer.look();
    }

    private void left(String only) {
        viewers.decrementAndGet();
        viewersByKey.computeIfPresent(only, (key, count) -> count > 1 ? count - 1 : null);
    }

    /** What one who watches is told, and from where it goes on. */
    private record Event(long next, Buffer data) {}

    /** One who watches: every second what runs, and what has ended since the second before. Confined to its request's event loop. */
    private final class Viewer {
        /** For how many seconds one may read nothing before its place is given away. */
        private static final int MOST_UNREAD = 30;

        private final HttpServerResponse response;
        private final Loop loop;
        private final LongFunction<JsonObject> view;
        private final String only;
        private long seen;
        private int unread;
        private boolean gone;
        private Loop.Alarm next = Loop.Alarm.NONE;

        Viewer(RoutingContext routing, LongFunction<JsonObject> view, String only) {
            this.only = only;
            this.response = routing.response();
            this.loop = Loop.current(routing.vertx());
            this.view = view;
        }

        void look() {
            if (gone) {
                return;
            }
            if (drain.refuses()) {
                response.end();
                return;
            }
            if (response.writeQueueFull()) {
                unread++;
                if (unread > MOST_UNREAD) {
                    response.reset();
                    return;
                }
            } else {
                unread = 0;
                long from = seen;
                worker.run(() -> event(view.apply(from))).subscribe().with(this::tell, failure -> response.reset());
                return;
            }
            next = loop.after(PERIOD_NANOS, this::look);
        }

        private Event event(JsonObject json) {
            return new Event(
                    json.getLong("next"),
                    Buffer.buffer("data: ")
                            .appendBuffer(json.toBuffer())
                            .appendBytes("\n\n".getBytes(StandardCharsets.US_ASCII)));
        }

        private void tell(Event event) {
            if (!gone) {
                seen = event.next();
                response.write(event.data());
                next = loop.after(PERIOD_NANOS, this::look);
            }
        }

        void left() {
            if (!gone) {
                gone = true;
                ExchangeRoutes.this.left(only);
                next.off();
            }
        }
    }
}
