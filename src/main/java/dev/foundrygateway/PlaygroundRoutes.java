package dev.foundrygateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The playground: {@code /} for those who ask for a page. Its files and libraries lie in {@code META-INF/resources}, ours and those of the libraries' jars, and are
 * served by Quarkus; here they get their content security policy.
 *
 * @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy 3</a>
 */
@ApplicationScoped
public class PlaygroundRoutes {
    private static final String PAGE = "/playground/index.html";

    /** Nothing but this origin is asked for anything, so no prompt leaves; no script runs that isn't a file of ours, whatever a model writes. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    void routes(@Observes Router router) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            // Programs that ask the root whether a model server is there go on to the health page.
            router.route(method, "/").order(GatewayRoutes.ORDER - 1).handler(PlaygroundRoutes::page);
            router.route(method, "/playground/*").order(GatewayRoutes.ORDER).handler(PlaygroundRoutes::file);
        }
    }

    private static void page(RoutingContext routing) {
        if (wantsPage(routing.request().getHeader(HttpHeaders.ACCEPT))) {
            routing.reroute(PAGE);
        } else {
            routing.next();
        }
    }

    private static boolean wantsPage(@Nullable String accept) {
        return accept != null && accept.contains("text/html");
    }

    private static void file(RoutingContext routing) {
        MultiMap headers = routing.response().headers();
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        // After an update the new page must not meet the old scripts: names stay, contents change.
        routing.addHeadersEndHandler(ignored -> headers.set(HttpHeaders.CACHE_CONTROL, "no-cache"));
        routing.next();
    }
}
