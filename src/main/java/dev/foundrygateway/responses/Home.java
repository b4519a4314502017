package dev.foundrygateway.responses;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** Where responses and conversations are kept: bounded in count, size and age, those going first that were changed longest ago. Thread-safe; never blocks an event loop. */
interface Home {
    /**
     * What is kept under an id.
     *
     * @param owner the API key that it belongs to; empty where none was asked for
     * @param version another one with each change
     */
    record Kept(String owner, Buffer record, String version) {}

    /** Learns what there is. */
    void open();

    /** Keeps a record; it is found when this has ended. */
    Uni<Boolean> put(String id, String owner, Buffer record);

    /** What is kept under an id. */
    Uni<Optional<Kept>> get(String id);

    /** Changes what is kept under an id, unless it has been changed since it was read; whether it is changed now. */
    Uni<Boolean> replace(String id, Kept before, Buffer record);

    /** Deletes what is kept under an id; it is not found when this has ended. */
    Uni<Boolean> remove(String id);
}
