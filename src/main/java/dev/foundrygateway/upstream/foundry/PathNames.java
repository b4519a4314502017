package dev.foundrygateway.upstream.foundry;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Names of models in paths. */
final class PathNames {
    private PathNames() {}

    /** As one segment of a path; a colon may stand there and Foundry Local expects it so. */
    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":");
    }
}
