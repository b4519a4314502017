package dev.foundrygateway.practice;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Names in paths. */
final class PathNames {
    private PathNames() {}

    /** The name without percent escapes; as it came when they are malformed. A plus stays a plus. */
    static String decoded(String name) {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return name;
        }
    }
}
