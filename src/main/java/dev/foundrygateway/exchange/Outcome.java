package dev.foundrygateway.exchange;

/** How an exchange ended. */
public enum Outcome {
    OK("ok"),
    CLIENT_ERROR("client_error"),
    UPSTREAM_ERROR("upstream_error"),
    TIMEOUT("timeout"),
    CANCELLED("cancelled"),
    OVERLOADED("overloaded");

    private final String label;

    Outcome(String label) {
        this.label = label;
    }

    /** As the metric label says it. */
    public String label() {
        return label;
    }

    /** Of a reply with this status, whoever decided it. */
    public static Outcome ofStatus(int status) {
        if (status < 400) {
            return OK;
        }
        return switch (status) {
            case 429, 503 -> OVERLOADED;
            case 504 -> TIMEOUT;
            default -> status < 500 ? CLIENT_ERROR : UPSTREAM_ERROR;
        };
    }
}
