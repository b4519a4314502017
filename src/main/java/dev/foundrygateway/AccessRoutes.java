package dev.foundrygateway;

import dev.foundrygateway.access.AccessConfig;
import dev.foundrygateway.access.AccessPolicy;
import dev.foundrygateway.access.AccessRequest;
import dev.foundrygateway.access.CorsHeaders;
import dev.foundrygateway.access.Decision;
import dev.foundrygateway.access.HostRules;
import dev.foundrygateway.access.OriginRules;
import dev.foundrygateway.openai.ErrorBody;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The gateway's door: asked before every route, so that its headers stand on every status and every stream. */
@ApplicationScoped
public class AccessRoutes {
    private static final Logger LOG = Logger.getLogger(AccessRoutes.class);
    private static final CharSequence TIMING_ALLOW_ORIGIN = HttpHeaders.createOptimized("timing-allow-origin");
    private static final CharSequence SEC_FETCH_SITE = HttpHeaders.createOptimized("sec-fetch-site");
    private static final CharSequence PRIVATE_NETWORK =
            HttpHeaders.createOptimized("access-control-request-private-network");
    private static final CharSequence EXPOSED = HttpHeaders.createOptimized(CorsHeaders.EXPOSED);

    private final AccessPolicy policy;

    AccessRoutes(AccessConfig config, @ConfigProperty(name = "quarkus.http.host") String bind) {
        OriginRules origins = new OriginRules(config.origins().orElse(List.of()));
        List<String> hosts = config.hosts().orElse(List.of());
        policy = new AccessPolicy(origins, new HostRules(bind, hosts), config.privateNetwork());
        if (origins.everyone()) {
            LOG.warn("gateway.access.origins=* lets every web page that a user of this network opens use the gateway");
        }
        if (!HostRules.isLoopback(bind)) {
            LOG.warnf(
                    "The gateway listens on %s and asks nobody for a key: everyone who reaches this address can use its models%s. "
                            + "Set GATEWAY_HOST=127.0.0.1, or name its host in gateway.access.hosts and guard it by the network",
                    bind, hosts.isEmpty() ? ", under any Host name" : "");
        }
    }

    void routes(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(this::enter);
    }

    private void enter(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        HttpServerResponse response = routing.response();
        // Always: a cache must not hand one origin's answer, or none's, to another.
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        Decision decision = policy.decide(read(request));
        if (decision instanceof Decision.Allow allow) {
            allow(response, allow.origin());
            routing.next();
        } else if (decision instanceof Decision.Preflight preflight) {
            preflight(response, preflight);
        } else if (decision instanceof Decision.Refuse refuse) {
            request.resume();
            allow(response, refuse.origin());
            ReplyHead.json(response, refuse.code().status());
            ReplyHead.requestId(response, RequestIds.take(request.getHeader("x-request-id")));
            response.end(ErrorBody.of(refuse.code(), refuse.message(), "").json());
        }
    }

    private static AccessRequest read(HttpServerRequest request) {
        MultiMap headers = request.headers();
        List<String> origins = headers.getAll(HttpHeaders.ORIGIN);
        String host = String.valueOf(
                headers.contains(HttpHeaders.HOST) ? headers.get(HttpHeaders.HOST) : request.authority());
        return new AccessRequest(
                request.method().name(),
                request.path(),
                host,
                request.isSSL(),
                // Two origins are no origin that could be trusted.
                origins.isEmpty() ? "" : origins.size() == 1 ? origins.get(0) : "several",
                value(headers, SEC_FETCH_SITE),
                value(headers, HttpHeaders.CONTENT_TYPE),
                value(headers, HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD),
                headers.contains(PRIVATE_NETWORK));
    }

    private static String value(MultiMap headers, CharSequence name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }

    private static void allow(HttpServerResponse response, String origin) {
        if (!origin.isEmpty()) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
            response.putHeader(TIMING_ALLOW_ORIGIN, origin);
        }
    }

    private static void preflight(HttpServerResponse response, Decision.Preflight preflight) {
        response.setStatusCode(204);
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, preflight.origin());
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, CorsHeaders.METHODS);
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, CorsHeaders.REQUEST_HEADERS);
        response.putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, CorsHeaders.MAX_AGE);
        if (preflight.privateNetwork()) {
            response.putHeader("access-control-allow-private-network", "true");
        }
        response.end();
    }
}
