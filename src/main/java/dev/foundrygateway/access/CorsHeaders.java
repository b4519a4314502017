package dev.foundrygateway.access;

import java.util.ArrayList;
import java.util.HashSet;
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
            "X-Gateway-Schema",
            "X-Gateway-Score",
            "X-Gateway-Sources",
            "X-Gateway-Budget",
            "X-Gateway-Rule",
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

    /**
     * Those of OpenAI's JavaScript client up to 7.57 and of its Python and older clients; of Anthropic's and Azure's; of the pages that send OpenRouter's; of
     * tracing in the browser; and of what pages set themselves.
     */
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
            "http-referer",
            "x-title",
            "dangerously-allow-browser",
            "x-requested-with",
            "x-correlation-id",
            "x-session-id",
            "traceparent",
            "tracestate",
            "baggage",
            "sentry-trace",
            "pragma",
            "if-none-match",
            "anthropic-version",
            "anthropic-beta",
            "anthropic-dangerous-direct-browser-access",
            "ocp-apim-subscription-key",
            "x-ms-useragent",
            "x-ms-client-request-id",
            "x-client-request-id",
            "extra-parameters",
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
    private static final Pattern FAMILY = Pattern.compile(
            "(?:x-stainless|x-gateway|openai|x-openai|anthropic|x-ms|x-openrouter|x-openwebui|helicone)-[a-z0-9-]{1,40}");

    /** As many of a family as a page may ask for beyond the known ones: the answer stays small. */
    private static final int MOST_NEW = 20;

    private static final Pattern NAME = Pattern.compile("[a-z0-9!#$%&'+.^_`|~-]{1,60}");

    private final Set<String> names;
    private final List<String> prefixes;

    private CorsHeaders(Set<String> names, List<String> prefixes) {
        this.names = names;
        this.prefixes = prefixes;
    }

    /**
     * Those of the known clients, and these.
     *
     * @throws IllegalArgumentException when an entry is no header's name; the message names the setting
     */
    static CorsHeaders with(List<String> configured) {
        Set<String> names = new HashSet<>();
        List<String> prefixes = new ArrayList<>();
        for (String entry : configured) {
            String lower = entry.toLowerCase(Locale.ROOT);
            boolean open = lower.endsWith("*");
            String name = open ? lower.substring(0, lower.length() - 1) : lower;
            if (!(open && name.isEmpty()) && !NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        AccessConfig.PREFIX + ".headers: '" + entry + "' is not the name of a header");
            }
            if (open) {
                prefixes.add(name);
            } else {
                names.add(name);
            }
        }
        return new CorsHeaders(Set.copyOf(names), List.copyOf(prefixes));
    }

    /**
     * The value of {@code Access-Control-Allow-Headers}: all known names, and those asked for that are new members of a known family or configured.
     *
     * @param requested the value of {@code Access-Control-Request-Headers}
     */
    String allowed(String requested) {
        StringBuilder more = new StringBuilder();
        int added = 0;
        for (String name : requested.toLowerCase(Locale.ROOT).split(",", -1)) {
            String stripped = name.strip();
            if (added < MOST_NEW && !KNOWN.contains(stripped) && isNew(stripped)) {
                more.append(", ").append(stripped);
                added++;
            }
        }
        return added == 0 ? ALLOWED : ALLOWED + more;
    }

    private boolean isNew(String name) {
        return FAMILY.matcher(name).matches()
                || (NAME.matcher(name).matches()
                        && (names.contains(name) || prefixes.stream().anyMatch(name::startsWith)));
    }
}
