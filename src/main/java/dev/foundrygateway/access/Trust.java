package dev.foundrygateway.access;

/** How far the page is trusted that a request comes from. */
public enum Trust {
    /** No page: the request names no origin. */
    NO_PAGE,
    /** The gateway's own page. */
    SAME_ORIGIN,
    /** An origin of {@code gateway.access.origins}. */
    CONFIGURED,
    /** A page that this machine serves, on any port. */
    LOCAL,
    /** Origin {@code null}: a page opened from disk, but also any site's sandboxed frame. */
    OPAQUE,
    /** Any other. */
    DENIED
}
