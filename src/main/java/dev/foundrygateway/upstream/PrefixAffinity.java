package dev.foundrygateway.upstream;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which address has read the beginning of a conversation, so that its next turn goes there and finds that in the server's prefix cache. Bounded: of two
 * generations of {@link #GENERATION} beginnings the older is dropped when the newer is full, so that what was used lately stays. Thread-safe, without locks.
 */
final class PrefixAffinity {
    /** How many beginnings a generation has; each costs some 80 bytes. */
    static final int GENERATION = 16_384;

    private static final int KEPT = 4;

    private volatile Map<Long, Endpoint> young = new ConcurrentHashMap<>();
    private volatile Map<Long, Endpoint> old = Map.of();

    /**
     * The address that has read the longest of these beginnings.
     *
     * @param prefixes hashes of a conversation's beginnings, the shortest first
     * @param count how many of them are looked at, from the shortest on
     */
    Optional<Endpoint> find(long[] prefixes, int count) {
        for (int i = count - 1; i >= 0; i--) {
            Endpoint known = young.get(prefixes[i]);
            known = known == null ? old.get(prefixes[i]) : known;
            if (known != null) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    /** These beginnings are read there from now on. Of a long conversation only the last {@value #KEPT} count: a next turn begins with them. */
    void remember(long[] prefixes, Endpoint endpoint) {
        for (int i = Math.max(0, prefixes.length - KEPT); i < prefixes.length; i++) {
            young.put(prefixes[i], endpoint);
        }
        if (young.size() > GENERATION) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
    }
}
