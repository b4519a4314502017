package dev.foundrygateway.access;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The values of the CORS headers, made once. All names stand there in full: a {@code *} covers neither {@code Authorization} nor old browsers.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-responses">Fetch, 3.3.3</a>
 */
public final class CorsHeaders {
    /** {@code Access-Control-Allow-Methods}. */
    public static final String METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS";

    /** {@code Access-Control-Max-Age}, in seconds: two hours, the longest that Chromium heeds. */
    public static final String MAX_AGE = "7200";

    /** {@code Access-Control-Expose-Headers}: the gateway's own, and those of OpenAI's that its clients read. */
    public static final String EXPOSED = String.join(
            ", ",
            "X-Request-Id",
            "X-Gateway-Model",
            "X-Gateway-Upstream",
            "X-Gateway-Route",
            "X-Gateway-Reason",
            "X-Gateway-Score",
            "X-Gateway-Sources",
            "Server-Timing",
            "Retry-After",
            "Retry-After-Ms",
            "X-Should-Retry",
            "X-RateLimit-Limit-Requests",
            "X-RateLimit-Limit-Tokens",
            "X-RateLimit-Remaining-Requests",
            "X-RateLimit-Remaining-Tokens",
            "X-RateLimit-Reset-Requests",
            "X-RateLimit-Reset-Tokens",
            "OpenAI-Processing-Ms",
            "OpenAI-Poll-After-Ms",
            "OpenAI-Version",
            "Content-Disposition");

    /** Those of OpenAI's JavaScript client up to 7.57, of its Python and older clients, and of what pages set themselves. */
    private static final List<String> NAMES = List.of(
            "authorization",
            "content-type",
            "accept",
            "cache-control",
            "last-event-id",
            "idempotency-key",
            "user-agent",
            "api-key",
            "x-api-key",
            "x-request-id",
            "x-gateway-rag",
            "x-gateway-escalate",
            "x-gateway-priority",
            "openai-organization",
            "openai-project",
            "openai-beta",
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

    private static final String ALLOWED = String.join(", ", NAMES);
    private static final Set<String> KNOWN = Set.copyOf(NAMES);

    /** Names that later clients may come with: they belong to the same senders as those above. */
    private static final Pattern FAMILY = Pattern.compile("(?:x-stainless|x-gateway|openai)-[a-z0-9-]{1,40}");

    /** As many of a family as a page may ask for beyond the known ones: the answer stays small. */
    private static final int MOST_NEW = 20;

    private CorsHeaders() {}

    /**
     * The value of {@code Access-Control-Allow-Headers}: all known names, and those asked for that are new members of a known family.
     *
     * @param requested the value of {@code Access-Control-Request-Headers}
     */
    static String allowed(String requested) {
        StringBuilder more = new StringBuilder();
        int added = 0;
        for (String name : requested.toLowerCase(Locale.ROOT).split(",", -1)) {
            String stripped = name.strip();
            if (added < MOST_NEW
                    && !KNOWN.contains(stripped)
                    && FAMILY.matcher(stripped).matches()) {
                more.append(", ").append(stripped);
                added++;
            }
        }
        return added == 0 ? ALLOWED : ALLOWED + more;
    }
}
