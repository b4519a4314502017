package dev.foundrygateway.exchange;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** Records that several gateways share, each a JSON text of its own. Thread-safe; for worker threads. A {@link GatewayException} where they can't be reached. */
public interface KeptRecords {
    /**
     * A record.
     *
     * @param owner the API key that it belongs to; empty if none was asked for
     * @param changed when it was put last, in milliseconds since 1970
     */
    record Entry(String owner, Buffer record, long changed) {}

    /**
     * A record as it was found.
     *
     * @param version another one with each change
     */
    record Found(Entry entry, String version) {}

    /** What is kept under an id of letters, digits and {@code _}. */
    Optional<Found> get(String id);

    /**
     * Keeps a record in place of what is there.
     *
     * @param version only if what is there is of that version; empty for whatever is there
     * @return whether it is kept
     */
    boolean put(String id, Entry entry, Optional<String> version);

    /** Deletes what is kept under an id, if there is something. */
    void delete(String id);

    /**
     * Deletes what was put longest ago until these limits hold.
     *
     * @param oldest what was put before that moment goes, in milliseconds since 1970
     * @param most how many stay
     * @param bytes how large they may be together
     */
    void trim(long oldest, int most, long bytes);

    /** Where they are; empty where each gateway keeps its own. */
    @FunctionalInterface
    interface Shared {
        Optional<KeptRecords> records();
    }
}
