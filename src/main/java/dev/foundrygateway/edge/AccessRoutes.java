package dev.foundrygateway.edge;

import dev.foundrygateway.access.AccessConfig;
import dev.foundrygateway.access.AccessPolicy;
import dev.foundrygateway.access.AccessRequest;
import dev.foundrygateway.access.ApiKeys;
import dev.foundrygateway.access.ApiKeysConfig;
import dev.foundrygateway.access.Budgets;
import dev.foundrygateway.access.Decision;
import dev.foundrygateway.access.KeyAccount;
import dev.foundrygateway.access.KeyVerdict;
import dev.foundrygateway.access.Place;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks {@link AccessPolicy} about every request, before any other route sees it, and carries out the verdict. */
@ApplicationScoped
public class AccessRoutes {
    private static final Logger LOG = Logger.getLogger(AccessRoutes.class);
    private static final String ADMITTED = AccessRoutes.class.getName() + ".admitted";
    private static final CharSequence SEC_FETCH_SITE = HttpHeaders.createOptimized("sec-fetch-site");
    private static final CharSequence REQUEST_PRIVATE_NETWORK =
            HttpHeaders.createOptimized("access-control-request-private-network");

    private final AccessPolicy policy;
    private final ApiKeys keys;
    private final Budgets budgets;
    private final Drain drain;
    private final NanoClock clock;
    private final String bindAddress;

    AccessRoutes(
            AccessConfig config,
            ApiKeys keys,
            Budgets budgets,
            Drain drain,
            NanoClock clock,
            @ConfigProperty(name = "quarkus.http.host") String bindAddress) {
        problem(config.requireKey(), keys.asked()).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        this.policy = AccessPolicy.of(config, bindAddress, RouteTable::find);
        this.keys = keys;
        this.budgets = budgets;
        this.drain = drain;
        this.clock = clock;
        this.bindAddress = bindAddress;
    }

    /** What must hold before the first request comes; empty if it does. */
    static Optional<String> problem(boolean keyRequired, boolean keysAsked) {
        return keyRequired && !keysAsked
                ? Optional.of(AccessConfig.PREFIX + ".require-key is true and no API key is configured: set "
                        + ApiKeysConfig.PREFIX + ".<name>.sha256, or require none")
                : Optional.empty();
    }

    void routes(@Observes Router router) {
        policy.warnings(bindAddress, keys.asked()).forEach(LOG::warn);
        router.route().order(Integer.MIN_VALUE).handler(this::handle).failureHandler(this::failed);
    }

    /** A failure of a later route goes on as it came; one before any route, for want of a host or a path, has no verdict yet. */
    private void failed(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        String path = request.path();
        boolean routed = path != null
                && path.startsWith("/")
                && (request.authority() != null || request.version() == HttpVersion.HTTP_1_0);
        if (isUnreadable(routing)) {
            return;
        }
        if (routed) {
            routing.next();
            return;
        }
        Decision decision = policy.decide(read(routing));
        request.resume();
        CorsReply.mark(routing, "");
        refuse(
                routing,
                decision instanceof Decision.Refuse refuse
                        ? refuse
                        : new Decision.Refuse(
                                ErrorCode.INVALID_REQUEST,
                                "the request has no Host header, or no path in its request line",
                                ""));
    }

    /** Whether the request's head can't be worked with, before anything is read out of it, and has been refused for it. */
    private boolean isUnreadable(RoutingContext routing) {
        Optional<GatewayException> unreadable = unreadable(routing.request());
        if (unreadable.isPresent()) {
            routing.request().resume();
            // Its path may be what can't be read, and a framework's own reading of it fails.
            if (RequestPath.fault(routing.request().uri().split("\\?", 2)[0]).isEmpty()) {
                CorsReply.mark(routing, origin(policy.decide(read(routing))));
            }
            refuse(
                    routing,
                    unreadable.get().code(),
                    String.valueOf(unreadable.get().getMessage()));
        }
        return unreadable.isPresent();
    }

    /** The page that may read the answer; empty if none. */
    private static String origin(Decision decision) {
        if (decision instanceof Decision.Refuse refuse) {
            return refuse.origin();
        }
        return decision instanceof Decision.Allow allow ? allow.origin() : "";
    }

    private void handle(RoutingContext routing) {
        ReplyHead.requestId(routing.response(), Names.requestId(routing.request()));
        if (isUnreadable(routing)) {
            return;
        }
        if (!ConnectionGuard.guards(routing)) {
            routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            routing.addEndHandler(answered -> routing.request().connection().close());
        }
        Decision decision = policy.decide(read(routing));
        if (decision instanceof Decision.Allow allow) {
            CorsReply.mark(routing, allow.origin());
            Callers.trust(routing, allow.trust());
            if (drain.refuses() && place(routing).reachesModels()) {
                routing.request().resume();
                Ending.announce(routing);
                refuse(
                        routing,
                        ErrorCode.SHUTTING_DOWN,
                        "the gateway is being stopped; ask again, it or another one will answer");
            } else if (keys.asked() && !Boolean.TRUE.equals(routing.get(ADMITTED))) {
                byKey(routing, place(routing));
            } else {
                routing.next();
            }
        } else if (decision instanceof Decision.Preflight preflight) {
            routing.request().resume();
            CorsReply.mark(routing, preflight.origin());
            CorsReply.preflight(routing.response(), preflight);
        } else if (decision instanceof Decision.Refuse refuse) {
            routing.request().resume();
            CorsReply.mark(routing, refuse.origin());
            refuse(routing, refuse);
        }
    }

