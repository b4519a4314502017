package dev.foundrygateway.access;

/**
 * What of a request decides whether it may come in; an absent header is the empty string.
 *
 * @param method its method
 * @param path its path
 * @param host its Host
 * @param tls whether it came over TLS
 * @param origin its Origin
 * @param fetchSite its Sec-Fetch-Site
 * @param contentType its Content-Type
 * @param requestedMethod its Access-Control-Request-Method
 * @param privateNetwork whether it asks for access to a private network
 */
public record AccessRequest(
        String method,
        String path,
        String host,
        boolean tls,
        String origin,
        String fetchSite,
        String contentType,
        String requestedMethod,
        boolean privateNetwork) {
    /** Whether a browser sent it. */
    boolean fromBrowser() {
        return !origin.isEmpty() || !fetchSite.isEmpty();
    }

    /** Whether it is a CORS preflight. */
    boolean preflight() {
        return method.equals("OPTIONS") && !origin.isEmpty() && !requestedMethod.isEmpty();
    }
}
