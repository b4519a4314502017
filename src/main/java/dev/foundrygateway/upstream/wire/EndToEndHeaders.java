package dev.foundrygateway.upstream.wire;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which headers travel from end to end and which belong to one connection, or to one side of the gateway alone.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110.html#section-7.6.1">RFC 9110, 7.6.1</a>
 */
public final class EndToEndHeaders {
    /** Of one connection, or of the message's framing, which each side makes anew. */
    private static final Set<String> HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "content-length");

    /**
     * Never sent to a model server: credentials, which are meant for the gateway; what only a browser's policy reads (Foundry Local 1.x would answer an
     * Origin with a looser policy than ours); what the gateway answers itself.
     */
    private static final Set<String> REQUEST_ONLY = Set.of(
            "host",
            "authorization",
            "api-key",
            "x-api-key",
            "cookie",
            "origin",
            "referer",
            "accept-encoding",
            "content-encoding",
            "expect",
            "forwarded",
            "via",
            "x-request-id");

    /** Never passed on from a model server: what the gateway says itself. */
    private static final Set<String> REPLY_ONLY =
            Set.of("server", "date", "vary", "set-cookie", "x-request-id", "server-timing", "timing-allow-origin");

    private EndToEndHeaders() {}

    /** The client's headers that the model server gets. */
    public static MultiMap ofRequest(MultiMap client) {
        MultiMap kept = MultiMap.caseInsensitiveMultiMap();
        Set<String> named = named(client);
        for (Map.Entry<String, String> header : client) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP.contains(name)
                    && !REQUEST_ONLY.contains(name)
                    && !name.startsWith("sec-")
                    && !name.startsWith("x-gateway-")
                    && !name.startsWith("x-forwarded-")
                    && !name.startsWith("access-control-")
                    && !named.contains(name)) {
                kept.add(header.getKey(), header.getValue());
            }
        }
        return kept;
    }

    /** The model server's headers that the client gets, each once: Foundry Local 2.x sends some of them twice. */
    public static MultiMap ofReply(MultiMap upstream) {
        MultiMap kept = MultiMap.caseInsensitiveMultiMap();
        Set<String> named = named(upstream);
        for (Map.Entry<String, String> header : upstream) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP.contains(name)
                    && !REPLY_ONLY.contains(name)
                    && !name.startsWith("access-control-")
                    && !name.startsWith("x-gateway-")
                    && !named.contains(name)
                    && !kept.contains(name)) {
                kept.set(header.getKey(), header.getValue());
            }
        }
        return kept;
    }

    /** The headers that Connection names as its own, in lower case; none where it says only what is dropped in any case. */
    private static Set<String> named(MultiMap headers) {
        List<String> values = headers.getAll(HttpHeaders.CONNECTION);
        if (values.isEmpty() || (values.size() == 1 && values.get(0).equalsIgnoreCase("keep-alive"))) {
            return Set.of();
        }
        return values.stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(option -> option.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }
}
