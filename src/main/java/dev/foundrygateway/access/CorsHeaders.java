package dev.foundrygateway.access;

/**
 * The values of the CORS headers, by name each: a star covers neither {@code Authorization} nor, with older browsers, anything.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-access-control-allow-headers">Fetch, Access-Control-Allow-Headers</a>
 */
public final class CorsHeaders {
    /** Methods of the gateway's routes. */
    public static final String METHODS = "GET, HEAD, POST, DELETE, OPTIONS";

    /** What a page may send: the gateway's own, OpenAI's, and all that the OpenAI JavaScript client adds by itself. */
    public static final String REQUEST_HEADERS = String.join(
            ", ",
            "accept",
            "api-key",
            "authorization",
            "cache-control",
            "content-type",
            "idempotency-key",
            "last-event-id",
            "openai-beta",
            "openai-organization",
            "openai-project",
            "user-agent",
            "x-api-key",
            "x-gateway-escalate",
            "x-gateway-priority",
            "x-gateway-rag",
            "x-request-id",
            "x-stainless-arch",
            "x-stainless-async",
            "x-stainless-custom-poll-interval",
            "x-stainless-helper-method",
            "x-stainless-lang",
            "x-stainless-os",
            "x-stainless-package-version",
            "x-stainless-poll-helper",
            "x-stainless-raw-response",
            "x-stainless-read-timeout",
            "x-stainless-retry-count",
            "x-stainless-runtime",
            "x-stainless-runtime-version",
            "x-stainless-timeout");

    /** What a page may read. */
    public static final String EXPOSED = String.join(
            ", ",
            "Retry-After",
            "Server-Timing",
            "X-Gateway-Model",
            "X-Gateway-Reason",
            "X-Gateway-Route",
            "X-Gateway-Score",
            "X-Gateway-Sources",
            "X-Gateway-Upstream",
            "X-Request-Id",
            "x-ratelimit-limit-requests",
            "x-ratelimit-limit-tokens",
            "x-ratelimit-remaining-requests",
            "x-ratelimit-remaining-tokens",
            "x-ratelimit-reset-requests",
            "x-ratelimit-reset-tokens");

    /** For how long a browser may remember a preflight's answer, in seconds: two hours, the most that Chrome takes. */
    public static final String MAX_AGE = "7200";

    private CorsHeaders() {}
}
