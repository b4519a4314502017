package dev.foundrygateway.access;

/** How far a browser page is trusted, by its origin. */
public enum Trust {
    /** A page that the gateway itself served: everything. */
    SAME_ORIGIN,
    /** Listed in {@code gateway.access.origins}: everything. */
    CONFIGURED,
    /** Any port of this machine's loopback names: everything but calls that change the model server. */
    LOCAL,
    /** {@code Origin: null}, a page from disk and any site's sandboxed frame: model calls only. */
    OPAQUE,
    /** Every other page, and whatever is no origin: nothing. */
    DENIED
}
