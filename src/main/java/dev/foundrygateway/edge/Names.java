package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Names where they enter: they go into headers, log lines and error messages from here on. */
final class Names {
    private static final int LONGEST_MODEL = 256;
    private static final int LONGEST_ID = 128;

    private Names() {}

    /**
     * A model's name, empty if none was given.
     *
     * @throws GatewayException when it is no name
     */
    static String model(String name) {
        return model(name, "model");
    }

    /** The same where the member is called so. */
    static String model(String name, String param) {
        if (name.length() > LONGEST_MODEL) {
            throw wrong(param, "must be at most " + LONGEST_MODEL + " characters long");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            // The two others begin a new line for many who read a log.
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                throw wrong(param, "must not hold a control character");
            }
        }
        return name;
    }

    private static GatewayException wrong(String param, String message) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, param + " " + message, param);
    }

    /** The id of a request: the one that its reply has already, else the client's own if it can stand in a header and a log line, else a new one. */
    static String requestId(HttpServerRequest request) {
        String given = request.response().headers().get(Caller.ID_HEADER);
        if (given != null) {
            return given;
        }
        String offered = request.getHeader(Caller.ID_HEADER);
        if (offered != null && isFit(offered)) {
            return offered;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return "req_" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    private static boolean isFit(String id) {
        return !id.isEmpty() && id.length() <= LONGEST_ID && id.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** A parameter of the query; empty if it is not there. */
    static String parameter(HttpServerRequest request, String name) {
        String value = request.getParam(name);
        return value == null ? "" : value;
    }
}
