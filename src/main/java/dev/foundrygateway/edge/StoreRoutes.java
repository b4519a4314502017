package dev.foundrygateway.edge;

import dev.foundrygateway.access.AccessConfig;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.RetrievalConfig;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** The edge of the routes of files and stores, which quarkus-rest serves: the reply's request id, and how large a body may be. */
@ApplicationScoped
public class StoreRoutes {
    /** What a form has around its file. */
    private static final long FORM_BYTES = 1 << 20;

    private static final String FILES = "/v1/files";
    private static final String STORES = "/v1/vector_stores";

    /** Behind the place where Quarkus sets its own limit. */
    private static final int ORDER = RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT + 1;

    private final long bodyLimit;
    private final long formLimit;

    StoreRoutes(AccessConfig access, RetrievalConfig retrieval) {
        this.bodyLimit = access.bodyLimit().asLongValue();
        this.formLimit = retrieval.maxFileSize().asLongValue() + FORM_BYTES;
    }

    void routes(@Observes Router router) {
        router.route(FILES + "*").order(ORDER).handler(this::enter);
        router.route(STORES + "*").order(ORDER).handler(this::enter);
    }

    /** Whether a path is one of theirs. */
    static boolean take(String path) {
        return path.startsWith(FILES) || path.startsWith(STORES);
    }

    private void enter(RoutingContext routing) {
        ReplyHead.requestId(
                routing.response(), RequestIds.take(routing.request().getHeader("x-request-id")));
        String type = String.valueOf(routing.request().getHeader(HttpHeaders.CONTENT_TYPE));
        boolean form = type.startsWith("multipart/");
        long limit = form ? formLimit : bodyLimit;
        if (length(routing) > limit) {
            refuse(routing, form ? "gateway.retrieval.max-file-size" : "gateway.access.body-limit", limit);
            return;
        }
        // For a body that does not say how long it is; Quarkus looks there while it reads.
        routing.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, limit);
        routing.next();
    }

    private static long length(RoutingContext routing) {
        String length = routing.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** After the whole body has come and been dropped: clients that are answered while they send see a broken connection. */
    private static void refuse(RoutingContext routing, String setting, long limit) {
        HttpServerRequest request = routing.request();
        request.handler(dropped -> {});
        request.endHandler(end -> {
            ReplyHead.json(routing.response(), ErrorCode.BODY_TOO_LARGE.status());
            routing.response()
                    .end(ErrorBody.of(
                                    ErrorCode.BODY_TOO_LARGE,
                                    "the request body is larger than " + limit + " bytes; send less, or raise "
                                            + setting,
                                    "")
                            .json());
        });
        request.resume();
    }
}
