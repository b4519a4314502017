package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;

/**
 * What a caller may open: files and stores of its own API key, those that are marked shared, and those without an owner, which are everybody's. Where no key
 * is asked for, all of them. Asked where something is opened, whichever route or body has led there.
 */
public final class Authority {
    private Authority() {}

    /**
     * Lets no page in that may not open stores at all.
     *
     * @throws GatewayException {@code origin_denied}
     */
    public static void check(Caller caller) {
        if (!caller.trust().opensStores()) {
            throw new GatewayException(
                    ErrorCode.ORIGIN_DENIED,
                    "Origin: null is a page opened from disk, but also a frame in any site: it may ask models, but not search"
                            + " files and stores; serve the page from a web server and, if that is not on this machine, add"
                            + " its origin to the setting gateway.access.origins");
        }
    }

    static boolean sees(Caller caller, String owner, boolean shared) {
        return shared || owns(caller, owner);
    }

    static boolean sees(Caller caller, StoreRecord store) {
        return caller.grant().opens(store.id()) && sees(caller, store.owner(), store.shared());
    }

    /** Whether it sees a file by the file's own marks; one whose stores are listed sees what is in them beside its own. */
    static boolean seesFile(Caller caller, String owner, boolean shared) {
        return caller.grant().stores().isEmpty() ? sees(caller, owner, shared) : owner.equals(caller.key());
    }

    /** Lets nobody make a store who then could not open it. */
    public static void checkMakes(Caller caller) {
        check(caller);
        if (caller.grant().stores().isPresent()) {
            throw new GatewayException(
                    ErrorCode.KEY_DENIED,
                    "API key " + caller.key() + " makes no stores, since gateway.access.api-keys." + caller.key()
                            + ".stores lists those that it may open");
        }
    }

    static boolean owns(Caller caller, String owner) {
        return caller.key().isEmpty() || owner.isEmpty() || owner.equals(caller.key());
    }
}