    private static Place place(RoutingContext routing) {
        return RouteTable.find(routing.request().method().name(), routing.normalizedPath());
    }

    private static Optional<GatewayException> unreadable(HttpServerRequest request) {
        String fault = request.getHeader(HeadDecoder.FAULT);
        if (fault != null) {
            request.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            return Optional.of(HeadDecoder.failure(fault));
        }
        return RequestPath.fault(request.uri());
    }

    /** For a request that is sent through the routes once more under another path: it counts once. */
    static void admitted(RoutingContext routing) {
        routing.put(ADMITTED, true);
    }

    private void byKey(RoutingContext routing, Place place) {
        if (!place.reachesModels()) {
            routing.next();
            return;
        }
        KeyVerdict verdict = keys.judge(routing.request().headers(), clock.nanos());
        if (verdict instanceof KeyVerdict.Admitted admitted) {
            KeyAccount account = admitted.account();
            Callers.key(routing, account);
            tellRates(routing, account);
            if (account.may(place)) {
                routing.next();
            } else {
                routing.request().resume();
                refuse(
                        routing,
                        ErrorCode.KEY_DENIED,
                        account.denial(routing.request().method().name() + " " + routing.normalizedPath()));
            }
        } else if (verdict instanceof KeyVerdict.Refused refused) {
            routing.request().resume();
            refused.account().ifPresent(account -> tellRates(routing, account));
            HttpServerResponse response = routing.response();
            if (refused.retryAfter().isZero()) {
                // RFC 9110, 11.6.1: a 401 says how to do better.
                response.putHeader("WWW-Authenticate", "Bearer");
            } else {
                response.putHeader(
                        HttpHeaders.RETRY_AFTER,
                        Long.toString(refused.retryAfter().toSeconds()));
            }
            refuse(routing, refused.code(), refused.message());
        }
    }

    /** At the last moment before the head leaves, so that they replace a model server's own, which are not this client's. */
    private void tellRates(RoutingContext routing, KeyAccount account) {
        if (account.limited()) {
            MultiMap headers = routing.response().headers();
            routing.addHeadersEndHandler(
                    ignored -> account.headers(clock.nanos()).forEach((name, value) -> headers.set(name, value)));
        }
        if (budgets.any()) {
            routing.addHeadersEndHandler(ignored -> budgets.warning(account.name())
                    .ifPresent(warning -> routing.response().putHeader("X-Gateway-Budget", warning)));
        }
    }

    private static void refuse(RoutingContext routing, Decision.Refuse refuse) {
        refuse(routing, refuse.code(), refuse.message());
    }

    private static void refuse(RoutingContext routing, ErrorCode code, String message) {
        ErrorReply.end(routing, new GatewayException(code, message));
    }

    private static AccessRequest read(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        boolean options = request.method().equals(HttpMethod.OPTIONS);
        return new AccessRequest(
                request.method().name(),
                routing.normalizedPath(),
                host(request),
                request.version() != HttpVersion.HTTP_1_0,
                origin(request),
                orEmpty(request.getHeader(SEC_FETCH_SITE)),
                orEmpty(request.getHeader(HttpHeaders.CONTENT_TYPE)),
                hasBody(request),
                options ? orEmpty(request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)) : "",
                options ? orEmpty(request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS)) : "",
                options && "true".equals(request.getHeader(REQUEST_PRIVATE_NETWORK)));
    }

    /**
     * The host that the client means. A request line that names one must agree with the Host header; where it doesn't, both are given, which is no host.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2">RFC 9112, 3.2.2</a>
     */
    private static String host(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            HostAndPort authority = request.authority();
            return authority == null ? "" : authority.toString();
        }
        String header = orEmpty(request.getHeader(HttpHeaders.HOST));
        String uri = request.uri();
        int authority = uri.startsWith("/") ? -1 : uri.indexOf("://");
        if (authority < 0) {
            return header;
        }
        int end = authority + 3;
        while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        String target = uri.substring(authority + 3, end);
        return target.equalsIgnoreCase(header) ? header : target + ", " + header;
    }

    private static String origin(HttpServerRequest request) {
        String first = request.getHeader(HttpHeaders.ORIGIN);
        // Several origins are none: joined, they match nothing.
        return first == null ? "" : String.join(", ", request.headers().getAll(HttpHeaders.ORIGIN));
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return !length.equals("0");
        }
        return request.version() == HttpVersion.HTTP_2 || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    private static String orEmpty(@Nullable String header) {
        return header == null ? "" : header;
    }
}
