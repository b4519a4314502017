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
     * Never sent to a model server: credentials, which are meant for the gateway; what would have it take the call for another one (a method or a path in a
     * header); who the client is and which way it came; what only a browser's policy reads (Foundry Local 1.x would answer an
     * Origin with a looser policy than ours); what the gateway answers itself.
     */
    private static final Set<String> REQUEST_ONLY = Set.of(
            "host",
            "authorization",
            "api-key",
            "x-api-key",
            "x-goog-api-key",
            "x-auth-token",
            "x-access-token",
            "x-functions-key",
            "x-amz-security-token",
            "ocp-apim-subscription-key",
            "proxy-authorization",
            "cookie",
            "cookie2",
            "x-csrf-token",
            "x-xsrf-token",
            "x-http-method",
            "x-http-method-override",
            "x-method-override",
            "x-original-method",
            "x-original-url",
            "x-original-uri",
            "x-rewrite-url",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "fastly-client-ip",
            "origin",
            "referer",
            "accept-encoding",
            "content-encoding",
            "expect",
            "forwarded",
            "via",
            "x-request-id");

    /**
     * What of a model server's reply reaches the client: what describes its body and how long it may be kept, when to try again, and by {@link #isVendors} what
     * servers tell programs. Everything else stays here. A reply is foreign: under the gateway's own origin it must not set a cookie, clear a browser's data,
     * send the client elsewhere or speak for the gateway.
     */
    private static final Set<String> REPLY = Set.of(
            "content-type",
            "content-language",
            "content-disposition",
            "cache-control",
            "expires",
            "etag",
            "last-modified",
            "retry-after",
            "retry-after-ms",
            "azureml-model-session",
            "apim-request-id");

    private static final List<String> VENDORS =
            List.of("x-", "openai-", "anthropic-", "azure-", "ratelimit", "llm_provider-", "cf-ray");

    /** Of those that begin as a vendor's own do: what browsers, or web servers in front of the gateway, act on, and what the gateway says itself. */
    private static final List<String> ACTED_ON = List.of(
            "x-accel-",
            "x-sendfile",
            "x-lighttpd-",
            "x-litespeed-",
            "x-reproxy-",
            "x-frame-options",
            "x-content-",
            "x-webkit-",
            "x-xss-protection",
            "x-permitted-cross-domain-policies",
            "x-download-options",
            "x-dns-prefetch-control",
            "x-ua-compatible",
            "x-robots-tag",
            "x-powered-by",
            "x-aspnet",
            "x-real-ip",
            "x-forwarded",
            "x-original-",
            "x-rewrite-",
            "x-http-method",
            "x-gateway-",
            "x-request-id");

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
            if ((REPLY.contains(name) || isVendors(name)) && !named.contains(name) && !kept.contains(name)) {
                kept.set(header.getKey(), header.getValue());
            }
        }
        return kept;
    }

    /** Whether it is a server's own word to programs, which no browser and no proxy acts on. */
    private static boolean isVendors(String name) {
        return startsWithOne(VENDORS, name) && !startsWithOne(ACTED_ON, name);
    }

    private static boolean startsWithOne(List<String> prefixes, String name) {
        for (int i = 0; i < prefixes.size(); i++) {
            if (name.startsWith(prefixes.get(i))) {
                return true;
            }
        }
        return false;
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
