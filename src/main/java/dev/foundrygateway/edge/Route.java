package dev.foundrygateway.edge;

import dev.foundrygateway.access.Area;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * One line of the {@link RouteTable}.
 *
 * @param method the HTTP method; a GET is a HEAD too
 * @param path the path, with {@code {name}} for a part that varies; {@code {name*}} as its last part takes what slashes follow too
 * @param area how far its callers must be trusted
 * @param bodyLimit how many bytes of body are taken; 0 where none is read
 * @param documented whether it stands in the OpenAPI document
 * @param handler what answers
 */
record Route(
        String method, String path, Area area, long bodyLimit, boolean documented, Handler<RoutingContext> handler) {
    /** As the router writes it. */
    String pattern() {
        return path.replaceAll("\\{\\w+\\*}$", "*").replaceAll("\\{(\\w+)}", ":$1");
    }
}
