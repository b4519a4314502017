package dev.foundrygateway.edge;

import dev.foundrygateway.access.ApiKeysConfig.KeyArea;
import dev.foundrygateway.access.Area;
import dev.foundrygateway.access.Place;
import dev.foundrygateway.access.Place.Takes;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * One line of the {@link RouteTable}.
 *
 * @param method the HTTP method; a GET is a HEAD too
 * @param path the path, with {@code {name}} for a part that varies; {@code {name*}} as its last part takes what slashes follow too
 * @param parts the path's parts
 * @param place what access has to know of it
 * @param body what is read of its body
 * @param documented whether it stands in the OpenAPI document
 * @param by what answers
 */
record Route(String method, String path, List<String> parts, Place place, Body body, boolean documented, By by) {
    Route(String method, String path, Area area, boolean reachesModels, Body body, boolean documented, By by) {
        this(
                method,
                path,
                RouteTable.parts(path),
                new Place(area, reachesModels, keyArea(path, area, by), body.takes),
                body,
                documented,
                by);
    }

    /** The method of a line that all methods have. */
    static final String ANY = "*";

    /** Nobody here answers it. */
    static final By NOT_HERE = (of, limit) -> {
        throw new IllegalStateException("no line of the router's");
    };

    /** What is read of a request's body, and how many bytes of it. */
    enum Body {
        NONE(Takes.JSON),
        /** JSON, as large as {@code gateway.access.body-limit} lets it be. */
        JSON(Takes.JSON),
        /** A form with a recording, or JSON: as large as JSON is. */
        RECORDING(Takes.JSON_OR_FORM),
        /** A form with a file that is kept, or JSON: as large as {@code gateway.retrieval.max-file-size} lets it be. */
        FILE(Takes.JSON_OR_FORM),
        /** A few lines of JSON. */
        SHORT(Takes.JSON),
        /** A few lines for the model server, of whatever type it takes. */
        FOREIGN(Takes.ANY);

        private final Takes takes;

        Body(Takes takes) {
            this.takes = takes;
        }
    }

    /** What answers a line: a handler that takes so many bytes of body. */
    @FunctionalInterface
    interface By {
        Handler<RoutingContext> handler(RouterSetup of, long bodyLimit);
    }

    /** As the router writes it. */
    String pattern() {
        return path.replaceAll("\\{\\w+\\*}$", "*").replaceAll("\\{(\\w+)}", ":$1");
    }

    private static KeyArea keyArea(String path, Area area, By by) {
        if (by == RouteTable.REST) {
            return KeyArea.STORES;
        }
        if (path.startsWith("/v1/gateway/") && !path.endsWith("/compare")) {
            return KeyArea.OPERATE;
        }
        return area == Area.EFFECT && !path.startsWith("/v1/") ? KeyArea.MANAGE : KeyArea.MODELS;
    }

    /** Whether it is one of calls by this method, which is no HEAD. */
    boolean takes(String asked) {
        return method.equals(asked) || method.equals(ANY);
    }

    /** Whether it begins as a path of these parts does. */
    boolean isBeside(List<String> other) {
        return !parts.isEmpty() && !other.isEmpty() && parts.get(0).equals(other.get(0));
    }

    /** Whether it is a line of a path of these parts, which are in lower case. */
    boolean leads(List<String> other) {
        if (path.endsWith("*}") ? other.size() < parts.size() : other.size() != parts.size()) {
            return false;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).startsWith("{") && !parts.get(i).equals(other.get(i))) {
                return false;
            }
        }
        return true;
    }
}
