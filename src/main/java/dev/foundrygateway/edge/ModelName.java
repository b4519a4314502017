package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;

/** The name of a model, where it enters: it goes into headers, log lines and error messages from here on. */
final class ModelName {
    private static final int LONGEST = 256;

    private ModelName() {}

    /**
     * The name, empty if none was given.
     *
     * @throws GatewayException when it is no name
     */
    static String checked(String name) {
        if (name.length() > LONGEST) {
            throw wrong("model must be at most " + LONGEST + " characters long");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            // The two others begin a new line for many who read a log.
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                throw wrong("model must not hold a control character");
            }
        }
        return name;
    }

    private static GatewayException wrong(String message) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, message, "model");
    }
}
