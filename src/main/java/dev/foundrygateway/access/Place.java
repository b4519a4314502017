package dev.foundrygateway.access;

import dev.foundrygateway.access.ApiKeysConfig.KeyArea;

/**
 * What a method and a path lead to, as the table of routes says.
 *
 * @param area how far its callers must be trusted
 * @param reachesModels whether calls of this path reach models, files or a model server, and not health, metrics and pages alone: those need a key where
 *     there are keys
 * @param keyArea what a key must be allowed for its calls
 * @param takes which types of body it takes from a browser
 */
public record Place(Area area, boolean reachesModels, KeyArea keyArea, Takes takes) {
    /** Types of a body. */
    public enum Takes {
        /** JSON alone. */
        JSON,
        /** JSON, or a form with a file. */
        JSON_OR_FORM,
        /** Nobody reads it as JSON. */
        ANY
    }

    /** The table of routes. Letter case, path parameters and a trailing slash don't matter to it, since some model servers overlook them. */
    @FunctionalInterface
    public interface Finder {
        /** What a normalized path leads to. */
        Place find(String method, String path);
    }
}
