package dev.foundrygateway.access;

import dev.foundrygateway.access.Decision.Allow;
import dev.foundrygateway.access.Decision.Preflight;
import dev.foundrygateway.access.Decision.Refuse;
import dev.foundrygateway.exchange.Trust;
import dev.foundrygateway.openai.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which requests go on. A pure function of the request's head and the settings. Immutable, thread-safe; a request without Origin costs a Host
 * comparison and allocates nothing.
 *
 * <p>A page's preflight is judged as the call that it announces, so that both get the same verdict.
 */
public final class AccessPolicy {
    private static final int LONGEST_QUOTE = 200;

    private final OriginRules origins;
    private final HostRules hosts;
    private final CorsHeaders headers;
    private final boolean privateNetwork;
    private final Place.Finder places;

    private AccessPolicy(
            OriginRules origins, HostRules hosts, CorsHeaders headers, boolean privateNetwork, Place.Finder places) {
        this.origins = origins;
        this.hosts = hosts;
        this.headers = headers;
        this.privateNetwork = privateNetwork;
        this.places = places;
    }

    /**
     * The policy that the settings describe.
     *
     * @param bindAddress where the gateway listens
     * @param places what is served where
     * @throws IllegalArgumentException when an entry is malformed; the message names its key
     */
    public static AccessPolicy of(AccessConfig config, String bindAddress, Place.Finder places) {
        return new AccessPolicy(
                OriginRules.of(entries(config.origins().orElse(List.of()))),
                HostRules.of(bindAddress, entries(config.hosts().orElse(List.of()))),
                CorsHeaders.with(entries(config.headers().orElse(List.of()))),
                config.privateNetwork(),
                places);
    }

    private static List<String> entries(List<String> configured) {
        return configured.stream().map(String::strip).toList();
    }

    /**
     * What an operator should know about these settings, one line each; empty if there is nothing to say.
     *
     * @param keys whether clients must show an API key
     */
    public List<String> warnings(String bindAddress, boolean keys) {
        List<String> warnings = new ArrayList<>();
        boolean loopback = HostRules.isLoopback(bindAddress);
        if (!loopback && !keys) {
            warnings.add("the gateway listens on " + bindAddress
                    + " and no API key is set: anyone who can reach this address can use it. "
                    + "Set " + ApiKeysConfig.PREFIX
                    + ".<name>.sha256 to ask for one, GATEWAY_HOST=127.0.0.1 to keep it on this machine"
                    + (hosts.checks()
                            ? "."
                            : ", or " + AccessConfig.HOSTS + " to the names that clients may call it by."));
        } else if (loopback && !hosts.checks()) {
            warnings.add(AccessConfig.HOSTS
                    + " holds a lone *: a page of any site can reach this gateway by DNS rebinding.");
        }
        if (origins.letsEveryoneIn()) {
            warnings.add(AccessConfig.ORIGINS + " holds a lone *: every page on the web may call this gateway, "
                    + "calls that change the model server included.");
        }
        return List.copyOf(warnings);
    }

    /** The verdict on one request. */
    public Decision decide(AccessRequest request) {
        if (request.host().isEmpty() ? request.hostRequired() && hosts.checks() : !hosts.allows(request.host())) {
            return hostDenied(request.host());
        }
        if (!request.origin().isEmpty()) {
            return ofPage(request);
        }
        // Without CORS a page can still make the browser follow a link or load a picture: a GET, and no Origin.
        if (request.fromOtherOrigin()
                && places.find(request.method(), request.path()).area() == Area.EFFECT) {
            return denied(request.method() + " " + quote(request.path())
                    + " changes the model server; a page of another site asked for it without naming its origin. Call it from a program, or with CORS from"
                    + " an origin that " + AccessConfig.ORIGINS + " lists");
        }
        return checkedType(request, Decision.WITHOUT_ORIGIN);
    }

    private Decision ofPage(AccessRequest request) {
        boolean preflight = request.isPreflight();
        String method = preflight ? request.requestMethod() : request.method();
        Area area = places.find(method, request.path()).area();
        String origin = request.origin();
        Trust trust = origins.trust(origin, request.host());
        if (trust == Trust.DENIED) {
            return denied("the origin " + quote(origin)
                    + " may not call this gateway; to let its pages in, add it to the setting " + AccessConfig.ORIGINS);
        }
        if (trust == Trust.LOCAL && area == Area.EFFECT) {
            return denied(
                    method + " " + quote(request.path()) + " changes the model server, and the origin " + quote(origin)
                            + " is trusted as a local page only; to let it do this, add it to the setting "
                            + AccessConfig.ORIGINS);
        }
        if (trust == Trust.OPAQUE && area != Area.OPEN) {
            if (area != Area.UNKNOWN) {
                return denied(
                        "Origin: null is a page opened from disk, but also a frame in any site: it may ask models, but not call "
                                + method + " " + quote(request.path())
                                + "; serve the page from a web server and, if that is not on this machine, add its origin to the setting "
                                + AccessConfig.ORIGINS);
            }
            if (!preflight) {
                return new Refuse(
                        ErrorCode.NOT_FOUND,
                        "there is no " + method + " " + quote(request.path()) + " for pages with Origin: null",
                        origin);
            }
        }
        return preflight
                ? new Preflight(
                        origin, headers.allowed(request.requestHeaders()), privateNetwork && request.privateNetwork())
                : checkedType(request, new Allow(origin, trust));
    }

    /**
     * Lets only JSON into JSON routes. A page can send a form or plain text to any site without a preflight, so a browser's body must say that it is JSON;
     * programs often don't.
     */
    private Decision checkedType(AccessRequest request, Allow allowed) {
        String type = request.contentType();
        if (!request.method().equals("POST") || !request.hasBody() || MediaTypes.isJson(type)) {
            return allowed;
        }
        Place.Takes takes = places.find(request.method(), request.path()).takes();
        if (takes == Place.Takes.ANY) {
            return allowed;
        }
        boolean forms = takes == Place.Takes.JSON_OR_FORM;
        if (MediaTypes.isForm(type) ? forms : !request.fromBrowser()) {
            return allowed;
        }
        return new Refuse(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                "POST " + quote(request.path()) + " takes application/json" + (forms ? " or multipart/form-data" : "")
                        + ", not " + (type.isEmpty() ? "a body without a Content-Type" : quote(type))
                        + "; set the Content-Type header",
                allowed.origin());
    }

    private static Refuse hostDenied(String host) {
        return new Refuse(
                ErrorCode.HOST_DENIED,
                (host.isEmpty()
                                ? "the request names no host"
                                : "the host " + quote(host) + " is not a name of this gateway")
                        + "; names by which it may be called belong in the setting " + AccessConfig.HOSTS,
                "");
    }

    private static Refuse denied(String message) {
        return new Refuse(ErrorCode.ORIGIN_DENIED, message, "");
    }

    /** The client's own text for a message: not endless. */
    private static String quote(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
    }
}
