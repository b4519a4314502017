package dev.foundrygateway.exchange;

/** How far a caller is trusted, by the origin that its browser names. */
public enum Trust {
    /** No origin was named: a program, or a page of the gateway's own whose browser had no need to. Everything. */
    PROGRAM,
    /** A page that the gateway itself served: everything. */
    SAME_ORIGIN,
    /** Listed in {@code gateway.access.origins}: everything. */
    CONFIGURED,
    /** Any port of this machine's loopback names: everything but calls that change the model server. */
    LOCAL,
    /** {@code Origin: null}, a page from disk and any site's sandboxed frame: model calls only. */
    OPAQUE,
    /** Every other page, and whatever is no origin: nothing. */
    DENIED;

    /** Whether stores, files and stored responses may be opened. */
    public boolean opensStores() {
        return this != OPAQUE && this != DENIED;
    }
}
