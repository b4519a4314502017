package dev.foundrygateway.access;

import dev.foundrygateway.openai.ErrorCode;
import java.util.Locale;

/**
 * Decides at the gateway's door: Host, origin, content type. Pure and immutable; a request that no browser sent costs two comparisons.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch, the CORS protocol</a>
 */
public final class AccessPolicy {
    private static final Decision NO_PAGE = new Decision.Allow("");

    private final OriginRules origins;
    private final HostRules hosts;
    private final boolean privateNetwork;

    /** A policy of these rules; {@code privateNetwork} as in the setting of that name. */
    public AccessPolicy(OriginRules origins, HostRules hosts, boolean privateNetwork) {
        this.origins = origins;
        this.hosts = hosts;
        this.privateNetwork = privateNetwork;
    }

    /** What becomes of the request. */
    public Decision decide(AccessRequest request) {
        if (!hosts.allows(request.host())) {
            return new Decision.Refuse(
                    ErrorCode.HOST_DENIED,
                    "the gateway does not answer under this Host name; add it to gateway.access.hosts",
                    "");
        }
        if (!request.fromBrowser()) {
            return NO_PAGE;
        }
        Trust trust = origins.trust(request.origin(), request.host(), request.tls());
        if (trust == Trust.DENIED) {
            return new Decision.Refuse(
                    ErrorCode.ORIGIN_DENIED,
                    "pages of this origin may not use the gateway; add it to gateway.access.origins",
                    "");
        }
        if (request.preflight()) {
            return new Decision.Preflight(request.origin(), privateNetwork && request.privateNetwork());
        }
        if (!mayEnter(trust, request)) {
            return new Decision.Refuse(ErrorCode.ORIGIN_DENIED, refusal(trust), "");
        }
        return hasWrongType(request)
                ? new Decision.Refuse(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "send this request with the header Content-Type: application/json",
                        request.origin())
                : new Decision.Allow(request.origin());
    }

    private static boolean mayEnter(Trust trust, AccessRequest request) {
        Area area = Area.of(request.method(), request.path());
        boolean effect = request.method().equals("GET") && Area.getHasEffect(request.path());
        if (trust == Trust.NO_PAGE) {
            // An image or a link of another site sends no Origin with its GET, but tells where it comes from.
            return !effect
                    || request.fetchSite().equals("same-origin")
                    || request.fetchSite().equals("none");
        }
        if (trust == Trust.OPAQUE) {
            return area == Area.MODELS;
        }
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        return trust != Trust.LOCAL || area != Area.MANAGEMENT || (reads && !effect);
    }

    private static String refusal(Trust trust) {
        return switch (trust) {
            case OPAQUE ->
                "a page without an origin (opened from disk, or in a sandboxed frame) may ask models, but not use files, stores or "
                        + "management; serve it from an origin and add that to gateway.access.origins";
            case LOCAL -> "management calls need an origin that gateway.access.origins names";
            default -> "a call with effects is refused to links and images of other sites";
        };
    }

    private static boolean hasWrongType(AccessRequest request) {
        if (!request.method().equals("POST") || !request.path().startsWith("/v1/")) {
            return false;
        }
        String type = request.contentType().toLowerCase(Locale.ROOT);
        int end = type.indexOf(';');
        String essence = (end < 0 ? type : type.substring(0, end)).strip();
        if (essence.equals("multipart/form-data")) {
            return !request.path().startsWith("/v1/files") && !request.path().startsWith("/v1/audio/");
        }
        return !essence.equals("application/json")
                && !(essence.startsWith("application/") && essence.endsWith("+json"));
    }
}
