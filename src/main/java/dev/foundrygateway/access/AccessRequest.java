package dev.foundrygateway.access;

/**
 * What a decision needs of one request's head; an absent header is empty.
 *
 * @param method the HTTP method
 * @param path the path, normalized as the router normalizes it
 * @param host the Host header (HTTP/2: {@code :authority})
 * @param hostRequired whether the protocol demands a host: HTTP/1.1 and later
 * @param origin the Origin headers, joined by commas
 * @param secFetchSite the browser's word on where the call comes from
 * @param contentType the Content-Type header
 * @param hasBody whether a body comes
 * @param requestMethod the method that a preflight asks for
 * @param requestHeaders the headers that a preflight asks for
 * @param privateNetwork whether a preflight asks for a private network
 */
public record AccessRequest(
        String method,
        String path,
        String host,
        boolean hostRequired,
        String origin,
        String secFetchSite,
        String contentType,
        boolean hasBody,
        String requestMethod,
        String requestHeaders,
        boolean privateNetwork) {
    /** Whether this asks if another call may be made, and is none itself. */
    boolean isPreflight() {
        return !requestMethod.isEmpty() && method.equals("OPTIONS") && !origin.isEmpty();
    }

    /** Whether a browser sent it: programs send neither header. */
    boolean fromBrowser() {
        return !origin.isEmpty() || !secFetchSite.isEmpty();
    }

    /** Whether a page of another origin made the browser send it. */
    boolean fromOtherOrigin() {
        return secFetchSite.equals("cross-site") || secFetchSite.equals("same-site");
    }
}
