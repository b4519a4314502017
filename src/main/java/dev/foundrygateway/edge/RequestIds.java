package dev.foundrygateway.edge;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The id of a request: the client's own if it can stand in a header and a log line, else a new one. */
final class RequestIds {
    private static final int LONGEST = 128;

    private RequestIds() {}

    static String take(@Nullable String offered) {
        return offered != null && isFit(offered) ? offered : make();
    }

    private static boolean isFit(String id) {
        if (id.isEmpty() || id.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) <= ' ' || id.charAt(i) >= 127) {
                return false;
            }
        }
        return true;
    }

    private static String make() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return "req_" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }
}
