package dev.foundrygateway.upstream.wire;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
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
     * What of a client's request reaches a model server: what describes the body and the answer that is wanted, which program asks, and traces. Nothing else does
     * that an operator has not named: credentials and who the client is are meant for the gateway, and what a proxy in front of it has put there is no
     * server's business.
     */
    private static final Set<String> REQUEST = Set.of(
            "accept",
            "accept-language",
            "content-type",
            "user-agent",
            "openai-beta",
            "anthropic-version",
            "anthropic-beta",
            "traceparent",
            "tracestate",
            "baggage");

    private static final String CLIENT_LIBRARY = "x-stainless-";

    /** An operator's wish can't hold for these: the gateway writes them itself, answers them, or goes by them. */
    private static final Set<String> OWN = Set.of(
            "host",
            "authorization",
            "cookie",
            "origin",
            "accept-encoding",
            "content-encoding",
            "expect",
            "range",
            "via",
            "forwarded",
            "x-request-id");

    private static final List<String> OWN_BEGIN =
            List.of("if-", "sec-", "access-control-", "x-gateway-", "x-forwarded-");
    private static final Pattern NAME = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]{1,60}");

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

    /**
     * Names of headers that an operator wants to reach a model server beside the usual ones, in lower case.
     *
     * @param setting its name, for the message
     * @throws IllegalArgumentException for what is no name, or one that never goes
     */
    public static Set<String> checked(String setting, List<String> names) {
        Set<String> checked = new HashSet<>();
        for (String name : names) {
            String lower = name.strip().toLowerCase(Locale.ROOT);
            if (!NAME.matcher(lower).matches()) {
                throw new IllegalArgumentException(setting + ": '" + name + "' is no name of a header");
            }
            if (HOP.contains(lower) || OWN.contains(lower) || startsWithOne(OWN_BEGIN, lower)) {
                throw new IllegalArgumentException(
                        setting + ": " + lower + " is the gateway's own on each side and can't be passed on");
            }
            checked.add(lower);
        }
        return Set.copyOf(checked);
    }

    /**
     * The client's headers that the model server gets.
     *
     * @param more names in lower case that it gets too
     */
    public static MultiMap ofRequest(MultiMap client, Set<String> more) {
        MultiMap kept = MultiMap.caseInsensitiveMultiMap();
        Set<String> named = named(client);
        for (Map.Entry<String, String> header : client) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            boolean goes = REQUEST.contains(name) || name.startsWith(CLIENT_LIBRARY) || more.contains(name);
            if (goes && !named.contains(name)) {
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
